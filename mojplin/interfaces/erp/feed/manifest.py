"""The manifest of an export: read first, believed only when every file is what it says."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mojplin.interfaces.erp.contract import (
    CONTRACT_FOLDER,
    FILES,
    FORMAT_VERSION,
    MANIFEST,
    PDF_FOLDER,
    XML_FOLDER,
)
from mojplin.interfaces.erp.feed.findings import FeedRefused

ENCODINGS = {"utf-8": "utf-8-sig", "cp1250": "cp1250"}
FILE_NAME = re.compile(rf"(?:(?:{XML_FOLDER}|{PDF_FOLDER}|{CONTRACT_FOLDER})/)?[^/\\\x00-\x1f\ud800-\udfff]{{1,200}}")
LARGEST_MANIFEST_BYTES = 200_000_000
LARGEST_SEQUENCE = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A complete export. `encoding` is Python's name for it; `rows` by CSV file, `sha256` by path in the folder."""

    folder: Path
    sequence: int
    made_at: datetime
    encoding: str
    rows: dict[str, int]
    sha256: dict[str, str]
    digest: str
    """SHA-256 of the manifest itself; as it holds those of all files, it stands for the whole export."""

    def attached(self, kind: str) -> list[str]:
        """Return the paths in the folder `kind` (xml, pdf or contracts), in order."""
        return sorted(name for name in self.sha256 if name.startswith(f"{kind}/"))


def read_manifest(folder: Path) -> Manifest:
    """Return what the folder's manifest says.

    :raises FeedRefused: no manifest, or one that breaks the contract.
    """
    content = _content(folder / MANIFEST)
    facts = _parsed(content)
    if facts.get("format") != FORMAT_VERSION:
        raise FeedRefused(f"{MANIFEST}: the format is not {FORMAT_VERSION}.")
    sequence = facts.get("sequence")
    if type(sequence) is not int or not 0 <= sequence <= LARGEST_SEQUENCE:
        raise FeedRefused(f"{MANIFEST}: the sequence is not a whole number.")
    encoding = facts.get("encoding")
    if not isinstance(encoding, str) or encoding not in ENCODINGS:
        raise FeedRefused(f"{MANIFEST}: the encoding is neither utf-8 nor cp1250.")
    files = _files(facts.get("files"))
    return Manifest(
        folder=folder,
        sequence=sequence,
        made_at=_instant(facts.get("made_at")),
        encoding=ENCODINGS[encoding],
        rows={name: _rows(name, files[name]) for name in _names_of_tables(files)},
        sha256={name: str(each.get("sha256")) for name, each in files.items()},
        digest=hashlib.sha256(content).hexdigest(),
    )


def check_files(manifest: Manifest, progress: Callable[[Iterable[str]], Iterable[str]] = iter) -> None:
    """Check that every file is there, byte for byte.

    :raises FeedRefused: a file is missing or other than the manifest says.
    """
    root = manifest.folder.resolve()
    for name in progress(list(manifest.sha256)):
        path = root / name
        if not path.is_file() or not path.resolve().is_relative_to(root):
            raise FeedRefused(f"{name}: the file is missing.")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != manifest.sha256[name]:
                raise FeedRefused(f"{name}: the checksum is not the one of the manifest.")


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise FeedRefused(f"{MANIFEST} is missing; the export is not complete.")
    if path.stat().st_size > LARGEST_MANIFEST_BYTES:
        raise FeedRefused(f"{MANIFEST} is too big.")
    return path.read_bytes()


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise FeedRefused(f"{MANIFEST} is not readable JSON.") from None
    if not isinstance(facts, dict):
        raise FeedRefused(f"{MANIFEST} is not readable JSON.")
    return facts


def _files(files: object) -> dict[str, dict[str, Any]]:
    if not isinstance(files, dict) or not all(isinstance(each, dict) for each in files.values()):
        raise FeedRefused(f"{MANIFEST}: the list of files is missing.")
    for name in files:
        if not FILE_NAME.fullmatch(name) or name in (".", ".."):
            raise FeedRefused(f"{MANIFEST}: {name[:80]!r} is not a name a file of an export may have.")
    return files


def _names_of_tables(files: dict[str, dict[str, Any]]) -> list[str]:
    names = [file.name for file in FILES]
    missing = [name for name in names if name not in files]
    if missing:
        raise FeedRefused(f"{MANIFEST}: {', '.join(missing)} not listed.")
    return names


def _rows(name: str, facts: dict[str, Any]) -> int:
    rows = facts.get("rows")
    if type(rows) is not int or rows < 0:
        raise FeedRefused(f"{MANIFEST}: {name} has no number of rows.")
    return rows


def _instant(made_at: object) -> datetime:
    try:
        instant = datetime.fromisoformat(str(made_at))
        in_utc = instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):  # at its ends the calendar has hours that are none in UTC
        raise FeedRefused(f"{MANIFEST}: made_at is not a day and time.") from None
    if in_utc is None:
        raise FeedRefused(f"{MANIFEST}: made_at has no time zone.")
    return instant
