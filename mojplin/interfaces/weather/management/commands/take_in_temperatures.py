from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mojplin.domain.metering.temperatures import take_in_temperatures
from mojplin.interfaces.weather.csv_file import WrongFile, days_of

SHOWN_FAULTS = 20


class Command(BaseCommand):
    help = (
        "Take in a CSV file of daily mean temperatures: `date` and towns in the header, degrees Celsius below. Safe to "
        "run twice; days that are known already are corrected. A file with a mistake changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file, as docs/operating.md describes it.")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                days = days_of(lines)
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"{file} cannot be read: {fault}") from None
        except WrongFile as wrong:
            more = len(wrong.faults) - SHOWN_FAULTS
            shown = "\n".join(wrong.faults[:SHOWN_FAULTS]) + (f"\n... and {more} more" if more > 0 else "")
            raise CommandError(f"Nothing was taken in.\n{shown}") from None
        taken = take_in_temperatures(days)
        self.stdout.write(f"{len(days)} days of towns read: {taken.new} new, {taken.changed} changed.")
