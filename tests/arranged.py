"""Scenes of what customers arrange about their bills."""

from typing import Any

from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import PayerRequest
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
