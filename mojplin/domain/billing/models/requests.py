"""What customers arrange about their bills and paying, and what the ERP answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mojplin.domain.supply.models import Payer
from mojplin.foundation.protected import decrypted
from mojplin.foundation.public_ids import new_public_id


class PayerRequest(models.Model):
    """Something a customer asked for a payer; of each family one at a time waits or holds.

    The bank account is kept encrypted; `iban_last4` is what pages and mails show of it.
    """

    class Family(models.TextChoices):
        INVOICES = "invoices", _("How invoices come")
        DIRECT_DEBIT = "direct_debit", _("Direct debit")
        INSTALMENTS = "instalments", _("Payment in instalments")

    class Kind(models.TextChoices):
        BY_EMAIL = "invoices_by_email", _("Invoices by e-mail")
        BY_E_BANK = "invoices_by_e_bank", _("E-invoices in the online bank")
        ON_PAPER = "invoices_on_paper", _("Invoices on paper by post")
        DIRECT_DEBIT = "direct_debit", _("Direct debit")
        NO_DIRECT_DEBIT = "no_direct_debit", _("End of the direct debit")
        INSTALMENTS = "instalments", _("Payment in instalments")

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")
        REPLACED = "replaced", _("Replaced by a newer request")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    number = models.CharField(max_length=22, unique=True)
    """What both sides call it: Z-2026-000123; of a direct debit it is the reference of the mandate too."""
    family = models.CharField(max_length=12, choices=Family)
    kind = models.CharField(max_length=18, choices=Kind)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    email = models.CharField(max_length=254, blank=True)
    holder = models.CharField(max_length=70, blank=True)
    """Of the bank account."""
    iban_encrypted = models.CharField(max_length=255, blank=True)
    iban_last4 = models.CharField(max_length=4, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    amount_eur = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    instalments = models.JSONField(default=list, blank=True)
    """As proposed: `[["2026-12-15", "45.62"], ...]`."""
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=9, choices=Ended, blank=True)

    class Meta:
        indexes = [models.Index(name="request_not_ended", fields=["asked_at"], condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                name="one_request_of_a_family", fields=["payer", "family"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="request_ended_and_why", condition=Q(ended_at=None, ended_because="") | Q(ended_at__isnull=False)
            ),
        ]

    @property
    def iban(self) -> str:
        return decrypted(self.iban_encrypted) if self.iban_encrypted else ""


class RequestAnswer(models.Model):
    """What the supplier says of a request, by its number: the ERP through the feed, or the office."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    number = models.CharField(max_length=22, unique=True)
    state = models.CharField(max_length=8, choices=State)
    answered_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    """Who of the office; None: the ERP."""
