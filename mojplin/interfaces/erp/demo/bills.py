"""The invoices of a place: metered months, deliveries to a tank, tank rental; and the notes that correct them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from random import Random

from mojplin.interfaces.erp.demo.contracts import contract_on, price_eur
from mojplin.interfaces.erp.demo.months import Month, due_on, months_between
from mojplin.interfaces.erp.demo.products import (
    METER_NET_EUR_MONTH,
    REMINDER_NET_EUR,
    RENTAL_NET_EUR_MONTH,
    REPAIR_MATERIAL,
    REPAIR_NET_EUR,
    REPAIR_VAT_PERCENT,
    SMALL_DELIVERY_LITRES,
    SMALL_DELIVERY_NET_EUR,
    gas_net_eur,
    levy_eur,
)
from mojplin.interfaces.erp.demo.records import BilledReading, Contract, Delivery, Document, Line
from mojplin.interfaces.erp.demo.sites import Case, Site, tenancy_on

DELIVERY_DUE_DAYS = 15
NOTE_DUE_DAYS = 18
ANEW_AFTER_DAYS = 10
REPAIRED_ON_DAY = 9
ONE = Decimal("1.000")


def metered_invoices(
    site: Site, contracts: Sequence[Contract], readings: Sequence[BilledReading]
) -> Iterator[Document]:
    """Yield one document for each billed month; a settlement that leaves less than nothing is a credit note."""
    for month, rows in groupby(readings, key=lambda row: Month.of(row.period_to)):
        of_month = list(rows)
        document = _metered_invoice(site, contracts, month, of_month)
        for row in of_month:
            row.document = document
        document.readings = of_month
        yield document


def _metered_invoice(
    site: Site, contracts: Sequence[Contract], month: Month, rows: Sequence[BilledReading]
) -> Document:
    quantity = sum((row.consumption_m3 for row in rows), Decimal(0)).quantize(Decimal("0.001"))
    lines = list(_gas_lines(site, contracts, "m3", month.last, quantity))
    if site.has_rental:
        lines.append(
            Line(
                description="Najem plinohrama",
                quantity=ONE,
                unit="mesec",
                unit_price_eur=RENTAL_NET_EUR_MONTH,
                kind="rental",
            )
        )
    else:
        lines.append(
            Line(description="Števnina", quantity=ONE, unit="mesec", unit_price_eur=METER_NET_EUR_MONTH, kind="meter")
        )
    issued_on = month.issued_on()
    document = Document(
        series="OGR",
        kind="invoice",
        payer=tenancy_on(site, month.last).payer,
        point=site.point,
        issued_on=issued_on,
        due_on=due_on(issued_on),
        period_from=rows[0].period_from,
        period_to=rows[-1].period_to,
        lines=lines,
        contract_number=_contract_number(contracts, month.last),
    )
    return _turned(document) if document.net_eur < 0 else document


def _turned(document: Document) -> Document:
    """Return a credit note over what an invoice with less than nothing to pay would give back."""
    lines = [replace(line, quantity=-line.quantity) for line in document.lines]
    return replace(document, series="DOB", kind="credit_note", due_on=None, lines=lines)


def _gas_lines(site: Site, contracts: Sequence[Contract], unit: str, day: date, quantity: Decimal) -> Iterator[Line]:
    price = gas_net_eur(site.product, unit, price_eur(site, contracts, unit, day))
    gas = f"Utekočinjeni naftni plin, {site.product.name}"
    yield Line(description=gas, quantity=quantity, unit=unit, unit_price_eur=price, kind="gas")
    yield Line(
        description="Okoljska dajatev CO2",
        quantity=quantity,
        unit=unit,
        unit_price_eur=levy_eur(site.product, unit),
        kind="levy",
    )


def _contract_number(contracts: Sequence[Contract], day: date) -> str:
    contract = contract_on(contracts, day)
    return contract.contract_number if contract else ""


def delivery_invoices(
    site: Site, contracts: Sequence[Contract], deliveries: Sequence[Delivery], *, until: date
) -> Iterator[Document]:
    """Yield the invoice of each delivery, issued the day after; small ones carry a surcharge."""
    for delivery in deliveries:
        issued_on = delivery.delivered_on + timedelta(days=1)
        if issued_on > until:
            continue
        lines = list(_gas_lines(site, contracts, "l", delivery.delivered_on, delivery.litres))
        if delivery.litres < SMALL_DELIVERY_LITRES:
            surcharge = f"Dodatek za dostavo pod {SMALL_DELIVERY_LITRES} l"
            lines.append(
                Line(
                    description=surcharge,
                    quantity=ONE,
                    unit="kos",
                    unit_price_eur=SMALL_DELIVERY_NET_EUR,
                    kind="delivery",
                )
            )
        delivery.document = Document(
            series="OGR",
            kind="invoice",
            payer=tenancy_on(site, delivery.delivered_on).payer,
            point=site.point,
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=DELIVERY_DUE_DAYS),
            period_from=delivery.delivered_on,
            period_to=delivery.delivered_on,
            lines=lines,
            contract_number=_contract_number(contracts, delivery.delivered_on),
        )
        yield delivery.document


def rental_invoices(site: Site, contracts: Sequence[Contract], *, until: date) -> Iterator[Document]:
    """Yield an invoice for tank rental after every quarter."""
    for month in months_between(site.since, until):
        if month.number % 3 or month.after(-2).first < site.since:
            continue
        issued_on = month.issued_on()
        yield Document(
            series="NAJ",
            kind="invoice",
            payer=tenancy_on(site, month.last).payer,
            point=site.point,
            issued_on=issued_on,
            due_on=due_on(issued_on),
            period_from=month.after(-2).first,
            period_to=month.last,
            lines=[
                Line(
                    description="Najem plinohrama",
                    quantity=Decimal("3.000"),
                    unit="mesec",
                    unit_price_eur=RENTAL_NET_EUR_MONTH,
                    kind="rental",
                )
            ],
            contract_number=_contract_number(contracts, month.last),
        )


def repair_invoices(site: Site, *, until: date) -> Iterator[Document]:
    """Yield an invoice every other June for the household's cottage: work and material have different rates of VAT."""
    if site.cast is None or site.cast.name != "Vikend":
        return
    for year in range(site.since.year, until.year + 1):
        issued_on = date(year, 6, REPAIRED_ON_DAY)
        if year % 2 or not site.since <= issued_on <= until:
            continue
        work = Line(
            description="Popravilo plinske napeljave", quantity=ONE, unit="kos", unit_price_eur=REPAIR_NET_EUR,
            kind="other", vat_percent=REPAIR_VAT_PERCENT,
        )  # fmt: skip
        material = [
            Line(description=name, quantity=ONE * pieces, unit="kos", unit_price_eur=price, kind="other")
            for name, pieces, price in REPAIR_MATERIAL
        ]
        yield Document(
            series="SER", kind="invoice", payer=tenancy_on(site, issued_on).payer, point=site.point,
            issued_on=issued_on, due_on=issued_on + timedelta(days=DELIVERY_DUE_DAYS), lines=[work, *material],
        )  # fmt: skip


