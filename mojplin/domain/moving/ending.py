"""What the worker does with hand-overs by the clock: reminds of the day, says that no answer came, forgets people."""

from datetime import datetime, timedelta

from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.moving.telling import note_trouble, remind
from mojplin.domain.notifications.daytime import is_daytime
from mojplin.foundation.housekeeping import hourly

KEEP_SETTLED = timedelta(days=180)
"""For how long after the end name, address and telephone number of whoever took over are kept; the ERP has them."""


@hourly
def remind_of_the_day(now: datetime) -> None:
    """Tell the giver, once and by day, that the day they announced ahead has come and the reading is missing."""
    if not is_daytime(now):
        return
    come = MoveOut.objects.planned_until(timezone.localdate(now)).filter(reminded_at=None)
    for move in come.select_related("supply_point", "meter", "given_by").order_by("pk"):
        remind(move, now=now)


@hourly
def say_that_no_answer_came(now: datetime) -> None:
    """Tell the giver, once and by day, when the link of the other side was not used in time."""
    if not is_daytime(now):
        return
    over = MoveOut.objects.filter(state=MoveOut.State.WAITING, link_trouble="", link_expires_at__lte=now)
    for move in over.select_related("supply_point", "meter", "given_by").order_by("pk"):
        note_trouble(move, MoveOut.Trouble.EXPIRED)


@hourly
def forget_takers(now: datetime) -> None:
    settled = MoveOut.objects.filter(settled_at__lt=now - KEEP_SETTLED).exclude(taker_email="", taker_name="")
    settled.update(taker_email="", taker_name="", taker_phone="", link_hash="")


def forget_person(user: User, email: str, *, now: datetime) -> None:
    """Erase what hand-overs tell of somebody as giver or as who takes over; what is open ends with its giver."""
    given = MoveOut.objects.filter(given_by=user)
    given.filter(state__in=MoveOut.NOT_AGREED).update(state=MoveOut.State.CANCELLED, settled_at=now)
    given.update(bill_address="")
    taken = MoveOut.objects.filter(taker_email=email)
    nobody = {"state": MoveOut.State.ANNOUNCED, "link_hash": "", "link_expires_at": None}
    taken.filter(state=MoveOut.State.WAITING).update(**nobody)
    taken.filter(state=MoveOut.State.PLANNED).update(link_hash="", link_expires_at=None)
    taken.update(taker_email="", taker_name="", taker_phone="")
