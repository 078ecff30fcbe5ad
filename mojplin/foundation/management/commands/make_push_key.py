"""Make the private key of web push (VAPID), once for a portal: with another one all devices are turned on anew."""

import secrets
from base64 import urlsafe_b64encode
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Write a new private key for web push, as MOJPLIN_PUSH_KEY has it. Nothing is kept or changed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(urlsafe_b64encode(secrets.token_bytes(32)).decode())
