import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from mojplin.interfaces.erp.demo.books import YEARS
from mojplin.interfaces.erp.demo.figures import TOWNS
from mojplin.interfaces.erp.demo.weather import Weather


class Command(BaseCommand):
    help = "Write the temperatures in which the customers of demo_export lived, as take_in_temperatures takes them in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file to write.")
        parser.add_argument("--seed", type=int, default=1, help="The seed of demo_export (1).")
        parser.add_argument("--until", type=date.fromisoformat, help="The first day that is not known (today).")

    def handle(self, *, file: Path, seed: int, until: date | None, **options: Any) -> None:
        until = until or timezone.localdate()
        first = date(until.year - YEARS, 1, 1)
        weather = Weather(seed=seed, first=first, last=until)
        with file.open("w", encoding="utf-8", newline="") as written:
            table = csv.writer(written)
            table.writerow(["date", *TOWNS])
            for offset in range((until - first).days):
                day = first + timedelta(days=offset)
                table.writerow([day.isoformat(), *(f"{weather.of(town)[offset]:.1f}" for town in TOWNS)])
        self.stdout.write(f"{file}: {(until - first).days} days of {len(TOWNS)} towns.")
