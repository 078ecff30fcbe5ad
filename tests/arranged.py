"""Scenes of what customers arrange about their bills, and of what the office publishes."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import PayerRequest
from mojplin.domain.publishing.models import CrisisNotice
from mojplin.domain.supply.models import Payer
from mojplin.foundation.protected import encrypted

IBAN = "SI56020170014356205"


def given_mandate(payer: Payer, by: User, number: str = "", **more: Any) -> PayerRequest:
    """A direct debit the payer's user has asked for."""
    fields = {
        "family": "direct_debit", "kind": "direct_debit", "holder": payer.name[:70], "iban_encrypted": encrypted(IBAN),
        "iban_last4": IBAN[-4:], "asked_at": timezone.now(),
    } | more  # fmt: skip
    return PayerRequest.objects.create(number=number or f"Z-{payer.number}", payer=payer, asked_by=by, **fields)


def given_notice(by: User, **more: Any) -> CrisisNotice:
    """A crisis notice for everybody that runs for an hour."""
    now = timezone.now()
    fields = {
        "level": "danger", "title_sl": "Motnje pri dobavi plina", "title_en": "Gas supply is disturbed",
        "text_sl": "Zaprite ventil.", "text_en": "Close the valve.",
        "starts_at": now, "ends_at": now + timedelta(hours=1),
    } | more  # fmt: skip
    return CrisisNotice.objects.create(published_at=now, published_by=by, **fields)
