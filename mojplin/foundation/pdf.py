"""PDF and pictures by typst: tagged, equal bytes for equal data, fonts that come with it; nothing is fetched.

The library is imported with the first PDF: 7 MB that a web worker mostly does without.
"""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    import typst

_local = threading.local()


def pdf_of(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return the PDF (PDF/UA-1) of a `.typ` template; the data arrive there as JSON in `sys.inputs.document`.

    Beside them stands `look`: the supplier's `mark` as SVG, and the `colour` of headings.

    :param data: texts, numbers, lists and dictionaries; texts are printed as they are, never read as markup.
    """
    look = {"mark": settings.MARK_SVG, "colour": settings.BRAND["light"]["brand"]}
    printed = _compiler(template).compile(
        format="pdf",
        sys_inputs={"document": json.dumps({**data, "look": look}, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    assert isinstance(printed, bytes)
    return printed


def picture_of(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return the one page of a `.typ` template as PNG, a pixel for each of its points; data as in `pdf_of`."""
    drawn = _compiler(template).compile(
        format="png", ppi=72.0, sys_inputs={"document": json.dumps(data, ensure_ascii=False)}
    )
    assert isinstance(drawn, bytes)
    return drawn


def _compiler(template: Path) -> "typst.Compiler":
    """Keep each template compiled, for every thread its own: that saves three quarters of the time."""
    import typst

    kept: dict[Path, typst.Compiler] = _local.__dict__.setdefault("compilers", {})
    if template not in kept:
        kept[template] = typst.Compiler(input=str(template), ignore_system_fonts=True)
    return kept[template]
