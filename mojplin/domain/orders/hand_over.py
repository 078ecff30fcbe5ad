"""Going on to a web form of the supplier."""

from datetime import datetime

from django.db import transaction

from mojplin.domain.accounts.models import User
from mojplin.domain.orders.models import HandOver
from mojplin.foundation.outbox.models import Message


@transaction.atomic
def hand_over_to_form(
    *, form: str, name: str, address: str, phone: str, payer_number: str, by: User, now: datetime
) -> HandOver:
    """Note that the customer goes on to a web form of the supplier, and send the supplier what the page showed."""
    hand_over = HandOver.objects.create(form=form, user=by, handed_over_at=now)
    Message.post(
        "erp.form.handed_over",
        id=hand_over.public_id,
        form=form,
        name=name,
        address=address,
        phone=phone,
        email=by.email,
        payer=payer_number,
    )
    return hand_over
