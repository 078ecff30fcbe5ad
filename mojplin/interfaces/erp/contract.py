"""The contract with the supplier's IT: which files an export holds, with every column, unit and code list.

The same tables check a feed row by row, tell the demo supplier what to write, and make `docs/feed.md`, so that the
document cannot drift from the program. Decimal point, ISO dates, comma-separated (RFC 4180), header line required.
"""

from dataclasses import dataclass
from enum import StrEnum

MANIFEST = "manifest.json"
XML_FOLDER = "xml"
PDF_FOLDER = "pdf"
CONTRACT_FOLDER = "contracts"
FORMAT_VERSION = 1


class Kind(StrEnum):
    TEXT = "text"
    CODE = "code"
    DATE = "date"
    INTEGER = "integer"
    DECIMAL = "decimal"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: `size` is the longest text, or the digits of a number in all; `places` those after the point."""

    name: str
    kind: Kind
    meaning: str
    example: str
    required: bool = True
    size: int = 0
    places: int = 0
    codes: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True, kw_only=True)
class File:
    """One CSV file: `key` names the columns that identify a row in every export, for ever.

    `may_shrink_percent`: how many fewer rows than last time are usual (None: the limit of the settings).
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    may_shrink_percent: int | None = None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def text(name: str, meaning: str, example: str, *, size: int, required: bool = True) -> Column:
    return Column(name=name, kind=Kind.TEXT, meaning=meaning, example=example, size=size, required=required)


def code(name: str, meaning: str, codes: tuple[str, ...], *, required: bool = True) -> Column:
    return Column(
        name=name, kind=Kind.CODE, meaning=meaning, example=codes[0], codes=codes,
        size=max(map(len, codes)), required=required,
    )  # fmt: skip


def day(name: str, meaning: str, example: str, *, required: bool = True) -> Column:
    return Column(name=name, kind=Kind.DATE, meaning=meaning, example=example, required=required)


def integer(name: str, meaning: str, example: str, *, minimum: int = 0, maximum: int, required: bool = True) -> Column:
    return Column(
        name=name, kind=Kind.INTEGER, meaning=meaning, example=example, minimum=str(minimum),
        maximum=str(maximum), required=required,
    )  # fmt: skip


def number(
    name: str, meaning: str, example: str, *, size: int, places: int, minimum: str | None = "0",
    required: bool = True,
) -> Column:  # fmt: skip
    return Column(
        name=name, kind=Kind.DECIMAL, meaning=meaning, example=example, size=size, places=places,
        minimum=minimum, required=required,
    )  # fmt: skip


def euros(name: str, meaning: str, example: str, *, required: bool = True) -> Column:
    return number(name, meaning, example, size=12, places=2, required=required)


PAYER_NUMBER = text("payer_number", "The payer (bill-to customer) in the ERP.", "20418837", size=20)
SUPPLY_POINT_NUMBER = text("supply_point_number", "The supply point.", "1042-7731", size=20)
DOCUMENT_NUMBER = text("document_number", "The document, as printed on it.", "26-OGR-104417", size=35)
DOCUMENT_NUMBER_OR_EMPTY = text(
    "document_number", "The document that billed it, when billed.", "26-OGR-104417", size=35, required=False
)

PAYERS = File(
    name="payers.csv",
    meaning="Who pays: one row for each bill-to customer.",
    key=("payer_number",),
    columns=(
        PAYER_NUMBER,
        text("name", "Name and surname, or the company's name.", "Marjeta Hribar", size=140),
        code("kind", "A natural person or a company.", ("person", "company")),
        text("tax_number", "Tax number, eight digits without SI.", "50223054", size=14),
        text("street", "Street and house number.", "Ob potoku 14", size=100),
        text("post_code", "Post code.", "1241", size=10),
        text("town", "Town.", "Kamnik", size=60),
        text("email", "Contact e-mail known to the supplier.", "marjeta@example.si", size=254, required=False),
        text("phone", "Contact phone.", "040 000 000", size=30, required=False),
    ),
)

