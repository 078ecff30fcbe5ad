"""Invite somebody to the supplier's office: the first administrator, who then invites the others there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.roles import add_to_office
from mojplin.foundation.errors import Refused

ROLES = [role for role in User.Role.values if role != User.Role.CUSTOMER]


class Command(BaseCommand):
    help = (
        "Invite somebody to the office by mail; who is registered already has the role at once. "
        "The mail is sent by the worker. Further people are invited in the office."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="where the invitation goes")
        parser.add_argument("--role", choices=ROLES, default=User.Role.ADMIN.value, help="admin unless you say else")
        parser.add_argument("--language", choices=User.Language.values, default=User.Language.SLOVENE.value)

    def handle(self, *args: Any, **options: Any) -> None:
        given = {name: options[name] for name in ("email", "role", "language")}
        try:
            user = add_to_office(**given, now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if user:
            self.stdout.write(f"{user.username} is now: {options['role']}.")
        else:
            self.stdout.write(f"The invitation to {options['email']} is on its way; it holds for three days.")
