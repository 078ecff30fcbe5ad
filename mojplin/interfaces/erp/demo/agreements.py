"""Contracts of the demo's named customers as tagged PDF, marked as samples."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from mojplin.foundation.formats import day, euros, unit_price
from mojplin.foundation.pdf import pdf_of
from mojplin.interfaces.erp.demo import supplier
from mojplin.interfaces.erp.demo.books import Books
from mojplin.interfaces.erp.demo.records import Contract, ContractFile, Payer, SupplyPoint

TEMPLATE = Path(__file__).with_name("agreement.typ")
NOTICE = "Vzorčni dokument izmišljenega dobavitelja za predstavitev portala."


def pdfs_of_contracts(books: Books) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file; the same contract gives the same bytes."""
    contracts = {each.contract_number: each for each in books.contracts}
    payers = {each.payer_number: each for each in books.payers}
    points = {each.supply_point_number: each for each in books.supply_points}
    for file in books.contract_files:
        contract = contracts[file.contract_number]
        payer, point = payers[contract.payer_number], points[contract.supply_point_number]
        yield file.file_name, pdf_of(TEMPLATE, _words(file, contract, payer, point))


def _words(file: ContractFile, contract: Contract, payer: Payer, point: SupplyPoint) -> dict[str, object]:
    signed_on = file.dated_on
    return {
        "title": f"Pogodba o dobavi plina {contract.contract_number}",
        "number": contract.contract_number,
        "signed": {"year": signed_on.year, "month": signed_on.month, "day": signed_on.day},
        "place_and_day": f"{supplier.TOWN}, {day(signed_on, 'sl')}",
        "seller": {
            "name": supplier.NAME,
            "address": f"{supplier.STREET}, {supplier.POST_CODE} {supplier.TOWN}",
            "line": f"{supplier.NAME}, ID za DDV SI{supplier.TAX_NUMBER}",
        },
        "payer": {"name": payer.name, "street": payer.street, "town": f"{payer.post_code} {payer.town}"},
        "facts": _facts(contract, point),
        "notice": NOTICE,
    }


def _facts(contract: Contract, point: SupplyPoint) -> list[list[str]]:
    facts = [
        ["Odjemno mesto", f"{point.supply_point_number}, {point.street}, {point.post_code} {point.town}"],
        ["Velja od", day(contract.starts_on, "sl")],
        ["Velja do", day(contract.ends_on, "sl") if contract.ends_on else "brez konca"],
    ]
    if contract.price_eur is not None:
        facts.append(["Cena plina z DDV", _price(contract.price_eur, contract.unit)])
        fixed = contract.price_basis == "fixed"
        facts.append(["Cena", "stalna do konca pogodbe" if fixed else "po veljavnem ceniku dobavitelja"])
    if contract.rental_eur_month is not None:
        facts.append(["Najem plinohrama z DDV", f"{euros(contract.rental_eur_month, 'sl')} na mesec"])
    return [*facts, ["Odpovedni rok", f"{contract.notice_days} dni"]]


def _price(price_eur: Decimal, unit: str) -> str:
    return unit_price(price_eur, "sl", "m³" if unit == "m3" else unit)
