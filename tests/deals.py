"""Scenes of contracts and orders: one thing of each kind, for whoever needs somebody's."""

from datetime import date
from typing import Any

from mojplin.domain.contracts.models import Contract, ContractFile
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.files import kept_path
from tests.cast import Scenes

DEAL_THINGS = ("contract", "contract_file")


def deal_things(scenes: Scenes, payer: Payer, point: SupplyPoint, mark: str) -> dict[str, Any]:
    """Return the public id of one thing of each kind in `DEAL_THINGS`, the payer's at that place."""
    contract = scenes.given_contract(payer, point, f"OGR-{mark}")
    return {"contract": contract.public_id, "contract_file": given_file(contract).public_id}


def given_file(contract: Contract, content: bytes = b"%PDF-1.7 pogodba", **more: Any) -> ContractFile:
    """The contract's document, its PDF in the storage."""
    fields = {
        "file_name": f"{contract.number.replace('/', '-')}.pdf", "kind": "contract", "dated_on": date(2025, 1, 12),
        "path": kept_path(content, folder="contracts", suffix=".pdf"),
    } | more  # fmt: skip
    return ContractFile.objects.create(contract=contract, **fields)
