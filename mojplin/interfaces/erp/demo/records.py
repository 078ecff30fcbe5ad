"""The rows of the demo supplier's export: fields have the names of the contract's columns, and go out under them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mojplin.interfaces.erp.demo.products import VAT_PERCENT, cents
from mojplin.interfaces.erp.demo.supplier import IBAN


@dataclass(frozen=True, kw_only=True)
class Payer:
    payer_number: str
    name: str
    kind: str
    tax_number: str
    street: str
    post_code: str
    town: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class SupplyPoint:
    supply_point_number: str
    kind: str
    street: str
    post_code: str
    town: str
    recipient_number: str
    recipient_name: str
    climate_town: str
    municipality: str = ""
    product: str = ""
    tank_capacity_l: int | None = None
    closed_on: date | None = None
    reading_first_day: int | None = None
    reading_last_day: int | None = None


@dataclass(frozen=True, kw_only=True)
class PayerPeriod:
    supply_point_number: str
    payer_number: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, kw_only=True)
class Meter:
    meter_number: str
    supply_point_number: str
    digits: int
    decimals: int
    installed_on: date
    initial_value_m3: Decimal
    removed_on: date | None = None
    final_value_m3: Decimal | None = None
    correction_factor: Decimal = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one line of a document bills."""

    description: str
    quantity: Decimal
    unit: str
    unit_price_eur: Decimal
    kind: str
    vat_percent: Decimal = VAT_PERCENT

    @property
    def net_eur(self) -> Decimal:
        return cents(self.quantity * self.unit_price_eur)


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    document_number: str
    position: int
    description: str
    quantity: Decimal
    unit: str
    unit_price_eur: Decimal
    net_eur: Decimal
    vat_percent: Decimal
    kind: str


@dataclass(frozen=True, kw_only=True)
class DocumentVat:
    document_number: str
    category: str
    vat_percent: Decimal
    base_eur: Decimal
    vat_eur: Decimal
    reason: str = ""


@dataclass(kw_only=True, eq=False)
class Document:
    """An invoice, credit note or debit note, numbered when all are known; its sums come from its lines.

    `series` is the middle of its number; `open_eur` is what is open on the day of the export.
    """

    series: str
    kind: str
    payer: Payer
    point: SupplyPoint
    issued_on: date
    lines: list[Line]
    due_on: date | None = None
    period_from: date | None = None
    period_to: date | None = None
    corrects: "Document | None" = None
    document_number: str = ""
    external_document_number: str = ""
    reference: str = ""
    open_eur: Decimal = Decimal(0)
    paid_on: date | None = None
    """The day on which what is not open was paid."""
    collected_on: date | None = None
    contract_number: str = ""
    payee_iban: str = IBAN
    readings: "list[BilledReading]" = field(default_factory=list)
    net_eur: Decimal = field(init=False)

    def __post_init__(self) -> None:
        self.net_eur = sum((line.net_eur for line in self.lines), Decimal(0))

    @property
    def vat_eur(self) -> Decimal:
        return sum((row.vat_eur for row in self.vat_rows()), Decimal(0))

    @property
    def amount_eur(self) -> Decimal:
        return self.net_eur + self.vat_eur

    @property
    def payer_number(self) -> str:
        return self.payer.payer_number

    @property
    def supply_point_number(self) -> str:
        return self.point.supply_point_number

    @property
    def corrects_document_number(self) -> str:
        return self.corrects.document_number if self.corrects else ""

    def numbered_lines(self) -> "list[DocumentLine]":
        """Return the rows of the lines; the document must be numbered."""
        return [
            DocumentLine(
                document_number=self.document_number,
                position=position,
                description=line.description,
                quantity=line.quantity,
                unit=line.unit,
                unit_price_eur=line.unit_price_eur,
                net_eur=line.net_eur,
                vat_percent=line.vat_percent,
                kind=line.kind,
            )
            for position, line in enumerate(self.lines, start=1)
        ]

    def vat_rows(self) -> "list[DocumentVat]":
        """Return the rows of the VAT by rate, the highest first; each is rounded on its own."""
        bases: dict[Decimal, Decimal] = {}
        for line in self.lines:
            bases[line.vat_percent] = bases.get(line.vat_percent, Decimal(0)) + line.net_eur
        return [
            DocumentVat(
                document_number=self.document_number,
                category="S",
                vat_percent=percent,
                base_eur=base_eur,
                vat_eur=cents(base_eur * percent / 100),
            )
            for percent, base_eur in sorted(bases.items(), reverse=True)
        ]

    @property
    def purpose_code(self) -> str:
        return {"NAJ": "RENT", "SER": "SCVE"}.get(self.series, "GASB")

    @property
    def purpose(self) -> str:
        words = {"invoice": "Račun", "credit_note": "Dobropis", "debit_note": "Bremepis"}
        return f"{words[self.kind]} {self.document_number}"


