"""What the foundation forgets by itself: nothing of a person is kept longer than it serves."""

from datetime import UTC, datetime, timedelta

from mojplin.foundation.idempotency import FormKey
from mojplin.foundation.limits import Counter
from mojplin.foundation.outbox.models import Message

KEEP_DELIVERED = timedelta(days=7)
KEEP_FORM_KEYS = timedelta(days=7)
"""A form sent again within this time is answered as the first time."""
KEEP_COUNTERS = timedelta(days=2)
"""Longer than the longest window that ends; one that never does begins with the epoch and stays."""
EPOCH = datetime.fromtimestamp(0, tz=UTC)


def forget_old(now: datetime) -> None:
    """Delete delivered messages, keys of forms and counters whose time is over; dead messages stay for a person."""
    old = now - KEEP_DELIVERED
    Message.objects.filter(state=Message.State.DELIVERED, created_at__lt=old, delivered_at__lt=old).delete()
    FormKey.objects.filter(claimed_at__lt=now - KEEP_FORM_KEYS).delete()
    Counter.objects.filter(window_start__gt=EPOCH, window_start__lt=now - KEEP_COUNTERS).delete()
