"""The access log in the office's own words: what a customer reads of "your details" is here of the customer's."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.access_log import described
from mojplin.domain.accounts.models import AccessEvent, User

What = AccessEvent.What

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
    """Return which thing it was; a role that was given is called as everywhere in the office."""
    before, colon, last = event.about.rpartition(": ")
    if event.what in (What.ROLE_CHANGED, What.STAFF_INVITED) and last in User.Role.values:
        return f"{before}{colon}{User.Role(last).label}"
    return event.about


def kinds() -> list[tuple[str, str]]:
    """Return every kind of event with the office's words for it, in the order in which they are listed."""
    return [(str(kind.value), str(WORDS.get(kind, kind.label))) for kind in What]
