"""Documents as the ERP issued them, and what of each is open. The feed writes; the portal never edits one."""

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from mojplin.domain.billing.models.collection import SEEN_WITHIN, collecting_on, mandate_is_revoked
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id

State = Literal["paid", "unpaid", "partly_paid", "overdue", "collecting", "credited", "settled", "in_favour"]
"""How a document stands: `settled` and `in_favour` are credit notes, the others what must be or had to be paid;
`collecting` is what direct debit pays."""
CREDITED = Q(open_eur=0, credited_eur__gt=0, credited_eur__gte=F("amount_eur"))


class DocumentQuerySet(models.QuerySet["Document"]):
    def newest_first(self) -> Self:
        return self.order_by("-issued_on", "-pk")

    def open_balance_eur(self) -> Decimal:
        """Return what is owed for these documents, in euros; below zero when the supplier owes."""
        total: Decimal = self.filter(open_eur__gt=0).aggregate(total=Sum(OWED_EUR, default=Decimal(0)))["total"]
        return total

    def standing(self, state: str, today: date) -> Self:
        """Return the documents in that `State`; of "unpaid" all that is still to be paid, begun, overdue and collected
        ones too."""
        note, overdue = Q(kind=Document.Kind.CREDIT_NOTE), Q(due_on__lt=today)
        match state:
            case "collecting":
                return self.with_collection().filter(~note, open_eur__gt=0, collecting_on__gte=today - SEEN_WITHIN)
            case "in_favour":
                return self.filter(note, open_eur__gt=0)
            case "settled":
                return self.filter(note, open_eur=0)
            case "unpaid":
                return self.filter(~note, open_eur__gt=0)
            case "partly_paid":
                begun = Q(open_eur__gt=0, open_eur__lt=F("amount_eur"))
                return self._paid_by_hand(today).filter(~note, Q(due_on=None) | ~overdue, begun)
            case "overdue":
                return self._paid_by_hand(today).filter(~note, overdue, open_eur__gt=0)
            case "credited":
                return self.filter(~note, CREDITED)
            case "paid":
                return self.filter(~note, ~CREDITED, open_eur=0)
        return self

    def with_collection(self) -> Self:
        """Return the documents with `collecting_on`."""
        return self.annotate(collecting_on=collecting_on())

    def no_longer_collected(self, today: date) -> Self:
        """Return what is open and would be collected, had the customer not revoked the mandate."""
        unpaid = self.exclude(kind=Document.Kind.CREDIT_NOTE).filter(open_eur__gt=0)
        return unpaid.filter(mandate_is_revoked(), collected_on__gte=today - SEEN_WITHIN)

    def _paid_by_hand(self, today: date) -> Self:
        collected = Q(collecting_on__gte=today - SEEN_WITHIN)
        return self.with_collection().filter(Q(collecting_on=None) | ~collected)


OWED_EUR = models.Case(models.When(kind="credit_note", then=-F("open_eur")), default=F("open_eur"))
"""What of a document is owed, in euros; below zero when the supplier owes."""


class Document(models.Model):
    """An invoice, credit note or debit note. Euros, never negative: `kind` says which way the money goes."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        DEBIT_NOTE = "debit_note", _("Debit note")

    class XmlState(models.TextChoices):
        NONE = "none", _("No XML")
        VALID = "valid", _("Valid XML")
        INVALID = "invalid", _("XML that breaks its schema")

    number = models.CharField(max_length=35, unique=True)
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    kind = models.CharField(max_length=11, choices=Kind)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="documents", db_index=False)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="documents", null=True, blank=True)
    external_number = models.CharField(max_length=35, blank=True)
    issued_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    net_eur = models.DecimalField(max_digits=12, decimal_places=2)
    vat_eur = models.DecimalField(max_digits=12, decimal_places=2)
    amount_eur = models.DecimalField(max_digits=12, decimal_places=2)
    open_eur = models.DecimalField(max_digits=12, decimal_places=2)
    credited_eur = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    """What the credit notes that name this document give back in all."""
    collected_on = models.DateField(null=True, blank=True)
    """Day on which the supplier collects what is open, by direct debit; empty: the payer pays."""
    payee_iban = models.CharField(max_length=34, blank=True)
    reference = models.CharField(max_length=26, blank=True)
    purpose_code = models.CharField(max_length=4, blank=True)
    purpose = models.CharField(max_length=42, blank=True)
    corrects_number = models.CharField(max_length=35, blank=True)
    xml_state = models.CharField(max_length=7, choices=XmlState, default=XmlState.NONE)
    xml_path = models.CharField(max_length=100, blank=True)
    pdf_path = models.CharField(max_length=100, blank=True)
    """Paths in the document storage, by content hash; empty when the feed brought none."""

    collecting_on: date | None = None
    """Of `with_collection`: the day of collection, where the mandate was not revoked meanwhile."""

    paid_on: date | None = None
    """Of `last_payment_on`: the day on which the last payment for it came."""

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="document_newest_of_payer", fields=["payer", "-issued_on", "-id"]),
            models.Index(name="document_open_of_payer", fields=["payer"], condition=Q(open_eur__gt=0)),
            models.Index(name="document_external_number", fields=["external_number", "payer"]),
            models.Index(
                name="document_corrects", fields=["corrects_number", "payer"], condition=~Q(corrects_number="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="open_amount_within_document", condition=Q(open_eur__gte=0, open_eur__lte=F("amount_eur"))
            ),
            models.CheckConstraint(name="document_amounts_not_negative", condition=Q(net_eur__gte=0, vat_eur__gte=0)),
        ]


class DocumentLine(models.Model):
    """A line exactly as issued; amounts are euros without VAT and may be below zero."""

    class Kind(models.TextChoices):
        GAS = "gas", _("Gas")
        LEVY = "levy", _("Levy or tax")
        RENTAL = "rental", _("Tank rental")
        METER = "meter", _("Meter")
        DELIVERY = "delivery", _("Delivery")
        REMINDER = "reminder", _("Reminder or interest")
        DISCOUNT = "discount", _("Discount")
        OTHER = "other", _("Other")

    document = models.ForeignKey(Document, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=256)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    unit = models.CharField(max_length=10)
    unit_price_eur = models.DecimalField(max_digits=14, decimal_places=6)
    net_eur = models.DecimalField(max_digits=12, decimal_places=2)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    kind = models.CharField(max_length=8, choices=Kind, blank=True)
    """Empty where the ERP does not say."""

    class Meta:
        constraints = [models.UniqueConstraint(name="line_position_once", fields=["document", "position"])]


class DocumentVat(models.Model):
    """The VAT of one rate exactly as issued, in euros; may be below zero, as lines may."""

    class Category(models.TextChoices):
        """By EN 16931 (BT-118)."""

        RATE = "S", _("VAT at a rate")
        ZERO = "Z", _("VAT at zero")
        EXEMPT = "E", _("Exempt from VAT")
        REVERSE = "AE", _("The recipient pays VAT")
        WITHIN_EU = "K", _("Delivery within the EU")
        EXPORT = "G", _("Export")
        OUTSIDE = "O", _("Outside VAT")

    document = models.ForeignKey(Document, models.CASCADE, related_name="vat", db_index=False)
    category = models.CharField(max_length=2, choices=Category)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    base_eur = models.DecimalField(max_digits=12, decimal_places=2)
    vat_eur = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.CharField(max_length=100, blank=True)
    """Why there is none."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="vat_of_a_rate_once", fields=["document", "category", "vat_percent"])
        ]
