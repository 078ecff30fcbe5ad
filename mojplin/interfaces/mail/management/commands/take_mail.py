import sys
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from mojplin.domain.support.by_mail import Outcome, take_answer
from mojplin.interfaces.mail.letter import LARGEST_MAIL_BYTES, read
from mojplin.interfaces.mail.mailboxes import MailboxAway, take_from

TRY_LATER = 75
"""EX_TEMPFAIL: the mail server keeps the mail and hands it over again."""
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Take customers' answers by mail into their enquiries: one mail from standard input, or with --mailbox the new "
        "ones of MOJPLIN_ANSWERS_MAILBOX. Safe to run twice. Exit code 0: done, also when a mail belongs to nothing; "
        "75: try again later, nothing was lost."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", action="store_true", help="Read the mailbox of the settings.")

    def handle(self, *, mailbox: bool, **options: Any) -> None:
        try:
            if mailbox:
                self._take_from_mailbox()
            else:
                take(sys.stdin.buffer.read(LARGEST_MAIL_BYTES + 1))
        except (OperationalError, InterfaceError, MailboxAway, OSError) as fault:
            raise CommandError(f"Try again later: {fault}", returncode=TRY_LATER) from None

    def _take_from_mailbox(self) -> None:
        if not settings.ANSWERS_MAILBOX:
            raise CommandError("MOJPLIN_ANSWERS_MAILBOX names no mailbox.")
        count = take_from(settings.ANSWERS_MAILBOX, take)
        self.stdout.write(f"Mails: {count}.")


def take(raw: bytes) -> Outcome:
    """Take one mail; the log says what became of it, without its words."""
    outcome = take_answer(read(raw), now=timezone.now(), office_email=settings.SUPPLIER["email"])
    log.info("mail_came_in", outcome=outcome.value, size_bytes=len(raw))
    return outcome
