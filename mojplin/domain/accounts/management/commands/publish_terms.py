"""Publish the terms the portal is shipped with, if none are published yet."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mojplin.domain.accounts.publishing import publish_first_terms


class Command(BaseCommand):
    help = "Publish the first version of the general terms, in force from today. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        published = publish_first_terms(today=timezone.localdate(), now=timezone.now())
        if published is None:
            self.stdout.write("The general terms are already published.")
        else:
            self.stdout.write(f"Published version {published.version} of the general terms.")
