"""A CSV file of the export as checked chunks of columns; bad rows are set aside, a bad file is refused."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from pathlib import Path

from django.utils.translation import gettext_noop as _

from mojplin.interfaces.erp.contract import File, Kind
from mojplin.interfaces.erp.feed.checks import Check, check_of, composed
from mojplin.interfaces.erp.feed.findings import FeedRefused, Findings

ROWS_AT_ONCE = 500
"""As many as stay in the processor's cache; with 20,000 the same work takes twice as long."""


@dataclass
class Chunk:
    """Some rows that keep the contract, column by column in its order, with the line each stands on."""

    lines: Sequence[int]
    columns: list[Sequence[str]]

    def keep_only(self, selectors: Sequence[bool]) -> None:
        self.lines = list(compress(self.lines, selectors))
        self.columns = [list(compress(values, selectors)) for values in self.columns]

    def column(self, file: File, name: str) -> Sequence[str]:
        return self.columns[[column.name for column in file.columns].index(name)]


class CsvFile:
    """One file of the export. `rows` is the number of rows read so far, good and bad."""

    def __init__(self, file: File, folder: Path, encoding: str, findings: Findings) -> None:
        self.file = file
        self.path = folder / file.name
        self.encoding = encoding
        self.findings = findings
        self.rows = 0
        self.checks = [check_of(column) for column in file.columns]

    def chunks(self) -> Iterator[Chunk]:
        """Yield the good rows.

        :raises FeedRefused: not CSV, not of the encoding, or a column is missing.
        """
        with self.path.open(encoding=self.encoding, newline="") as text:
            reader = csv.reader(text, strict=True)
            try:
                positions, width = self._header(next(reader, []))
                while True:
                    first = reader.line_num + 1
                    rows = list(islice(reader, ROWS_AT_ONCE))
                    if not rows:
                        return
                    yield self._checked(rows, _lines(rows, first, reader.line_num), positions, width)
            except csv.Error as error:
                raise FeedRefused(f"{self.file.name}, line {reader.line_num}: not readable CSV ({error}).") from None
            except UnicodeDecodeError as error:
                raise FeedRefused(
                    f"{self.file.name}, after line {reader.line_num}: not written in the encoding of the manifest "
                    f"({error.reason})."
                ) from None

    def _header(self, header: list[str]) -> tuple[list[int], int]:
        wanted = [column.name for column in self.file.columns]
        missing = [name for name in wanted if header.count(name) != 1]
        if missing:
            raise FeedRefused(f"{self.file.name}: column {', '.join(missing)} is missing or there twice.")
        for name in header:
            if name not in wanted:
                self.findings.warn(self.file.name, 1, name[:60], "", _("The column is not in the contract; ignored."))
        return [header.index(name) for name in wanted], len(header)

    def _checked(self, rows: list[list[str]], lines: Sequence[int], positions: list[int], width: int) -> Chunk:
        self.rows += len(rows)
        if set(map(len, rows)) != {width}:
            rows, lines = self._without_ragged(rows, lines, width)
        across = list(zip(*rows, strict=True)) if rows else [()] * width
        chunk = Chunk(lines, [across[position] for position in positions])
        if rows:
            set_aside_bad(self.file, self.checks, chunk, self.findings, self.file.name)
        return chunk

    def _without_ragged(
        self, rows: list[list[str]], lines: Sequence[int], width: int
    ) -> tuple[list[list[str]], list[int]]:
        good: list[list[str]] = []
        good_lines: list[int] = []
        for row, line in zip(rows, lines, strict=True):
            if len(row) == width:
                good.append(row)
                good_lines.append(line)
            else:
                reason = f"The row has {len(row)} values, the header {width}."
                self.findings.put_aside(self.file.name, line, "", ",".join(row)[:200], reason)
        return good, good_lines


def set_aside_bad(file: File, checks: Sequence[Check], chunk: Chunk, findings: Findings, where: str) -> None:
    """Take the rows that break the contract out of the chunk and say why; each is reported once."""
    bad: set[int] = set()
    for position, (column, check) in enumerate(zip(file.columns, checks, strict=True)):
        if column.kind is Kind.TEXT:
            chunk.columns[position] = composed(chunk.columns[position])
        values = chunk.columns[position]
        if check.all_good(values):
            continue
        for index, value in enumerate(values):
            if index not in bad and (complaint := check.complaint(value)):
                bad.add(index)
                findings.put_aside(where, chunk.lines[index], column.name, value, complaint)
    if bad:
        chunk.keep_only([index not in bad for index in range(len(chunk.lines))])


def _lines(rows: list[list[str]], first: int, last: int) -> Sequence[int]:
    """Return the line each row starts on; values with line breaks make rows of several lines."""
    if last - first + 1 == len(rows):
        return range(first, last + 1)
    lines = []
    for row in rows:
        lines.append(first)
        first += 1 + sum(value.count("\n") for value in row)
    return lines
