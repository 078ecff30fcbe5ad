"""Slovene numbers as people type them: tax numbers, and the numbers printed on an invoice."""

import re
import unicodedata

from stdnum.exceptions import ValidationError
from stdnum.si import ddv

from mojplin.foundation.sign_forms import in_one_form

_BLANKS_AND_FORMAT = {"Zs", "Zl", "Zp", "Cc", "Cf"}
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


def folded(typed: str) -> str:
    """Return a typed number as the ERP writes it: capital letters, plain hyphens and digits, no blanks."""
    plain = _DASHES.sub("-", in_one_form(typed, "NFKC"))
    return "".join(sign for sign in plain if unicodedata.category(sign) not in _BLANKS_AND_FORMAT).upper()


def tax_number(typed: str) -> str | None:
    """Return the eight digits of a tax number typed with or without SI, or None when it cannot be one."""
    digits = folded(typed).removeprefix("SI").replace("-", "")
    if not re.fullmatch("[0-9]{8}", digits):
        return None
    try:
        return str(ddv.validate(digits))
    except ValidationError:
        return None
