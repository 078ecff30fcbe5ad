"""A wrong setting as whoever starts the portal reads it: its name, its value, and what would be right."""

from dataclasses import dataclass

LONGEST_SHOWN = 120


@dataclass(frozen=True)
class Wrong:
    """One wrong setting; `value` is already fit to be printed, "" where there is none to print."""

    name: str
    reason: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.name} = {self.value}: {self.reason}" if self.value else f"{self.name}: {self.reason}"


def shown(value: object) -> str:
    """Return a value on one line, without signs that could disguise it, and not too much of it."""
    try:
        text = repr(value)
    except ValueError:  # a number of so many digits that Python does not write it
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}... ({len(text)} characters)"


def reason_of(message: str) -> str:
    """Return what pydantic says without its own words for where it came from."""
    return message.removeprefix("Value error, ")
