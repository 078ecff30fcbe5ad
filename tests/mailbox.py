"""The customer's mailbox in tests: lets the worker deliver, then reads the mails."""

import re
from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from mojplin.domain.notifications.telling import tell_everyone
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.delivery import drain


def mails_to(address: str, *, now: datetime | None = None) -> list[DemoMail]:
    """Deliver everything that is due (at `now`) and return the mails to the address, newest first."""
    drain(lambda: now or timezone.now())
    return list(DemoMail.objects.filter(to=address).order_by("-pk"))


def told_by_tomorrow(address: str, about: str) -> list[DemoMail]:
    """Let the job of messages run at noon of tomorrow, when nothing is quiet; return the mails with that subject."""
    noon = timezone.localtime().replace(hour=12, minute=0) + timedelta(days=1)
    with time_machine.travel(noon, tick=False):
        tell_everyone(noon)
        return [mail for mail in mails_to(address) if about in mail.subject]


def newest_mail_to(address: str, *, now: datetime | None = None) -> DemoMail:
    return mails_to(address, now=now)[0]


def link_in(mail: DemoMail) -> str:
    """Return the path of the first link in the mail's text."""
    found = re.search(r"https?://[^/\s]+(/\S*)", mail.text)
    assert found, mail.text
    return found[1]
