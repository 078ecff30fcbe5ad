from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from mojplin.interfaces.erp.demo.books import keep_books
from mojplin.interfaces.erp.demo.export import write_export
from mojplin.interfaces.erp.demo.population import LEAST_HOUSEHOLDS


class Command(BaseCommand):
    help = (
        "Write the export of an invented supplier: about 400 households and firms over five years. "
        "The same seed and day give the same bytes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="An empty or new folder, for example feed/2026-11-23.")
        parser.add_argument("--households", type=int, default=400, help="Households and firms that pay (400).")
        parser.add_argument("--seed", type=int, default=1, help="Another seed, other people and weather (1).")
        parser.add_argument("--until", type=date.fromisoformat, help="The day of the export (today).")

    def handle(self, *, folder: Path, households: int, seed: int, until: date | None, **options: Any) -> None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder; an export is never written over another.")
        if households < LEAST_HOUSEHOLDS:
            raise CommandError(f"At least {LEAST_HOUSEHOLDS} households are needed to show every case.")

        books = keep_books(
            households=households,
            seed=seed,
            until=until or timezone.localdate(),
            progress=partial(tqdm, unit="place", disable=None),
        )
        export = write_export(books, folder, progress=partial(tqdm, unit="document", disable=None))
        rows = sum(int(facts.get("rows", 0)) for facts in export.files.values())
        self.stdout.write(f"{folder}: {rows} rows, {len(export.files)} files, {len(books.documents)} documents.")
