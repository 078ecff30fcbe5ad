"""After a backup was restored: erase again whoever had been erased since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mojplin.domain.own_data.erasing import replay


class Command(BaseCommand):
    help = "Erase again the accounts that were erased since the restored backup was made; safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.ERASURE_LOG)

    def handle(self, *, file: Path, **options: Any) -> None:
        if not file.exists():
            raise CommandError(f"{file} is missing: without it nobody knows who was erased since the backup.")
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        count = replay(lines, now=timezone.now())
        self.stdout.write(f"{len(lines)} erasures written down, {count} accounts erased again.")
