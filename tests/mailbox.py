"""The customer's mailbox in tests: lets the worker deliver, then reads the mails."""

import re
from datetime import datetime

from django.utils import timezone

from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.delivery import drain


def mails_to(address: str, *, now: datetime | None = None) -> list[DemoMail]:
    """Deliver everything that is due (at `now`) and return the mails to the address, newest first."""
    drain(lambda: now or timezone.now())
    return list(DemoMail.objects.filter(to=address).order_by("-pk"))


def newest_mail_to(address: str, *, now: datetime | None = None) -> DemoMail:
    return mails_to(address, now=now)[0]


def link_in(mail: DemoMail) -> str:
    """Return the path of the first link in the mail's text."""
    found = re.search(r"https?://[^/\s]+(/\S*)", mail.text)
    assert found, mail.text
    return found[1]
