"""Payers, supply points, meters, deliveries, prices of energy: mirrored from the ERP, written by the feed alone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mojplin.foundation.folding import folded_text
from mojplin.foundation.public_ids import new_public_id


class Payer(models.Model):
    """Who pays: the bill-to customer of the ERP. The tax number is kept as a keyed hash and encrypted."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=140)
    kind = models.CharField(max_length=7, choices=Kind)
    tax_number_hash = models.CharField(max_length=64, db_index=True)
    tax_number_encrypted = models.CharField(max_length=200)
    tax_number_last3 = models.CharField(max_length=3)
    street = models.CharField(max_length=100)
    post_code = models.CharField(max_length=10)
    town = models.CharField(max_length=60)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    search_text = models.GeneratedField(
        expression=folded_text("name", "number", "email", "street", "town"),
        output_field=models.TextField(),
        db_persist=True,
    )

    def __str__(self) -> str:
        return self.number


class SupplyPoint(models.Model):
    """A place with a meter or a tank (odjemno mesto)."""

    class Kind(models.TextChoices):
        METERED = "metered", _("Metered gas")
        NETWORK = "network", _("Metered gas from a shared network")
        BULK = "bulk", _("Gas delivered to a tank")
        RENTAL = "rental", _("Tank rental")

    WITH_METER = (Kind.METERED, Kind.NETWORK)

    class Product(models.TextChoices):
        PROPANE = "propane", _("Propane")
        MIXTURE = "mixture", _("Propane-butane mixture")

    number = models.CharField(max_length=20, unique=True)
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    kind = models.CharField(max_length=7, choices=Kind)
    product = models.CharField(max_length=7, choices=Product, blank=True)
    street = models.CharField(max_length=100)
    post_code = models.CharField(max_length=10)
    town = models.CharField(max_length=60)
    recipient_number = models.CharField(max_length=20, db_index=True)
    recipient_name = models.CharField(max_length=140)
    municipality = models.CharField(max_length=60, blank=True)
    """As the supplier names it; empty: the one called like the town (see `municipalities`)."""
    climate_town = models.CharField(max_length=40, blank=True)
    tank_capacity_l = models.PositiveIntegerField(null=True, blank=True)
    reading_first_day = models.PositiveSmallIntegerField(null=True, blank=True)
    reading_last_day = models.PositiveSmallIntegerField(null=True, blank=True)
    """Days of the month between which its readings may be sent; None: as everywhere (see `metering.window`)."""
    closed_on = models.DateField(null=True, blank=True)
    search_text = models.GeneratedField(
        expression=folded_text("number", "recipient_number", "recipient_name", "street", "town"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reading_days_both_or_none",
                condition=Q(reading_first_day=None, reading_last_day=None)
                | Q(reading_first_day__range=(1, 31), reading_last_day__range=(1, 31)),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def address(self) -> str:
        return f"{self.street}, {self.post_code} {self.town}"

    @property
    def has_meter(self) -> bool:
        return self.kind in self.WITH_METER


class PayerPeriod(models.Model):
    """Who pays for a supply point, from `starts_on` until before `ends_on` (None: still)."""

    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="payer_periods")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payer_period_once", fields=["supply_point", "starts_on"]),
            models.CheckConstraint(
                name="payer_period_in_order", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
        ]


class Meter(models.Model):
    """A gas meter; an exchange ends one and starts another."""

    number = models.CharField(max_length=30, unique=True)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="meters")
    digits = models.PositiveSmallIntegerField()
    decimals = models.PositiveSmallIntegerField()
    installed_on = models.DateField()
    initial_value_m3 = models.DecimalField(max_digits=12, decimal_places=3)
    removed_on = models.DateField(null=True, blank=True)
    final_value_m3 = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    correction_factor = models.DecimalField(max_digits=6, decimal_places=4, default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meter_removed_with_final_value",
                condition=Q(removed_on=None, final_value_m3=None)
                | Q(removed_on__isnull=False, final_value_m3__isnull=False, removed_on__gte=F("installed_on")),
            ),
            models.CheckConstraint(name="meter_digits", condition=Q(digits__gte=3, digits__lte=9, decimals__lte=3)),
        ]


class Delivery(models.Model):
    """Gas filled into a tank, in litres; the gauge in percent where the driver noted it."""

    number = models.CharField(max_length=30, unique=True)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="deliveries")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="deliveries")
    delivered_on = models.DateField()
    litres = models.DecimalField(max_digits=12, decimal_places=3)
    level_before_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    level_after_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    document_number = models.CharField(max_length=35, blank=True)

    class Meta:
        indexes = [models.Index(name="delivery_of_point", fields=["supply_point", "payer", "delivered_on"])]
        constraints = [models.CheckConstraint(name="delivery_litres", condition=Q(litres__gte=0))]


class FeedRun(models.Model):
    """One export taken in, held for a person, or refused; counts are rows."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        TAKEN_IN = "taken_in", _("Taken in")
        HELD = "held", _("Held for a person")
        ACCEPTED = "accepted", _("About to be taken in")
        """Held, and a person said that it is right: the worker takes it in."""
        REJECTED = "rejected", _("Rejected by a person")
        REFUSED = "refused", _("Refused")

    folder = models.CharField(max_length=255)
    sequence = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State)
    reason = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    """By file: rows read, added, changed, unchanged, set aside."""
    difference = models.JSONField(default=dict)
    """Of an export that was held: what it would change, by file and payers (see the feed's `holding.py`)."""
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    """Of the manifest, which stands for the whole export: nothing but what a person looked at is taken in for it."""
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often taking it in began after a person accepted it; a crash leaves it to be begun again."""

    class Meta:
        indexes = [models.Index(name="feed_run_newest", fields=["-started_at"])]


class SetAsideRow(models.Model):
    """A row of an export that was not taken in, and why."""

    run = models.ForeignKey(FeedRun, models.CASCADE, related_name="set_aside")
    file = models.CharField(max_length=120)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)
    is_warning = models.BooleanField(default=False)
    """True: the row was taken in all the same (for example sums of an XML that do not add up)."""