SUPPLY_POINTS = File(
    name="supply_points.csv",
    meaning="Places with a meter or a tank.",
    key=("supply_point_number",),
    columns=(
        SUPPLY_POINT_NUMBER,
        code(
            "kind",
            "metered: vapour through a meter, billed in m3; network: the same on a network shared by several homes; "
            "bulk: liquid delivered to the customer's tank, billed in litres; rental: only a tank is rented.",
            ("metered", "network", "bulk", "rental"),
        ),
        code("product", "The gas.", ("propane", "mixture"), required=False),
        text("street", "Street and house number of the place.", "Ob potoku 14", size=100),
        text("post_code", "Post code.", "1241", size=10),
        text("town", "Town.", "Kamnik", size=60),
        text(
            "municipality",
            "Municipality, for notices of it alone; empty: the one called like the town.",
            "Kamnik",
            size=60,
            required=False,
        ),
        text("recipient_number", "The recipient (sell-to customer) in the ERP.", "20418845", size=20),
        text("recipient_name", "The recipient's name.", "Marjeta Hribar", size=140),
        text("climate_town", "Town whose weather is nearest.", "Ljubljana", size=40, required=False),
        integer("tank_capacity_l", "Water volume of the tank, litres.", "2700", maximum=200_000, required=False),
        day("closed_on", "The day the place was closed.", "2026-06-30", required=False),
        integer(
            "reading_first_day",
            "Day of the month on which its readings open, if not the usual one.",
            "20",
            minimum=1,
            maximum=31,
            required=False,
        ),
        integer(
            "reading_last_day",
            "Day on which they close; before the first day: of the next month.",
            "28",
            minimum=1,
            maximum=31,
            required=False,
        ),
    ),
)

PAYER_PERIODS = File(
    name="payer_periods.csv",
    meaning="Who pays for a supply point from when to when; a change of payer is a second row.",
    key=("supply_point_number", "starts_on"),
    columns=(
        SUPPLY_POINT_NUMBER,
        PAYER_NUMBER,
        day("starts_on", "First day.", "2019-04-01"),
        day("ends_on", "First day that is no longer his; empty while it lasts.", "2026-07-01", required=False),
    ),
)

METERS = File(
    name="meters.csv",
    meaning="Gas meters; an exchange is the old row with its final value and a new row.",
    key=("meter_number",),
    columns=(
        text("meter_number", "Serial number.", "G4-8812345", size=30),
        SUPPLY_POINT_NUMBER,
        integer("digits", "Black digits of the counter.", "5", minimum=3, maximum=9),
        integer("decimals", "Decimals asked from the customer, usually 0.", "0", maximum=3),
        day("installed_on", "The day it was installed.", "2019-04-01"),
        number("initial_value_m3", "Counter on that day, m3.", "0.000", size=12, places=3),
        day("removed_on", "The day it was removed.", "2025-03-14", required=False),
        number("final_value_m3", "Counter on that day, m3.", "3120.000", size=12, places=3, required=False),
        number("correction_factor", "Pressure and temperature correction.", "1.0000", size=6, places=4),
    ),
)

BILLED_READINGS = File(
    name="billed_readings.csv",
    meaning="Meter readings as they were billed, with their billing basis.",
    key=("reading_number",),
    columns=(
        text("reading_number", "The row's own number in the ERP.", "R-000184512", size=30),
        SUPPLY_POINT_NUMBER,
        PAYER_NUMBER,
        text("meter_number", "Serial number of the meter.", "G4-8812345", size=30),
        DOCUMENT_NUMBER_OR_EMPTY,
        day("period_from", "First day of the period.", "2026-10-01"),
        day("period_to", "Last day of the period.", "2026-10-31"),
        number("value_from_m3", "Counter at its start, m3.", "4260.000", size=12, places=3),
        number("value_to_m3", "Counter at its end, m3.", "4312.000", size=12, places=3),
        number(
            "consumption_m3", "Billed quantity, m3; below zero only for a settlement.", "52.000",
            size=12, places=3, minimum=None,
        ),
        code(
            "basis",
            "customer_reported: the customer sent it; technician: read by the supplier; remote: sent by the meter; "
            "flat_rate: estimated; settlement: the difference after a real reading; exchange: at a meter exchange.",
            ("customer_reported", "technician", "remote", "flat_rate", "settlement", "exchange"),
        ),
        text("customer_reading", "The `id` of the customer's reading (message erp.reading.submitted) that this row "
             "uses or replaces.", "x9QmX2p0S6uVh1aKd83rTw", size=22, required=False),
        code(
            "not_used_because",
            "Why it was replaced; empty when it is used. late: too late for this bill; implausible: does not fit the "
            "others; meter_exchanged: another meter by then; read_by_supplier: the supplier read the meter; other.",
            ("late", "implausible", "meter_exchanged", "read_by_supplier", "other"), required=False,
        ),
    ),
)  # fmt: skip

