"""The gases the demo supplier sells: energy, invented prices and levies. Prices are euros; `_with_vat` says so."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

VAT_PERCENT = Decimal("22.00")
REPAIR_VAT_PERCENT = Decimal("9.50")
"""Of repairs in homes; their material has the general rate."""
WITH_VAT = 1 + VAT_PERCENT / 100

RENTAL_NET_EUR_MONTH = Decimal("7.500000")
METER_NET_EUR_MONTH = Decimal("1.200000")
SMALL_DELIVERY_LITRES = 500
SMALL_DELIVERY_NET_EUR = Decimal("50.000000")
REPAIR_NET_EUR = Decimal("83.270000")
REPAIR_MATERIAL = (("Regulator tlaka", 1, Decimal("41.350000")), ("Gibka cev, 0,5 m", 2, Decimal("7.985000")))
REMINDER_NET_EUR = Decimal("5.080000")


@dataclass(frozen=True, kw_only=True)
class Product:
    """`kwh_per_*` at the lower heat value; one cubic metre of vapour was `litres_per_m3` of liquid."""

    code: str
    name: str
    litres_per_m3: Decimal
    kwh_per_m3: Decimal
    kwh_per_litre: Decimal
    price_beside_propane: Decimal
    levy_eur_m3: Decimal
    levy_eur_l: Decimal


PROPANE = Product(
    code="propane",
    name="propan",
    litres_per_m3=Decimal("3.73"),
    kwh_per_m3=Decimal("25.9845"),
    kwh_per_litre=Decimal("6.9627"),
    price_beside_propane=Decimal(1),
    levy_eur_m3=Decimal("0.098600"),
    levy_eur_l=Decimal("0.026400"),
)
MIXTURE = Product(
    code="mixture",
    name="propan-butan",
    litres_per_m3=Decimal("4.24"),
    kwh_per_m3=Decimal("31.1982"),
    kwh_per_litre=Decimal("7.3625"),
    price_beside_propane=Decimal("1.19"),
    levy_eur_m3=Decimal("0.119200"),
    levy_eur_l=Decimal("0.028100"),
)
PRODUCTS = {product.code: product for product in (PROPANE, MIXTURE)}

PROPANE_EUR_M3_WITH_VAT = (
    (date(2018, 1, 1), Decimal("1.6900")),
    (date(2021, 1, 1), Decimal("1.7900")),
    (date(2021, 7, 1), Decimal("1.8900")),
    (date(2021, 10, 1), Decimal("2.0900")),
    (date(2022, 1, 1), Decimal("2.2900")),
    (date(2022, 4, 1), Decimal("2.6900")),
    (date(2022, 10, 1), Decimal("2.8900")),
    (date(2023, 3, 1), Decimal("2.6900")),
    (date(2023, 7, 1), Decimal("2.4900")),
    (date(2024, 1, 1), Decimal("2.4500")),
    (date(2024, 10, 1), Decimal("2.5200")),
    (date(2025, 4, 1), Decimal("2.4400")),
    (date(2025, 10, 1), Decimal("2.5100")),
    (date(2026, 4, 1), Decimal("2.4600")),
    (date(2026, 10, 1), Decimal("2.4900")),
)


def cents(amount: Decimal) -> Decimal:
    """Return euros rounded half up to the cent, as invoices are."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def list_price_eur(product: Product, unit: str, day: date) -> Decimal:
    """Return the price list's price of one m3 or l with VAT on a day; before its first line that of the first."""
    propane = PROPANE_EUR_M3_WITH_VAT[0][1]
    for valid_from, price in PROPANE_EUR_M3_WITH_VAT:
        if valid_from <= day:
            propane = price
    price = propane * product.price_beside_propane
    return (price if unit == "m3" else price / product.litres_per_m3).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def levy_eur(product: Product, unit: str) -> Decimal:
    """Return the environmental levy on one m3 or l, without VAT."""
    return product.levy_eur_m3 if unit == "m3" else product.levy_eur_l


def gas_net_eur(product: Product, unit: str, price_with_vat: Decimal) -> Decimal:
    """Return what one unit costs without VAT and without the levy, to six places."""
    return (price_with_vat / WITH_VAT - levy_eur(product, unit)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
