"""What the copy says of payments, and of what was arranged about them."""

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.arrangements import requests_of
from mojplin.domain.billing.models import Payment
from mojplin.domain.linking.access import Place
from mojplin.domain.own_data.rows import Row, rows_of


def payments(_user: User, places: list[Place]) -> list[Row]:
    payers = {place.payer_id for place in places}
    return rows_of(
        Payment.objects.filter(payer__in=payers).order_by("received_on", "pk"),
        number="number", payer="payer__number", received_on="received_on", amount_eur="amount_eur",
    )  # fmt: skip


def requests(user: User, _places: list[Place]) -> list[Row]:
    """Return what the person themselves asked for; the bank account is theirs, so it stands there whole."""
    return [
        {
            "number": each.request.number,
            "kind": each.request.kind,
            "asked_at": each.request.asked_at,
            "state": each.state,
            "email": each.request.email,
            "holder": each.request.holder,
            "iban": each.request.iban,
            "bic": each.request.bic,
            "amount_eur": each.request.amount_eur,
            "note": each.note,
        }
        for each in requests_of(asked_by=user)
    ]