DOCUMENTS = File(
    name="documents.csv",
    meaning="Invoices, credit notes and debit notes. Amounts are never negative: the kind says which way money goes.",
    key=("document_number",),
    columns=(
        DOCUMENT_NUMBER,
        code("kind", "What it is.", ("invoice", "credit_note", "debit_note")),
        PAYER_NUMBER,
        text("supply_point_number", "The supply point, when it is for one.", "1042-7731", size=20, required=False),
        text("external_document_number", "External document number printed on it.", "ZD-2026-118842", size=35,
             required=False),
        day("issued_on", "Day of issue.", "2026-11-12"),
        day("due_on", "Day it is due.", "2026-11-30", required=False),
        day("period_from", "First day billed.", "2026-10-01", required=False),
        day("period_to", "Last day billed.", "2026-10-31", required=False),
        euros("net_eur", "Without VAT.", "112.16"),
        euros("vat_eur", "VAT.", "24.68"),
        euros("amount_eur", "To pay in all; net and VAT together.", "136.84"),
        text("payee_iban", "Account to pay to.", "SI56020170014356205", size=34, required=False),
        text("reference", "Payment reference with its model, without spaces.", "SI1226104417000", size=26,
             required=False),
        text("purpose_code", "Purpose code of the payment.", "GASB", size=4, required=False),
        text("purpose", "Purpose of the payment.", "Račun 26-OGR-104417", size=42, required=False),
        text("corrects_document_number", "The document it corrects.", "26-OGR-090334", size=35, required=False),
        day("collected_on", "Day on which you collect what is open by direct debit; empty: the customer pays it. Keep "
            "the day until the payment is booked; empty it, or give a new day, when the bank refuses.", "2026-11-30",
            required=False),
    ),
)  # fmt: skip

DOCUMENT_LINES = File(
    name="document_lines.csv",
    meaning="Lines of the documents, exactly as issued.",
    key=("document_number", "position"),
    columns=(
        DOCUMENT_NUMBER,
        integer("position", "Number of the line.", "1", minimum=1, maximum=9999),
        text("description", "What was billed.", "Utekočinjeni naftni plin", size=256),
        number("quantity", "Quantity.", "52.000", size=14, places=3, minimum=None),
        text("unit", "Unit: m3, l, kg, kWh, mesec, kos.", "m3", size=10),
        number("unit_price_eur", "Price of one unit without VAT.", "1.914000", size=14, places=6, minimum=None),
        number("net_eur", "Amount without VAT.", "99.53", size=12, places=2, minimum=None),
        number("vat_percent", "VAT rate.", "22.00", size=5, places=2),
        code(
            "kind",
            "What the line is, so that the portal can explain it: gas; levy: a levy or tax besides VAT; rental: of the "
            "tank; meter: its fee; delivery: driving and filling; reminder: its cost or interest; discount; other.",
            ("gas", "levy", "rental", "meter", "delivery", "reminder", "discount", "other"),
            required=False,
        ),
    ),
)

DOCUMENT_VAT = File(
    name="document_vat.csv",
    meaning="VAT of the documents by rate, exactly as issued: the portal shows it and never reckons it. Of a document "
    "without a row here its VAT is shown in all.",
    key=("document_number", "category", "vat_percent"),
    columns=(
        DOCUMENT_NUMBER,
        code(
            "category",
            "VAT category of EN 16931 (BT-118): S: a rate; Z: zero; E: exempt; AE: the recipient pays it; K: within "
            "the EU; G: export; O: outside VAT.",
            ("S", "Z", "E", "AE", "K", "G", "O"),
        ),
        number("vat_percent", "VAT rate.", "22.00", size=5, places=2),
        number("base_eur", "Amount without VAT at this rate.", "112.16", size=12, places=2, minimum=None),
        number("vat_eur", "VAT of this rate.", "24.68", size=12, places=2, minimum=None),
        text("reason", "Why there is none, as printed (BT-120).", "Obrnjena davčna obveznost po 76.a členu ZDDV-1",
             size=100, required=False),
    ),
)  # fmt: skip

OPEN_ITEMS = File(
    name="open_items.csv",
    meaning="What is open on the day of the export; a document that is not here is paid.",
    key=("item_number",),
    may_shrink_percent=60,
    columns=(
        text("item_number", "The row's own number in the ERP.", "OI-0091234", size=30),
        PAYER_NUMBER,
        code(
            "kind", "A document, or a payment not yet set against one (in the payer's favour).", ("document", "payment")
        ),
        text("document_number", "The document; empty for a payment.", "26-OGR-104417", size=35, required=False),
        euros("open_eur", "What is still open.", "136.84"),
    ),
)

PAYMENT_NUMBER = text("payment_number", "The row's own number in the ERP.", "PL-26-0091234", size=30)

