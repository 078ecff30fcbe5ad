"""Hand-overs of supply points, as the two sides say them, and what the supplier answers."""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.supply.models import Meter, Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id


class MoveOutQuerySet(models.QuerySet["MoveOut"]):
    def planned_until(self, on: date) -> Self:
        """Return those announced ahead whose day has come by `on`, and whose giver has not said the reading."""
        return self.filter(state=MoveOut.State.PLANNED, moves_on__lte=on)


class MoveOut(models.Model):
    """A payer hands a supply point over: the day and what was read then, until the other side confirms the same.

    The giver's words stand in `moves_on`, `value_m3` (or `gauge_percent` of a tank; a rented tank has neither), those
    of the other side, where they differ, in `other_...`. `version` counts what the giver said: the link of the other
    side is good for one version and one answer.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Announced ahead")
        """The day alone is said: it is still ahead, or it has come and the giver has not said the reading yet."""
        ANNOUNCED = "announced", _("Announced")
        """Nobody is named who takes over."""
        WAITING = "waiting", _("Waiting for the other side")
        DISPUTED = "disputed", _("The other side says otherwise")
        AGREED = "agreed", _("Confirmed")
        """By both sides, or by the supplier where nobody takes over or the two disagreed."""
        TAKEN_OVER = "taken_over", _("Taken over by the supplier")
        REFUSED = "refused", _("Refused by the supplier")
        CANCELLED = "cancelled", _("Cancelled")

    NOT_AGREED = (State.PLANNED, State.ANNOUNCED, State.WAITING, State.DISPUTED)
    """The giver may still change or cancel it."""
    OPEN = (*NOT_AGREED, State.AGREED)

    class Trouble(models.TextChoices):
        UNDELIVERABLE = "undeliverable", _("The mail could not be delivered")
        EXPIRED = "expired", _("The link was not used in time")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    number = models.CharField(max_length=22, unique=True)
    """What all sides call it: S-2026-000123."""
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="moves")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="moves")
    """Who moves out."""
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State)
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="+", null=True, blank=True)
    moves_on = models.DateField()
    value_m3 = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    gauge_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    is_odd = models.BooleanField(default=False)
    """The reading was asked about, and its sender said that it is right."""
    reminded_at = models.DateTimeField(null=True, blank=True)
    """When the giver was told that a day announced ahead has come."""
    bill_address = models.CharField(max_length=200, blank=True)
    """Where the last bill goes."""
    taker_email = models.CharField(max_length=254, blank=True, db_index=True)
    taker_language = models.CharField(max_length=2)
    taker_name = models.CharField(max_length=140, blank=True)
    taker_phone = models.CharField(max_length=30, blank=True)
    link_hash = models.CharField(max_length=64, blank=True, db_index=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    link_trouble = models.CharField(max_length=13, choices=Trouble, blank=True)
    other_on = models.DateField(null=True, blank=True)
    other_value_m3 = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    other_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    other_is_odd = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    """When the other side last answered."""
    decided_because = models.CharField(max_length=200, blank=True)
    """Why the supplier decided between the two sides, as both read it; empty: it did not."""
    agreed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    """When it was taken over, refused or cancelled."""

    objects = MoveOutQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="move_open", fields=["announced_at"], condition=Q(settled_at=None))]
        constraints = [
            models.UniqueConstraint(
                name="one_open_move", fields=["supply_point", "payer"], condition=Q(settled_at=None)
            ),
            models.CheckConstraint(
                name="move_settled_with_time",
                condition=Q(state__in=["taken_over", "refused", "cancelled"], settled_at__isnull=False)
                | Q(state__in=["planned", "announced", "waiting", "disputed", "agreed"], settled_at=None),
            ),
            models.CheckConstraint(
                name="move_agreed_with_time",
                condition=~Q(state__in=["agreed", "taken_over"]) | Q(agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="move_waits_for_somebody",
                condition=~Q(state="waiting") | (~Q(link_hash="") & Q(link_expires_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="move_disputed_with_other_day", condition=~Q(state="disputed") | Q(other_on__isnull=False)
            ),
            models.CheckConstraint(
                name="move_planned_without_reading",
                condition=~Q(state="planned") | Q(value_m3=None, gauge_percent=None),
            ),
            models.CheckConstraint(
                name="move_decided_is_agreed", condition=Q(decided_because="") | Q(agreed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="move_of_meter_or_tank",
                condition=(Q(value_m3=None) | Q(gauge_percent=None)) & (Q(other_value_m3=None) | Q(other_percent=None)),
            ),
            models.CheckConstraint(
                name="move_gauge_is_percent",
                condition=(Q(gauge_percent=None) | Q(gauge_percent__lte=100))
                & (Q(other_percent=None) | Q(other_percent__lte=100)),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def may_change(self) -> bool:
        return self.state in self.NOT_AGREED

    @property
    def is_decided(self) -> bool:
        """Return whether the supplier decided between the two sides."""
        return bool(self.decided_because)

    @property
    def litres(self) -> int | None:
        """Return what was in the tank, in whole litres."""
        return litres_at(self.supply_point, self.gauge_percent)

    @property
    def other_litres(self) -> int | None:
        return litres_at(self.supply_point, self.other_percent)

    def supplier_note(self) -> str:
        """Return what both sides read of the supplier's answer, in one statement; "" before there is one."""
        if self.is_open:
            return ""
        return MoveAnswer.objects.filter(number=self.number).values_list("note", flat=True).first() or ""

    def change(self, still: Q, **values: Any) -> bool:
        """Write these values by a conditional UPDATE; return False, with nothing written, where another act won.

        :param still: what must hold, beside that the giver has said nothing new since this was read.
        """
        if not MoveOut.objects.filter(still, pk=self.pk, version=self.version).update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def says_the_same(self, on: date, value_m3: Decimal | None, percent: int | None) -> bool:
        return (self.moves_on, self.value_m3, self.gauge_percent) == (on, value_m3, percent)


def litres_at(point: SupplyPoint, percent: int | None) -> int | None:
    """Return how many litres the gauge means; None where it or the size of the tank is not known."""
    if percent is None or point.tank_capacity_l is None:
        return None
    return round(point.tank_capacity_l * percent / 100)


class MoveAnswer(models.Model):
    """What the supplier says of a hand-over that both sides confirmed: the ERP through the feed, or the office."""

    class State(models.TextChoices):
        TAKEN_OVER = "taken_over", _("Taken over")
        REFUSED = "refused", _("Refused")

    number = models.CharField(max_length=22, unique=True)
    state = models.CharField(max_length=10, choices=State)
    answered_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    """What both sides read about it; of a refusal the reason."""
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    """Who of the office; None: the ERP."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="move_refused_with_reason", condition=~Q(state="refused") | ~Q(note=""))
        ]
