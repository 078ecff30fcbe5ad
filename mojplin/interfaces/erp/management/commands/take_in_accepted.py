from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mojplin.interfaces.erp.feed.findings import FeedRefused
from mojplin.interfaces.erp.feed.intake import take_in_accepted


class Command(BaseCommand):
    help = "Take in the exports that were held and that somebody accepted in the office; the worker calls it by itself."

    def handle(self, **options: Any) -> None:
        try:
            while run := take_in_accepted(now=timezone.now):
                self.stdout.write(f"{run.folder}: {run.state}. {run.reason}".rstrip())
        except FeedRefused as refusal:
            self.stdout.write(str(refusal))
