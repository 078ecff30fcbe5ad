"""What a run found wrong: rows set aside, warnings, and the reasons for refusing a whole export."""

from collections import Counter
from dataclasses import dataclass, field

from mojplin.foundation.errors import Refused

KEPT_FINDINGS = 5_000
"""Of one run; a file that is wrong in every row would otherwise fill the database."""
SECRET_COLUMNS = {"tax_number"}


class FeedRefused(Refused):
    """The export as a whole is refused; nothing was changed."""

    message = "%(reason)s"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to tell a person: where it stands and why; a warning did not keep the row out."""

    file: str
    line: int
    column: str
    value: str
    reason: str
    is_warning: bool = False


@dataclass
class Findings:
    """Everything found in a run. `set_aside` and `warnings` count all, `kept` holds the first few thousand."""

    kept: list[Finding] = field(default_factory=list)
    set_aside: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    xml_names: list[str] = field(default_factory=list)

    def line_of_xml(self, name: str) -> int:
        """Return the (negative) line under which rows made from an XML file are staged."""
        self.xml_names.append(name)
        return -len(self.xml_names)

    def put_aside(self, file: str, line: int, column: str, value: str, reason: str) -> None:
        self.set_aside[file] += 1
        file, line = self._place(file, line)
        self._keep(Finding(file=file, line=line, column=column, value=_shown(column, value), reason=reason))

    def warn(self, file: str, line: int, column: str, value: str, reason: str) -> None:
        self.warnings[file] += 1
        file, line = self._place(file, line)
        self._keep(
            Finding(file=file, line=line, column=column, value=_shown(column, value), reason=reason, is_warning=True)
        )

    def _place(self, file: str, line: int) -> tuple[str, int]:
        return (self.xml_names[-line - 1], 0) if line < 0 else (file, line)

    def _keep(self, finding: Finding) -> None:
        if len(self.kept) < KEPT_FINDINGS:
            self.kept.append(finding)


def _shown(column: str, value: str) -> str:
    """Return a value as it may be stored: NUL cannot be, and a tax number must not."""
    if column in SECRET_COLUMNS:
        return f"…{value[-3:]}" if len(value) > 5 else "…"
    return value.replace("\x00", "\N{SYMBOL FOR NULL}")[:200]
