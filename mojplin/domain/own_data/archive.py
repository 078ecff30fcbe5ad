"""The ZIP itself: data.json for programs, a page for people, and the documents."""

import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import get_language

from mojplin.domain.accounts.models import User
from mojplin.domain.own_data.files import files_of
from mojplin.domain.own_data.gathering import SECTIONS, own_places
from mojplin.domain.own_data.words import COLUMNS, in_words
from mojplin.foundation import formats

STYLE = Path(__file__).parent / "templates" / "copy.css"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
FORMAT = 1
"""Of data.json; counted up when a key changes its meaning."""


def write_archive(file: IO[bytes], *, user: User, now: datetime, told: Callable[[int, int], None]) -> None:
    """Write the person's copy in the active language.

    :param told: called with how many steps are done, of how many.
    """
    places = own_places(user)
    files = files_of(user, places)
    steps = len(SECTIONS) + len(files)
    gathered = []
    for section in SECTIONS:
        gathered.append((section, section.gather(user, places)))
        told(len(gathered), steps)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", _as_json(gathered, now))
        archive.writestr("index.html", _as_page(gathered, [name for name, _path in files], now))
        archive.write(STYLE, "style.css")
        for done, (name, path) in enumerate(files, start=len(SECTIONS) + 1):
            _add_document(archive, name, path)
            if done % 20 == 0 or done == steps:
                told(done, steps)


def _add_document(archive: zipfile.ZipFile, name: str, path: str) -> None:
    """Add a document as it lies in the storage; PDF hardly shrinks, so it is stored as it is."""
    with default_storage.open(path) as stored, archive.open(zipfile.ZipInfo(f"documents/{name}", LONG_AGO), "w") as to:
        while piece := stored.read(256 * 1024):
            to.write(piece)


def _as_json(gathered: list[tuple[Any, list[dict[str, Any]]]], now: datetime) -> str:
    content = {
        "format": FORMAT,
        "made_at": now,
        "keys": {section.key: str(section.title) for section, _rows in gathered},
        **{section.key: rows for section, rows in gathered},
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> str:
    """Instants in UTC and days as ISO 8601 writes them, amounts exact, as text."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _as_page(gathered: list[tuple[Any, list[dict[str, Any]]]], files: list[str], now: datetime) -> str:
    sections = [
        {
            "key": section.key,
            "title": section.title,
            "columns": [COLUMNS[name] for name in rows[0] if name in COLUMNS] if rows else [],
            "rows": [
                [_readable(in_words(section.key, name, value)) for name, value in row.items() if name in COLUMNS]
                for row in rows
            ],
        }
        for section, rows in gathered
    ]
    context = {"sections": sections, "files": files, "made_at": now, "language_code": get_language()}
    return render_to_string("own_data/templates/copy.html", context)


def _readable(value: Any) -> str:
    """Write a value as the person reads it: days and instants of Ljubljana, a decimal comma in Slovene."""
    language = formats.active_language()
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{formats.day(value, language)} {formats.clock(value, language)}"
    if isinstance(value, date):
        return formats.day(value, language)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", "," if language == "sl" else ".")
    return str(value)
