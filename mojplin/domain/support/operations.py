"""What customers do here: write to the office."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import is_wanted
from mojplin.domain.support.models import Enquiry
from mojplin.foundation import limits, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.public_ids import new_public_id

MOST_IN_A_DAY = 20
OFFICE_LANGUAGE = "sl"


class TooManyEnquiries(Refused):
    message = _("You have written many messages today. Call us, or write again tomorrow.")


@transaction.atomic
def send_enquiry(
    *,
    topic: str,
    supply_point_id: int | None,
    supply_point_number: str,
    place_name: str,
    message: str,
    by: User,
    now: datetime,
    office_email: str,
) -> Enquiry:
    """Keep what the customer wrote, pass it to the office and the ERP, and confirm it by mail.

    :param supply_point_number: empty when it is about no supply point in particular, as `supply_point_id` is None.
    :param place_name: the customer's own name of it; only the confirmation says it, never the office's mail.
    :raises TooManyEnquiries: more than twenty in a day.
    """
    if limits.hit(f"enquiry:{by.pk}", window=timedelta(days=1), now=now) > MOST_IN_A_DAY:
        raise TooManyEnquiries
    enquiry = Enquiry.objects.create(
        number=new_public_id()[:20],  # its own number follows from the row's
        topic=topic,
        supply_point_id=supply_point_id,
        message=message,
        sent_by=by,
        sent_at=now,
    )
    enquiry.number = f"P-{now.year}-{enquiry.pk:06d}"
    enquiry.save(update_fields=["number"])
    _tell(enquiry, supply_point_number, place_name, by, office_email)
    return enquiry


def _tell(enquiry: Enquiry, supply_point_number: str, place_name: str, by: User, office_email: str) -> None:
    """Write the message to the ERP, the mail to the office and the confirmation for the customer."""
    Message.post(
        "erp.enquiry.received",
        wakes_worker=False,
        id=enquiry.public_id,
        number=enquiry.number,
        about=enquiry.topic,
        supply_point=supply_point_number,
        message=enquiry.message,
        sent_by=by.email,
        sent_at=enquiry.sent_at.isoformat(),
    )
    told = {
        "number": enquiry.number,
        "topic": enquiry.topic,
        "message": enquiry.message,
        "supply_point": supply_point_number,
        "sender": by.username,
        "sender_email": by.email,
    }
    mail.post(to=office_email, template="support/mail/to_office", context=told, language=OFFICE_LANGUAGE)
    if is_wanted("enquiry_received", by=by):
        told |= {"place": place_name}
        mail.post(to=by.email, template="support/mail/enquiry_received", context=told, language=by.language)
