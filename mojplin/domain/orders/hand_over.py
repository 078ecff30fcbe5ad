"""Going on to a web form of the supplier: recorded, and with a one-time token also given out, once."""

import hmac
import json
from datetime import datetime, timedelta

from mojplin.domain.accounts.models import User
from mojplin.domain.orders.models import HandOver
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.protected import decrypted, encrypted, lookup_hash

TOKEN_LASTS = timedelta(minutes=15)
MARK_DIGITS = 32


def hand_over_to_form(*, form: str, way: str, data: dict[str, str], by: User, now: datetime) -> HandOver:
    """Record that the customer goes on to a web form of the supplier with these data.

    :param data: names of the form's fields and what they are filled in with; kept only for a token.
    """
    waits = encrypted(json.dumps(data)) if way == HandOver.Way.TOKEN else ""
    return HandOver.objects.create(form=form, way=way, user=by, handed_over_at=now, data_encrypted=waits)


def token_of(hand_over: HandOver) -> str:
    """Return the secret by which the supplier's form fetches the data, once and within `TOKEN_LASTS`."""
    return f"{hand_over.public_id}.{lookup_hash(f'hand-over {hand_over.public_id}')[:MARK_DIGITS]}"


def fetch(token: str, *, now: datetime) -> dict[str, str] | None:
    """Give the data out and forget them; None for a token that is wrong, used or too old."""
    public_id = token.partition(".")[0]
    waiting = HandOver.objects.filter(
        public_id=public_id, way=HandOver.Way.TOKEN, fetched_at=None, handed_over_at__gt=now - TOKEN_LASTS
    )
    found = waiting.first()
    if found is None or not hmac.compare_digest(token_of(found).encode(), token.encode()):
        return None
    if not waiting.filter(pk=found.pk).update(fetched_at=now, data_encrypted=""):
        return None
    data: dict[str, str] = json.loads(decrypted(found.data_encrypted))
    return data


@hourly
def forget_unfetched(now: datetime) -> None:
    """Delete data that no form has come for."""
    HandOver.objects.filter(handed_over_at__lte=now - TOKEN_LASTS).exclude(data_encrypted="").update(data_encrypted="")
