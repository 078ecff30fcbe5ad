"""The demo supplier's books on a day: every row of its export, numbered and in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mojplin.interfaces.erp.demo.bills import (
    delivery_invoices,
    metered_invoices,
    notes_on,
    rental_invoices,
    repair_invoices,
)
from mojplin.interfaces.erp.demo.contracts import contract_files, contracts_of, numbered, offers_for
from mojplin.interfaces.erp.demo.numbers import reference_si12
from mojplin.interfaces.erp.demo.payments import open_items, overpayments, receipts, settle
from mojplin.interfaces.erp.demo.population import population
from mojplin.interfaces.erp.demo.products import (
    PRODUCTS,
    PROPANE_EUR_M3_WITH_VAT,
    SMALL_DELIVERY_LITRES,
    SMALL_DELIVERY_NET_EUR,
    VAT_PERCENT,
    WITH_VAT,
    cents,
    levy_eur,
    list_price_eur,
)
from mojplin.interfaces.erp.demo.readings import billed_readings, meters_of, play
from mojplin.interfaces.erp.demo.records import (
    Article,
    BilledReading,
    Contract,
    ContractFile,
    Delivery,
    Document,
    DocumentLine,
    DocumentVat,
    Meter,
    MoveAnswer,
    Offer,
    OpenItem,
    OrderStep,
    Payer,
    PayerPeriod,
    Payment,
    Price,
    RenewalAnswer,
    RequestAnswer,
    Settlement,
    SupplyPoint,
)
from mojplin.interfaces.erp.demo.sites import Site
from mojplin.interfaces.erp.demo.tanks import deliveries_to
from mojplin.interfaces.erp.demo.weather import Weather

YEARS = 5
SERIES = {"OGR": (1, 100_000), "NAJ": (2, 500_000), "DOB": (3, 2_000), "BRE": (4, 400), "SER": (5, 700)}
"""A series' digit in payment references, and the number before its first of a year."""
ARTICLES_FROM = date(2025, 1, 1)
CYLINDERS = (
    ("JEK-5", "Jeklenka propan-butan 5 kg, polnjenje", "17.90"),
    ("JEK-10", "Jeklenka propan-butan 10 kg, polnjenje", "31.90"),
    ("JEK-35", "Jeklenka propan 35 kg, polnjenje", "98.50"),
)
"""Numbers, names and prices with VAT, all invented."""
PRINTED_FROM = date(2023, 6, 1)
"""Invoices carry an external document number from this day on."""


@dataclass(kw_only=True)
class Books:
    """The rows of every file, in the order in which they are written."""

    until: date
    sites: list[Site]
    payers: list[Payer] = field(default_factory=list)
    supply_points: list[SupplyPoint] = field(default_factory=list)
    payer_periods: list[PayerPeriod] = field(default_factory=list)
    meters: list[Meter] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    billed_readings: list[BilledReading] = field(default_factory=list)
    open_items: list[OpenItem] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    request_answers: list[RequestAnswer] = field(default_factory=list)
    """None: nobody has asked the invented supplier for anything."""
    contracts: list[Contract] = field(default_factory=list)
    contract_files: list[ContractFile] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    renewal_answers: list[RenewalAnswer] = field(default_factory=list)
    """None: nobody has renewed anything when the demo begins."""
    articles: list[Article] = field(default_factory=list)
    order_steps: list[OrderStep] = field(default_factory=list)
    """None, for the same reason."""
    move_answers: list[MoveAnswer] = field(default_factory=list)
    """None: nobody has moved out."""
    price_list: list[Price] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def document_lines(self) -> list[DocumentLine]:
        return [line for document in self.documents for line in document.numbered_lines()]

    @property
    def document_vat(self) -> list[DocumentVat]:
        return [row for document in self.documents for row in document.vat_rows()]


def keep_books(
    *, households: int, seed: int, until: date, progress: Callable[[Iterable[Site]], Iterable[Site]] = iter
) -> Books:
    """Play five calendar years and the present one up to `until`, and return what the ERP would hold.

    The same arguments give the same books; a later `until` of the same year keeps every document of an earlier one.

    :param progress: wraps the places while they are played, for a progress bar.
    """
    first = date(until.year - YEARS, 1, 1)
    books = Books(until=until, sites=population(households=households, seed=seed, first=first, until=until))
    weather = Weather(seed=seed, first=first, last=until)
    _enter_customers(books)
    contracts = _enter_contracts(books)
    for site in progress(books.sites):
        _enter_site(books, site, contracts[site.point.supply_point_number], weather)
    _number(books)
    books.open_items = [*open_items(books.documents), *overpayments(books.sites, until=until)]
    books.payments, books.settlements = receipts(books.documents, until=until)
    books.price_list = list(_price_list(until))
    books.articles = list(_articles())
    return books


