"""`make accuracy DATA=folder`: the heating model on real homes, A1 to A11 beside their limits; writes docs/accuracy.md."""

import argparse
import sys
from datetime import date
from pathlib import Path

from tools.accuracy import homes as files
from tools.accuracy import months, report, typing, watching, years
from tools.accuracy.homes import Home
from tools.accuracy.report import Line

ROOT = Path(__file__).resolve().parent.parent.parent
FULL_TANK = "OIL01"
"""The one tank of the homes that is known to be filled up each time; others can be filled in part."""


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tools.accuracy", description=__doc__)
    arguments.add_argument("data", type=Path, help="a folder of CSV files, see docs/accuracy.md")
    arguments.add_argument("--page", type=Path, default=ROOT / "docs/accuracy.md", help="where the result is written")
    options = arguments.parse_args()
    homes = files.homes_in(options.data)
    by_day = [home for home in homes if home.days]
    billed = [home for home in homes if not home.is_tank and len(home.readings) > LEAST_BILLS]
    *_, year_off, _years = ahead = years.year_ahead(billed)
    lines = [*of_months(by_day), *of_years(billed, ahead), *of_readings(files.as_gas_homes(billed))]
    lines += [of_tank(homes), *of_watching(files.as_gas_homes(billed)), of_time(billed)]
    lines.sort(key=lambda line: int(line.number[1:].split()[0]))
    names = [home.name for home in homes]
    shapes = (files.__doc__ or "").strip()
    options.page.write_text(report.markdown(lines, names, shapes, year_off, date.today()), encoding="utf-8")
    for line in lines:
        print(
            f"{line.number:4}{line.what:78}{line.measured:>24}  {line.limit:24}{'' if line.holds else 'DOES NOT HOLD'}"
        )
    return 0 if all(line.holds for line in lines) else 1


LEAST_BILLS = 12
"""Homes with fewer bills are only shared over months."""


def of_months(homes: list[Home]) -> list[Line]:
    found = []
    for number, left_out, most in (("A1", 0.0, 3.5), ("A2", 0.3, 6.5), ("A2", 0.5, 10.0)):
        model, line = months.months_error(homes, left_out)
        holds = model <= most and (left_out == 0 or model < line / 2)
        words = (
            f"calendar months, {left_out:.0%} of readings missing"
            if left_out
            else "calendar months, read monthly ±6 days"
        )
        half = ", below half of the line" if left_out else ""
        found.append(
            Line(number, f"{words}, error (straight line)", f"{model:.1f} ({line:.1f}) %", f"≤{most:g} %{half}", holds)
        )
    return found


def of_years(homes: list[Home], ahead: tuple[float, float, int]) -> list[Line]:
    every, first, count = years.next_reading_error(homes)
    model, same, of_homes = years.held_out_error(homes)
    inside, off, origins = ahead
    return [
        Line("A3", f"next of {count} readings, error of all / of the first five", f"{every:.1f} / {first:.1f} %",
             "≤10 / ≤12 %", every <= 10 and first <= 12),
        Line("A4", f"12 readings held out, {of_homes} homes, median CV(RMSE) (same month last year)",
             f"{model:.1f} ({same:.1f}) %", "≤18 %, ≤0.8 of the other", model <= 18 and model <= 0.8 * same),
        Line("A8", f"80 % range of the year ahead, {origins} years, coverage (median error)", f"{inside:.0f} ({off:.0f}) %",
             "70 to 95 %", 70 <= inside <= 95),
    ]  # fmt: skip


def of_readings(homes: list[Home]) -> list[Line]:
    said = typing.typed(homes)
    material, slips = said.caught_percent(list(said.slips))
    sure, sure_slips = said.caught_percent(typing.SURE_KINDS)
    questioned, blocked = said.questioned_percent, said.true["block"]
    return [
        Line("A5", f"{said.true.total()} true readings questioned; blocked", f"{questioned:.1f} %; {blocked}", "≤2 %; 0",
             questioned <= 2 and not blocked),
        Line("A6", f"{slips:,} typing errors that matter, noticed", f"{material:.1f} %", "≥97 %", material >= 97),
        Line("A7", f"{sure_slips:,} of ×10, ×1000, ÷10, digit lost or doubled, same again", f"{sure:.1f} %", "≥99.5 %",
             sure >= 99.5),
    ]  # fmt: skip


def of_tank(homes: list[Home]) -> Line:
    tank = next((home for home in homes if home.name == FULL_TANK), None)
    if tank is None:
        return Line("A9", f"no {FULL_TANK} in the folder", "", "≤5 days", False)
    model, line, count = watching.refill_error_days(tank)
    return Line("A9", f"day of refill, {count} fills of {FULL_TANK}, median error (straight line)", f"{model:.1f} ({line:.1f}) days",
                "≤5 days", model <= 5)  # fmt: skip


def of_watching(homes: list[Home]) -> list[Line]:
    false, watched, seen = watching.watch(homes)
    return [
        Line("A10", f"unusual use: false hints in {watched} months / 1 m³ a day more seen in 3 readings",
             f"{false} / {seen:.0f} %", "≤1 in 150 / ≥90 %", false * 150 <= watched and seen >= 90),
    ]  # fmt: skip


def of_time(homes: list[Home]) -> Line:
    took_ms = watching.fit_ms(homes)
    return Line(
        "A11", "one fit to 24 readings and what it expects, median", f"{took_ms:.1f} ms", "≤30 ms", took_ms <= 30
    )


if __name__ == "__main__":
    sys.exit(main())
