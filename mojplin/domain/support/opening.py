"""The opening hours of the office in words."""

from mojplin.domain.support.hours import openings
from mojplin.foundation import formats


def opening_lines(language: formats.Language) -> list[tuple[str, str]]:
    """Return (days, hours) for each line of the supplier's file: ("od ponedeljka do petka", "7.00–15.00")."""
    return [
        (days(each.weekdays, language), f"{formats.clock(each.opens, language)}–{formats.clock(each.closes, language)}")
        for each in openings()
    ]


def days(weekdays: tuple[int, ...], language: formats.Language) -> str:
    """Name the days of the week, those that follow one another as a range."""
    runs: list[list[int]] = []
    for each in weekdays:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(formats.weekdays(run[0], run[-1], language) for run in runs)
