from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from mojplin.domain.supply.models import FeedRun
from mojplin.interfaces.erp.feed.findings import FeedRefused, Findings
from mojplin.interfaces.erp.feed.intake import take_in

SHOWN_FINDINGS = 20
REFUSED, SOME_SET_ASIDE, HELD = 1, 2, 3


class Command(BaseCommand):
    help = (
        "Take in one export of the ERP. Safe to run twice. Exit code 0: taken in; 2: taken in, some rows set aside; "
        "3: held for a person; 1: refused. Held or refused, nothing was changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="The folder of the export, for example feed/2026-11-23.")
        parser.add_argument("--even-if-smaller", action="store_true", help="Take it in though it would be held.")

    def handle(self, *, folder: Path, even_if_smaller: bool, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no export at {folder}.", returncode=REFUSED)
        try:
            run, findings = take_in(
                folder.resolve(),
                now=timezone.now,
                even_if_smaller=even_if_smaller,
                progress=lambda things, **facts: tqdm(things, disable=None, leave=False, **facts),
            )
        except FeedRefused as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from None
        self._show(findings)
        if run.state == FeedRun.State.REFUSED:
            raise CommandError(f"Refused; nothing was changed. {run.reason}", returncode=REFUSED)
        if run.state == FeedRun.State.HELD:
            raise CommandError(
                f"Held; nothing was changed. {run.reason} Look at it; --even-if-smaller takes it in.", returncode=HELD
            )
        self._say_what_was_taken_in(run, findings)

    def _show(self, findings: Findings) -> None:
        for each in findings.kept[:SHOWN_FINDINGS]:
            kind = "Warning" if each.is_warning else "Set aside"
            where = ", ".join(filter(None, [each.file, f"line {each.line}" if each.line else "", each.column]))
            self.stderr.write(f"{kind}: {where}: {each.reason} {each.value}".rstrip())
        more = findings.set_aside.total() + findings.warnings.total() - SHOWN_FINDINGS
        if more > 0:
            self.stderr.write(f"... and {more} more; the staff page lists them.")

    def _say_what_was_taken_in(self, run: FeedRun, findings: Findings) -> None:
        def total(what: str) -> int:
            return sum(each[what] for each in run.counts.values())

        aside, warnings = findings.set_aside.total(), findings.warnings.total()
        self.stdout.write(
            f"Taken in: {total('rows')} rows, {total('added')} new, {total('changed')} changed, "
            f"{total('unchanged')} unchanged, {aside} set aside, {warnings} warnings."
        )
        if aside:
            raise CommandError("Some rows were set aside; the staff page lists them.", returncode=SOME_SET_ASIDE)
