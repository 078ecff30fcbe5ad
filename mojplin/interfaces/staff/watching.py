"""What every page that watches the portal says of its health and of what is not delivered yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mojplin.domain.office.health import Check
from mojplin.domain.office.topic_names import topic_name
from mojplin.foundation.outbox.undelivered import Topic

TOLD: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "database": (
        gettext_lazy("The database answers"),
        gettext_lazy("The database does not answer as it should"),
        gettext_lazy("Pages are slow or cannot be opened. Call whoever looks after the server."),
    ),
    "worker": (
        gettext_lazy("The worker is alive"),
        gettext_lazy("The worker is silent"),
        gettext_lazy("No mail leaves and nothing goes to the ERP: start the worker (manage.py work)."),
    ),
    "sign_in_mail": (
        gettext_lazy("Sign-in messages leave at once"),
        gettext_lazy("Sign-in messages are late"),
        gettext_lazy("Nobody can sign in: look at the worker and the mail server."),
    ),
    "outbox": (
        gettext_lazy("Mails and messages to the ERP leave"),
        gettext_lazy("Mails or messages to the ERP wait too long"),
        gettext_lazy("Look at what waits and why; the mail server or the folder of the ERP may be away."),
    ),
    "disk": (
        gettext_lazy("There is room on the disk"),
        gettext_lazy("The disk is nearly full"),
        gettext_lazy("Soon nothing more can be saved: make room on the disk of the data folder."),
    ),
    "export": (
        gettext_lazy("The supplier's data is fresh"),
        gettext_lazy("The supplier's data is old"),
        gettext_lazy(
            "Customers see old data and get no mails about bills: look whether the export came, is held or was refused."
        ),
    ),
}  # fmt: skip
"""Of each check: what holds when it is well, what is wrong when it is not, and what to do then."""


@dataclass(frozen=True, kw_only=True)
class ToldCheck:
    """A check in words."""

    name: str
    is_ok: bool
    holds: str | Promise
    wrong: str | Promise
    advice: str | Promise
    value: int | None
    limit: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class WaitingTopic:
    """A topic of the outbox as the office reads it."""

    topic: str
    name: str
    """What it is called in the office."""
    waiting: int
    oldest_minutes: int | None
    dead: int


def in_words(found: Sequence[Check]) -> list[ToldCheck]:
    return [_told(check, *TOLD[check.name]) for check in found]


def _told(check: Check, holds: str | Promise, wrong: str | Promise, advice: str | Promise) -> ToldCheck:
    return ToldCheck(
        name=check.name, is_ok=check.is_ok, holds=holds, wrong=wrong, advice=advice, value=check.value,
        limit=check.limit, unit=check.unit,
    )  # fmt: skip


def with_ages(topics: Sequence[Topic], now: datetime) -> list[WaitingTopic]:
    """Return the topics with messages that wait or were given up; an empty list is a healthy outbox."""
    return [
        WaitingTopic(
            topic=topic.name,
            name=topic_name(topic.name),
            waiting=topic.waiting,
            oldest_minutes=int((now - topic.oldest_at).total_seconds() // 60) if topic.oldest_at else None,
            dead=topic.dead,
        )
        for topic in topics
    ]
