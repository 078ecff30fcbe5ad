"""Give a registered person a role in the supplier's office, or take it away."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.roles import give_role
from mojplin.foundation.errors import Refused


class Command(BaseCommand):
    help = "Give a registered person the role reader, clerk or admin; customer takes it away. Their sessions end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address the person has registered with")
        parser.add_argument("role", choices=User.Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = give_role(email=options["email"], role=User.Role(options["role"]), now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.username} is now: {options['role']}.")