PAYMENTS = File(
    name="payments.csv",
    meaning="Payments received, of the last two years at least; which documents they closed is in `settlements.csv`.",
    key=("payment_number",),
    columns=(
        PAYMENT_NUMBER,
        PAYER_NUMBER,
        day("received_on", "Day on which the money came.", "2026-11-24"),
        euros("amount_eur", "What was paid.", "136.84"),
    ),
)

SETTLEMENTS = File(
    name="settlements.csv",
    meaning="What each payment closed of each document. A settlement that was taken back stays, with the amount 0.",
    key=("payment_number", "document_number"),
    columns=(
        PAYMENT_NUMBER,
        DOCUMENT_NUMBER,
        euros("amount_eur", "What of the document it closed.", "136.84"),
    ),
)

REQUEST_ANSWERS = File(
    name="request_answers.csv",
    meaning="What came of customers' requests (`erp.request.made`): one row for each that was answered.",
    key=("request_number",),
    columns=(
        text("request_number", "Number of the request, as the portal gave it.", "Z-2026-000123", size=22),
        code("state", "accepted: it is carried out; refused: it is not.", ("accepted", "refused")),
        day("answered_on", "The day.", "2026-11-24"),
        text(
            "note", "What the customer reads about it, a sentence.", "Velja od 1. 12. 2026.", size=200, required=False
        ),
    ),
)

PRICE_BASIS = code(
    "price_basis",
    "fixed: the price of the gas holds to the last day; price_list: it moves with the price list.",
    ("fixed", "price_list"),
    required=False,
)

CONTRACTS = File(
    name="contracts.csv",
    meaning="Supply contracts.",
    key=("contract_number",),
    columns=(
        text("contract_number", "The contract.", "OGR-2024/1184", size=30),
        SUPPLY_POINT_NUMBER,
        PAYER_NUMBER,
        day("starts_on", "First day.", "2025-02-01"),
        day("ends_on", "Last day; empty when it has no end.", "2027-01-31", required=False),
        number("price_eur", "Price of one unit with VAT; empty for tank rental alone.", "2.3400", size=10, places=4,
               required=False),
        code("unit", "Unit of the price.", ("m3", "l"), required=False),
        PRICE_BASIS,
        number("rental_eur_month", "Tank rental a month with VAT.", "9.15", size=8, places=2, required=False),
        integer("notice_days", "Notice period, days.", "30", maximum=366),
    ),
)  # fmt: skip

CONTRACT_FILES = File(
    name="contract_files.csv",
    meaning="Documents of the contracts: the signed contract, annexes, conditions. Their PDF lies in `contracts/`.",
    key=("file_name",),
    columns=(
        text("file_name", "Name of the file in the folder `contracts`.", "OGR-2024-1184.pdf", size=100),
        text("contract_number", "The contract.", "OGR-2024/1184", size=30),
        code("kind", "What it is.", ("contract", "annex", "conditions", "other")),
        day("dated_on", "The day on it.", "2025-01-12"),
    ),
)

OFFERS = File(
    name="offers.csv",
    meaning="Offers to renew a contract.",
    key=("offer_number",),
    may_shrink_percent=60,
    columns=(
        text("offer_number", "The offer.", "P-2026-00412", size=30),
        text("contract_number", "The contract it renews.", "OGR-2024/1184", size=30),
        integer("months", "Months it would last.", "24", minimum=1, maximum=120),
        number("price_eur", "Price of one unit with VAT.", "2.1900", size=10, places=4),
        code(
            "price_basis",
            "fixed: the offered price holds to the last day; price_list: it moves with the price list.",
            ("fixed", "price_list"),
        ),
        day("valid_from", "First day the offer is good.", "2026-11-01"),
        day("valid_until", "Last day the offer is good.", "2027-01-31"),
    ),
)

RENEWAL_ANSWERS = File(
    name="renewal_answers.csv",
    meaning="What the supplier answers to renewals that the portal sent (message erp.renewal.agreed).",
    key=("renewal_number",),
    may_shrink_percent=100,
    columns=(
        text("renewal_number", "The renewal, as the portal numbered it.", "PO-2026-000012", size=22),
        code("outcome", "Whether it holds.", ("accepted", "refused")),
        day("answered_on", "The day of the answer.", "2026-11-27"),
        text("reason", "Why it was refused, for the customer to read; else empty.", "", size=300, required=False),
    ),
)

MOVE_ANSWERS = File(
    name="move_answers.csv",
    meaning="What came of hand-overs of supply points (`erp.move.agreed`): one row for each that was answered.",
    key=("move_number",),
    may_shrink_percent=100,
    columns=(
        text("move_number", "Number of the hand-over, as the portal gave it.", "S-2026-000123", size=22),
        code("state", "taken_over: the payer has changed; refused: it has not.", ("taken_over", "refused")),
        day("answered_on", "The day.", "2026-12-01"),
        text("note", "What both sides read about it; of a refusal the reason.", "", size=200, required=False),
    ),
)

