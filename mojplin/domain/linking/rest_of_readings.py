"""The worker goes on with the readings of a firm's table where one press of the button left off.

What may be sent is decided anew for each part, by the places the person has then. It counts as sent when the button was
pressed.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.access import places_of
from mojplin.domain.metering.drafts import REST_TOPIC, Rest, send_drafts
from mojplin.foundation.outbox.delivery import deliverer, settle_with_work
from mojplin.foundation.outbox.models import Message


@deliverer(REST_TOPIC)
def send_the_rest(message: Message) -> None:
    """Send the next part once, however often the message comes; what then still waits is another message."""
    told = message.payload
    user = User.objects.filter(pk=told["user"], is_active=True).first()
    pressed_at = datetime.fromisoformat(told["pressed_at"])
    rows, refused = told["rest"]["rows"], told["rest"].get("refused", [])
    rest = Rest(**told["rest"] | {"rows": tuple(tuple(row) for row in rows), "refused": tuple(refused)})
    with transaction.atomic():
        if settle_with_work(message, timezone.now()) and user is not None:
            places = [each for each in places_of(user.pk) if each.has_meter and each.may_submit_readings]
            points = [each.to_read for each in places]
            send_drafts(points, by=user, today=timezone.localdate(pressed_at), now=pressed_at, rest=rest)
