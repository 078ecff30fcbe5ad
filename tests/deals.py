"""Scenes of contracts and orders: one thing of each kind, for whoever needs somebody's."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from mojplin.domain.accounts.models import User
from mojplin.domain.contracts.models import Contract, ContractFile, Renewal
from mojplin.domain.orders.models import CylinderOrder
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.files import kept_path
from tests.cast import Scenes, moment

DEAL_THINGS = ("contract", "contract_file", "renewal", "cylinder_order")


def deal_things(scenes: Scenes, payer: Payer, point: SupplyPoint, mark: str, by: User) -> dict[str, Any]:
    """Return the public id of one thing of each kind in `DEAL_THINGS`, the payer's at that place."""
    contract = scenes.given_contract(payer, point, f"OGR-{mark}")
    return {
        "contract": contract.public_id,
        "contract_file": given_file(contract).public_id,
        "renewal": given_renewal(contract, by, state="withdrawn", withdrawn_at=timezone.now()).public_id,
        "cylinder_order": given_cylinder_order(by).public_id,
    }


def given_renewal(contract: Contract, by: User, **more: Any) -> Renewal:
    """A renewal the user agreed to; its annex lies in the storage."""
    number = Renewal.objects.count() + 1
    fields = {
        "number": f"PO-2026-{number:06d}", "offer_number": "P-1", "months": 24, "price_eur": Decimal("2.19"),
        "price_basis": "fixed", "starts_on": date(2027, 2, 1), "ends_on": date(2029, 1, 31),
        "agreed_at": moment(2026, 11, 26), "shown": {"facts": [["Plačnik", contract.payer.name]]},
        "shown_sha256": "0" * 64, "withdraw_until": date(2026, 12, 10), "annex_sha256": "0" * 64,
        "annex_path": kept_path(b"%PDF-1.7 aneks", folder="annexes", suffix=".pdf"),
    } | more  # fmt: skip
    return Renewal.objects.create(contract=contract, agreed_by=by, **fields)


def given_cylinder_order(by: User, **more: Any) -> CylinderOrder:
    """Two cylinders of ten kilograms that the user ordered."""
    fields = {
        "number": f"J-2026-{CylinderOrder.objects.count() + 1:06d}", "ordered_at": timezone.now(), "name": "Ana Novak",
        "address": "Ob potoku 14, 1241 Kamnik", "phone": "040 000 000", "total_eur": Decimal("63.80"),
    } | more  # fmt: skip
    order = CylinderOrder.objects.create(ordered_by=by, **fields)
    order.lines.create(article_number="JEK-10", name="Jeklenka 10 kg", quantity=2, price_eur=Decimal("31.90"))
    return order


def given_file(contract: Contract, content: bytes = b"%PDF-1.7 pogodba", **more: Any) -> ContractFile:
    """The contract's document, its PDF in the storage."""
    fields = {
        "file_name": f"{contract.number.replace('/', '-')}.pdf", "kind": "contract", "dated_on": date(2025, 1, 12),
        "path": kept_path(content, folder="contracts", suffix=".pdf"),
    } | more  # fmt: skip
    return ContractFile.objects.create(contract=contract, **fields)