PRICE_LIST = File(
    name="price_list.csv",
    meaning="The standard price list, dated.",
    key=("product", "unit", "valid_from"),
    columns=(
        code("product", "The gas.", ("propane", "mixture")),
        code("unit", "Unit of the price.", ("m3", "l", "kg")),
        day("valid_from", "First day.", "2026-11-01"),
        number("price_eur", "Price of one unit with VAT.", "2.4900", size=10, places=4),
        number("levies_eur", "Levies in the price of one unit, without VAT.", "0.0986", size=10, places=4),
        number("vat_percent", "VAT rate in the price.", "22.00", size=5, places=2),
        number("kwh_per_unit", "Energy of one unit, lower heat value.", "25.9845", size=10, places=4),
    ),
)

ARTICLES = File(
    name="articles.csv",
    meaning="The price list of cylinders and of services with a price of their own, dated.",
    key=("article_number", "valid_from"),
    columns=(
        text("article_number", "The article.", "DOP-MALO", size=20),
        code(
            "kind",
            "small_order: the surcharge for a small refill of a tank; cylinder: can be ordered in the portal.",
            ("small_order", "cylinder"),
        ),
        text("name", "Name as customers read it.", "Doplačilo za majhno naročilo", size=100),
        day("valid_from", "First day.", "2026-10-01"),
        number("price_eur", "Price with VAT.", "61.00", size=8, places=2),
        number("vat_percent", "VAT rate in it.", "22.00", size=5, places=2),
        integer("below_l", "Of small_order: charged for fewer litres than this.", "500", maximum=100_000,
                required=False),
    ),
)  # fmt: skip

ORDER_STEPS = File(
    name="order_steps.csv",
    meaning="How far the supplier is with orders that the portal sent (erp.order.placed, erp.cylinders.ordered).",
    key=("order_number",),
    may_shrink_percent=100,
    columns=(
        text("order_number", "The order, as the portal numbered it.", "N-2026-000123", size=20),
        code("state", "The newest step.", ("planned", "delivered", "cancelled")),
        day("planned_from", "First day on which the delivery may come.", "2026-12-02", required=False),
        day("planned_until", "Last such day; empty: that day alone.", "2026-12-04", required=False),
        day("delivered_on", "The day of the delivery.", "2026-12-03", required=False),
        number("litres", "Litres filled.", "1530.000", size=12, places=3, required=False),
        number("gauge_percent", "Gauge after filling.", "85", size=5, places=2, required=False),
        text("reason", "Why it was cancelled, for the customer to read; else empty.", "", size=300, required=False),
    ),
)

DELIVERIES = File(
    name="deliveries.csv",
    meaning="Gas delivered to tanks.",
    key=("delivery_number",),
    columns=(
        text("delivery_number", "The delivery note.", "D-26-004411", size=30),
        SUPPLY_POINT_NUMBER,
        PAYER_NUMBER,
        day("delivered_on", "The day.", "2026-10-08"),
        number("litres", "Litres filled.", "1540.000", size=12, places=3),
        number("level_before_percent", "Gauge before filling.", "28", size=5, places=2, required=False),
        number("level_after_percent", "Gauge after filling.", "85", size=5, places=2, required=False),
        DOCUMENT_NUMBER_OR_EMPTY,
    ),
)

FILES = (
    PAYERS, SUPPLY_POINTS, PAYER_PERIODS, METERS, DOCUMENTS, DOCUMENT_LINES, DOCUMENT_VAT, BILLED_READINGS, OPEN_ITEMS,
    PAYMENTS, SETTLEMENTS, REQUEST_ANSWERS,
    CONTRACTS, CONTRACT_FILES, OFFERS, RENEWAL_ANSWERS, PRICE_LIST, ARTICLES, DELIVERIES, ORDER_STEPS, MOVE_ANSWERS,
)  # fmt: skip
"""In the order in which they are taken in: a row may name only what stands in an earlier file."""

MANIFEST_FIELDS: dict[str, str] = {
    "format": "Version of this contract: 1.",
    "sequence": "A whole number that grows with every export; a lower one than last taken in is refused.",
    "made_at": "When the export was made, ISO 8601 with zone.",
    "encoding": "utf-8 (with or without BOM), or cp1250.",
    "files": "For every file, by its path in the folder: sha256 (hex) and, for a CSV file, rows (without the header).",
}
"""The manifest is written last: a folder without it, or with a file that does not match it, is not complete."""