def notes_on(site: Site, invoices: Sequence[Document], *, until: date) -> Iterator[Document]:
    """Yield credit and debit notes on some of the invoices, for the customers who have such."""
    random = Random(f"{site.key} notes")
    for year in range(site.since.year, until.year + 1):
        credited, debited = random.randint(1, 8), random.randint(1, 8)
        for invoice in invoices:
            if invoice.kind != "invoice" or invoice.issued_on.year != year:
                continue
            if _is_credited(site, invoice, credited):
                yield from _note(invoice, "credit_note", until)
            if _is_debited(site, invoice, debited):
                yield from _note(invoice, "debit_note", until)
            if is_issued_anew(site, invoice):
                yield from _issued_anew(invoice, until)


def _is_credited(site: Site, invoice: Document, month: int) -> bool:
    if site.cast:
        return site.cast.name == "Dom" and invoice.issued_on.month == 9
    return Case.CREDIT_NOTE in site.cases and invoice.issued_on.month == month


def _is_debited(site: Site, invoice: Document, month: int) -> bool:
    if site.cast:
        return site.cast.name == "Dom" and invoice.issued_on.month == 8
    return Case.DEBIT_NOTE in site.cases and invoice.issued_on.month == month


def is_issued_anew(site: Site, invoice: Document) -> bool:
    """Return whether a credit note gives the whole invoice back and another one takes its place."""
    of_cast = site.cast is not None and site.cast.name == "Vikend" and invoice.kind == "invoice"
    return of_cast and bool(invoice.readings) and (invoice.issued_on.year % 5, invoice.issued_on.month) == (1, 5)


def _issued_anew(invoice: Document, until: date) -> Iterator[Document]:
    """Yield the credit note over all of it and the invoice in its place, ten days after it."""
    issued_on = invoice.issued_on + timedelta(days=ANEW_AFTER_DAYS)
    if issued_on <= until:
        lines = list(invoice.lines)
        yield replace(
            invoice, series="DOB", kind="credit_note", issued_on=issued_on, due_on=None, corrects=invoice, lines=lines,
            readings=[],
        )  # fmt: skip
        yield replace(invoice, issued_on=issued_on, due_on=issued_on + timedelta(days=NOTE_DUE_DAYS), readings=[])


def _note(invoice: Document, kind: str, until: date) -> Iterator[Document]:
    """Yield the note: a credit on the third of the second month after the invoice, a debit on the second."""
    is_credit = kind == "credit_note"
    issued_on = Month.of(invoice.issued_on).after(2).first + timedelta(days=2 if is_credit else 1)
    if issued_on > until:
        return
    amount = min(Decimal("15.080000"), invoice.net_eur) if is_credit else REMINDER_NET_EUR
    words = "Popravek cene" if is_credit else "Stroški opomina"
    yield Document(
        series="DOB" if is_credit else "BRE",
        kind=kind,
        payer=invoice.payer,
        point=invoice.point,
        issued_on=issued_on,
        due_on=None if is_credit else issued_on + timedelta(days=NOTE_DUE_DAYS),
        period_from=invoice.period_from,
        period_to=invoice.period_to,
        lines=[Line(description=f"{words}, {Month.of(invoice.issued_on).name}", quantity=ONE, unit="kos",
                    unit_price_eur=amount, kind="discount" if is_credit else "reminder")],
        corrects=invoice,
        contract_number=invoice.contract_number,
    )  # fmt: skip
