"""The contracts the demo supplier has with its customers, what they make a month cost, and offers to renew them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from mojplin.interfaces.erp.demo.cast import CAST, FIRM, HOUSEHOLD
from mojplin.interfaces.erp.demo.months import Month
from mojplin.interfaces.erp.demo.products import list_price_eur
from mojplin.interfaces.erp.demo.records import Contract, ContractFile, Offer
from mojplin.interfaces.erp.demo.sites import RENTAL_EUR_MONTH, Case, Site, Tenancy

FIXED_PRICE_SHARE = Decimal("0.93")
OFFERS = ((24, Decimal("0.88")), (12, Decimal("0.908")))
"""Months, and the part of the list price the offer asks."""
OFFERED_DAYS_BEFORE = 90
SHORTEST_TERM_DAYS = 200
SIGNED_DAYS_BEFORE = 20
EXPIRING_IN_FIRM = ("Recepcija", "Pralnica", "Apartma 224", "Apartma 225", "Savna")


def contracts_of(site: Site, *, until: date) -> list[Contract]:
    """Return the contracts of a place in order, not yet numbered; the last holds on `until` unless it was closed."""
    random = Random(f"{site.key} contracts")
    found: list[Contract] = []
    for tenancy in site.tenancies:
        for starts_on, ends_on in _terms(site, tenancy, random, until):
            found.append(_contract(site, tenancy, starts_on, ends_on, until))
    return found


def _terms(site: Site, tenancy: Tenancy, random: Random, until: date) -> Iterator[tuple[date, date | None]]:
    """Yield first and last day of each term of a tenancy; a tenancy that ended cuts the last of them."""
    last = tenancy.ends_on - timedelta(days=1) if tenancy.ends_on else None
    fixed_end = _fixed_end(site, until)
    if fixed_end:
        yield from _terms_to(fixed_end, tenancy.starts_on, until)
        return
    months = random.choice((12, 24, 24))
    start = Month.of(tenancy.starts_on).after(-random.randrange(months))
    starts_on, open_ended = tenancy.starts_on, 0.35
    while start.first <= until and (last is None or start.first <= last):
        end = start.after(months - 1).last
        if random.random() < open_ended or (last is not None and end >= last):
            yield starts_on, last
            return
        yield starts_on, end
        start = start.after(months)
        starts_on, open_ended = start.first, 0.1


def _terms_to(fixed_end: date, first: date, until: date) -> Iterator[tuple[date, date]]:
    """Yield terms of two years whose last, begun in last year's February, ends on a given day.

    The terms before it do not move with that day, so what was billed by them stays as it was.
    """
    starts = [Month(until.year - 1, 2)]
    while starts[0].first > first + timedelta(days=SHORTEST_TERM_DAYS):
        starts.insert(0, starts[0].after(-24))
    days = [first, *(start.first for start in starts[1:])]
    ends = [day - timedelta(days=1) for day in days[1:]]
    yield from zip(days, [*ends, fixed_end], strict=True)


def _fixed_end(site: Site, until: date) -> date | None:
    """Return the day the present contract must end for the demo's sake: in two to three months, or next summer."""
    soon = Month.of(until + timedelta(days=60)).last
    if Case.EXPIRING in site.cases:
        return soon
    if site.cast is None:
        return None
    if site.cast in FIRM.points:
        return Month.of(until + timedelta(days=35)).last if site.cast.name in EXPIRING_IN_FIRM else _next_august(until)
    return soon if site.cast == HOUSEHOLD.points[0] else _next_august(until)


def _next_august(until: date) -> date:
    return date(until.year + 1, 8, 31)


def _contract(site: Site, tenancy: Tenancy, starts_on: date, ends_on: date | None, until: date) -> Contract:
    price: Decimal | None = None
    unit = {"bulk": "l", "rental": ""}.get(site.point.kind, "m3")
    basis = "fixed" if ends_on else "price_list"
    if unit and ends_on is None:
        price = list_price_eur(site.product, unit, until)
    elif unit:
        fixed = list_price_eur(site.product, unit, starts_on) * FIXED_PRICE_SHARE
        price = fixed.quantize(Decimal("0.01") if unit == "m3" else Decimal("0.001"), ROUND_HALF_UP)
    return Contract(
        contract_number="",
        supply_point_number=site.point.supply_point_number,
        payer_number=tenancy.payer.payer_number,
        starts_on=starts_on,
        ends_on=ends_on,
        price_eur=price,
        unit=unit,
        price_basis=basis if unit else "",
        rental_eur_month=RENTAL_EUR_MONTH if site.has_rental else None,
    )


def numbered(contracts: Iterable[Contract]) -> list[Contract]:
    """Return the contracts with their numbers: counted from one in the year each starts."""
    counts: dict[int, int] = {}
    result = []
    for contract in sorted(contracts, key=lambda each: (each.starts_on, each.supply_point_number)):
        year = contract.starts_on.year
        counts[year] = counts.get(year, 0) + 1
        result.append(replace(contract, contract_number=f"OGR-{year}/{counts[year]:04d}"))
    return result


def contract_files(contracts: Iterable[Contract]) -> list[ContractFile]:
    """Return a row for each contract of the cast: only these have a PDF."""
    cast = {payer.payer_number for payer in CAST}
    return [
        ContractFile(
            file_name=f"{each.contract_number.replace('/', '-')}.pdf",
            contract_number=each.contract_number,
            kind="contract",
            dated_on=each.starts_on - timedelta(days=SIGNED_DAYS_BEFORE),
        )
        for each in contracts
        if each.payer_number in cast
    ]


def contract_on(contracts: Sequence[Contract], day: date) -> Contract | None:
    """Return which of a place's contracts, in order, holds on a day."""
    index = bisect_right(contracts, day, key=lambda contract: contract.starts_on) - 1
    if index < 0:
        return None
    ends_on = contracts[index].ends_on
    return contracts[index] if ends_on is None or day <= ends_on else None


def price_eur(site: Site, contracts: Sequence[Contract], unit: str, day: date) -> Decimal:
    """Return what one unit costs there on a day with VAT: the contract's fixed price, else the price list's."""
    contract = contract_on(contracts, day)
    if contract and contract.ends_on and contract.price_eur:
        return contract.price_eur
    return list_price_eur(site.product, unit, day)


def offers_for(contracts: Iterable[tuple[Site, Contract]], *, until: date) -> list[Offer]:
    """Return two offers for each contract that ends within the next months."""
    result = []
    for site, contract in contracts:
        ends_on = contract.ends_on
        if not contract.unit or ends_on is None or site.point.closed_on:
            continue
        if not until <= ends_on <= until + timedelta(days=OFFERED_DAYS_BEFORE):
            continue
        for months, share in OFFERS:
            price = list_price_eur(site.product, contract.unit, until) * share
            result.append(
                Offer(
                    offer_number=f"P-{contract.contract_number.removeprefix('OGR-').replace('/', '-')}-{months}",
                    contract_number=contract.contract_number,
                    months=months,
                    price_eur=price.quantize(
                        Decimal("0.01") if contract.unit == "m3" else Decimal("0.001"), ROUND_HALF_UP
                    ),
                    price_basis="fixed",
                    valid_from=ends_on - timedelta(days=OFFERED_DAYS_BEFORE),
                    valid_until=ends_on,
                )
            )
    return result