def _enter_customers(books: Books) -> None:
    payers: dict[str, Payer] = {}
    for site in books.sites:
        books.supply_points.append(site.point)
        for tenancy in site.tenancies:
            payers.setdefault(tenancy.payer.payer_number, tenancy.payer)
            books.payer_periods.append(
                PayerPeriod(
                    supply_point_number=site.point.supply_point_number,
                    payer_number=tenancy.payer.payer_number,
                    starts_on=tenancy.starts_on,
                    ends_on=tenancy.ends_on,
                )
            )
    books.payers = list(payers.values())


def _enter_contracts(books: Books) -> dict[str, list[Contract]]:
    """Number all contracts and return them by supply point, in order."""
    books.contracts = numbered(contract for site in books.sites for contract in contracts_of(site, until=books.until))
    by_point: dict[str, list[Contract]] = {site.point.supply_point_number: [] for site in books.sites}
    for contract in books.contracts:
        by_point[contract.supply_point_number].append(contract)
    newest = [
        (site, by_point[site.point.supply_point_number][-1])
        for site in books.sites
        if by_point[site.point.supply_point_number]
    ]
    books.offers = offers_for(newest, until=books.until)
    books.contract_files = contract_files(books.contracts)
    return by_point


def _enter_site(books: Books, site: Site, contracts: list[Contract], weather: Weather) -> None:
    until = books.until
    invoices: list[Document] = []
    if site.point.kind in ("metered", "network"):
        use = play(site, weather)
        meters = meters_of(site, use)
        readings = billed_readings(site, use, meters, until=until)
        invoices += metered_invoices(site, contracts, readings)
        books.meters += meters
        books.billed_readings += readings
    elif site.point.kind == "bulk":
        deliveries = deliveries_to(site, play(site, weather))
        invoices += delivery_invoices(site, contracts, deliveries, until=until)
        books.deliveries += deliveries
    if site.point.kind in ("bulk", "rental"):
        invoices += rental_invoices(site, contracts, until=until)
    documents = [*invoices, *notes_on(site, invoices, until=until), *repair_invoices(site, until=until)]
    settle(site, documents, until=until)
    books.documents += documents


def _number(books: Books) -> None:
    """Number what the year brought in the order it was issued, so that a later export keeps the numbers."""
    books.documents.sort(key=lambda each: (each.issued_on, each.series, each.supply_point_number, each.kind))
    counts: dict[tuple[int, str], int] = {}
    for document in books.documents:
        year = document.issued_on.year
        digit, start = SERIES[document.series]
        serial = counts[year, document.series] = counts.get((year, document.series), start) + 1
        document.document_number = f"{year % 100:02d}-{document.series}-{serial:06d}"
        document.reference = reference_si12(f"{year % 100:02d}{digit}{serial:06d}")
        if document.issued_on >= PRINTED_FROM:
            document.external_document_number = f"ZD-{year}-{digit}{serial:06d}"
    _print_cast_numbers(books)
    books.billed_readings.sort(key=lambda each: (each.period_to, each.supply_point_number))
    for serial, reading in enumerate(books.billed_readings, start=1):
        reading.reading_number = f"R-{serial:09d}"
    books.deliveries.sort(key=lambda each: (each.delivered_on, each.supply_point_number))
    for serial, delivery in enumerate(books.deliveries, start=1):
        delivery.delivery_number = f"D-{delivery.delivered_on.year % 100:02d}-{serial:06d}"


def _print_cast_numbers(books: Books) -> None:
    """Print the cast's own external document number on the newest invoice of each of its points."""
    cast = {site.cast.supply_point_number: site.cast for site in books.sites if site.cast}
    for document in reversed(books.documents):
        if document.kind == "invoice" and document.supply_point_number in cast:
            document.external_document_number = cast.pop(document.supply_point_number).external_document_number


def _articles() -> Iterable[Article]:
    surcharge = cents(SMALL_DELIVERY_NET_EUR * WITH_VAT)
    yield Article(
        article_number="DOP-MALO", kind="small_order", name="Doplačilo za majhno naročilo", valid_from=ARTICLES_FROM,
        price_eur=surcharge, below_l=SMALL_DELIVERY_LITRES,
    )  # fmt: skip
    for number, name, price in CYLINDERS:
        yield Article(
            article_number=number, kind="cylinder", name=name, valid_from=ARTICLES_FROM, price_eur=Decimal(price)
        )


def _price_list(until: date) -> Iterable[Price]:
    for valid_from, _price in PROPANE_EUR_M3_WITH_VAT:
        if valid_from > until:
            return
        for product in PRODUCTS.values():
            for unit, kwh in (("m3", product.kwh_per_m3), ("l", product.kwh_per_litre)):
                yield Price(
                    product=product.code,
                    unit=unit,
                    valid_from=valid_from,
                    price_eur=list_price_eur(product, unit, valid_from),
                    levies_eur=levy_eur(product, unit),
                    vat_percent=VAT_PERCENT,
                    kwh_per_unit=kwh,
                )
