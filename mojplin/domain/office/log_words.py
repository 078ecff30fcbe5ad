"""The access log in the office's own words: what a customer reads of "your details" is here of the customer's."""

import re
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.access_log import about_told, described
from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.office.taking_out import LISTS
from mojplin.domain.office.topic_names import topic_name
from mojplin.foundation import formats

What = AccessEvent.What
DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
DAYS = re.compile(rf"({DAY.pattern})/({DAY.pattern})")

WORDS: dict[str, str | Promise] = {
    What.USERNAME_SENT: _("Username sent to the e-mail address of the account"),
    What.EXPORT_ASKED: _("Copy of one's own data asked for"),
    What.EXPORT_DOWNLOADED: _("Copy of one's own data downloaded"),
    What.OFFICE_SEARCHED: _("Found in the search of the office"),
    What.OFFICE_LISTED: _("On a list in the office"),
    What.OFFICE_VIEWED: _("The customer's details looked at"),
    What.OFFICE_SAW_CUSTOMER_VIEW: _("The customer's view opened"),
    What.OFFICE_VIEWED_DOCUMENT: _("The customer's document opened"),
    What.OFFICE_READ_ENQUIRY: _("The customer's enquiry read"),
    What.ENQUIRY_ANSWERED: _("Enquiry answered"),
    What.ENQUIRY_NOTED: _("Internal note kept beside the enquiry"),
    What.ENQUIRY_ASSIGNED: _("Enquiry handed over"),
    What.ENQUIRY_PROMISED: _("Another day promised for the enquiry"),
    What.ENQUIRY_CLOSED: _("Enquiry closed without a word"),
    What.ENQUIRY_REOPENED: _("Enquiry waits again"),
    What.OFFICE_READ_LOG: _("The customer's access log looked at"),
    What.OFFICE_VIEWED_REQUEST: _("The customer's order or request looked at"),
    What.OFFICE_ANSWERED: _("The customer's order or request answered"),
    What.OFFICE_VIEWED_READING: _("The customer's reading looked at"),
    What.OFFICE_JUDGED_READING: _("The customer's marked reading judged"),
    What.OFFICE_TOOK_OUT: _("The customer's data taken out in a table"),
    What.OFFICE_PRINTED: _("The customer's delivery printed for the driver"),
    What.OFFICE_CHANGED: _("The customer's details changed"),
}


def in_office_words(event: AccessEvent) -> str:
    """Return what happened, as the office reads it."""
    return str(WORDS[event.what]) if event.what in WORDS else described(event)


def about_in_office_words(event: AccessEvent) -> str:
    """Return which thing it was: topics, lists and days as they are called and written everywhere in the office."""
    if event.what in (What.MESSAGES_RETRIED, What.MESSAGES_DROPPED):
        topic, colon, which = event.about.partition(": ")
        return f"{topic_name(topic)}{colon}{which}"
    if event.what == What.OFFICE_TOOK_OUT:
        name, comma, rest = event.about.partition(", ")
        return f"{LISTS[name].title if name in LISTS else name}{comma}{_with_days(rest)}"
    return _with_days(event.about) if event.what == What.OFFICE_PRINTED else about_told(event)


def _with_days(about: str) -> str:
    """Return the text with days as they are written in the language of the page: 2026-11-01/2026-11-26 is a time."""
    days = DAYS.sub(lambda found: _day_range(*map(date.fromisoformat, found.groups())), about)
    return DAY.sub(lambda found: formats.day(date.fromisoformat(found[0]), formats.active_language()), days)


def _day_range(first: date, last: date) -> str:
    return formats.day_range(first, last, formats.active_language())


def kinds() -> list[tuple[str, str]]:
    """Return every kind of event with the office's words for it, in the order in which they are listed."""
    return [(str(kind.value), str(WORDS.get(kind, kind.label))) for kind in What]