@dataclass(kw_only=True, eq=False)
class BilledReading:
    """A billed period of a meter, values in m3; numbered when all are known."""

    supply_point_number: str
    payer_number: str
    meter_number: str
    period_from: date
    period_to: date
    value_from_m3: Decimal
    value_to_m3: Decimal
    basis: str
    customer_reading: str = ""
    not_used_because: str = ""
    reading_number: str = ""
    document: Document | None = None

    @property
    def consumption_m3(self) -> Decimal:
        return self.value_to_m3 - self.value_from_m3

    @property
    def document_number(self) -> str:
        return self.document.document_number if self.document else ""


@dataclass(kw_only=True, eq=False)
class Delivery:
    """A filling of a tank; numbered when all are known."""

    supply_point_number: str
    payer_number: str
    delivered_on: date
    litres: Decimal
    level_before_percent: Decimal | None
    level_after_percent: Decimal | None
    delivery_number: str = ""
    document: Document | None = None

    @property
    def document_number(self) -> str:
        return self.document.document_number if self.document else ""


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    item_number: str
    payer_number: str
    kind: str
    document_number: str
    open_eur: Decimal


@dataclass(frozen=True, kw_only=True)
class Payment:
    payment_number: str
    payer_number: str
    received_on: date
    amount_eur: Decimal


@dataclass(frozen=True, kw_only=True)
class Settlement:
    payment_number: str
    document_number: str
    amount_eur: Decimal


@dataclass(frozen=True, kw_only=True)
class RequestAnswer:
    request_number: str
    state: str
    answered_on: date
    note: str


@dataclass(frozen=True, kw_only=True)
class MoveAnswer:
    move_number: str
    state: str
    answered_on: date
    note: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    contract_number: str
    supply_point_number: str
    payer_number: str
    starts_on: date
    ends_on: date | None
    price_eur: Decimal | None
    unit: str
    price_basis: str
    rental_eur_month: Decimal | None
    notice_days: int = 30


@dataclass(frozen=True, kw_only=True)
class ContractFile:
    file_name: str
    contract_number: str
    kind: str
    dated_on: date


@dataclass(frozen=True, kw_only=True)
class Offer:
    offer_number: str
    contract_number: str
    months: int
    price_eur: Decimal
    price_basis: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class RenewalAnswer:
    renewal_number: str
    outcome: str
    answered_on: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Article:
    article_number: str
    kind: str
    name: str
    valid_from: date
    price_eur: Decimal
    vat_percent: Decimal = VAT_PERCENT
    below_l: int | None = None


@dataclass(frozen=True, kw_only=True)
class OrderStep:
    order_number: str
    state: str
    planned_from: date | None = None
    planned_until: date | None = None
    delivered_on: date | None = None
    litres: Decimal | None = None
    gauge_percent: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Price:
    product: str
    unit: str
    valid_from: date
    price_eur: Decimal
    levies_eur: Decimal
    vat_percent: Decimal
    kwh_per_unit: Decimal
