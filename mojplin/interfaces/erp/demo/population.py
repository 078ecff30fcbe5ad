"""Who the demo supplier's customers are, where they live and how they behave: the cast first, then drawn ones.

The first drawn customers are one of each case a portal must show; all others are ordinary, with a little of each.
"""

from dataclasses import replace
from datetime import date
from random import Random

from mojplin.interfaces.erp.demo.cast import HOUSEHOLD
from mojplin.interfaces.erp.demo.cast_sites import cast_sites
from mojplin.interfaces.erp.demo.homes import draw_home
from mojplin.interfaces.erp.demo.numbers import tax_number
from mojplin.interfaces.erp.demo.people import (
    LONG_COMPANIES,
    Address,
    draw_address,
    draw_company,
    draw_person,
    email_of,
    municipality_of,
)
from mojplin.interfaces.erp.demo.products import PRODUCTS
from mojplin.interfaces.erp.demo.records import Payer, SupplyPoint
from mojplin.interfaces.erp.demo.sites import Case, Site, Tenancy

SHOWCASE: tuple[tuple[str, Case | None], ...] = (
    ("metered", Case.EXCHANGE),
    ("metered", Case.FLAT_RATE),
    ("metered", Case.PAYER_CHANGE),
    ("metered", Case.OTHER_PAYER),
    ("metered", Case.OVERDUE),
    ("metered", Case.OVERPAID),
    ("metered", Case.PARTLY_PAID),
    ("metered", Case.CREDIT_NOTE),
    ("metered", Case.DEBIT_NOTE),
    ("metered", Case.LONG_NAME),
    ("metered", Case.CLOSED),
    ("metered", Case.EXPIRING),
    ("network", None),
    ("network", Case.REMOTE),
    ("bulk", None),
    ("bulk", Case.OVERDUE),
    ("rental", None),
)
LEAST_HOUSEHOLDS = len(SHOWCASE) + 3
"""Fewer would not hold every case."""

FLATS_IN_A_HOUSE = 8
NEIGHBOURS_EVERY = 16
"""So many customers apart one lives where the cast's household does: homes enough to compare it with."""
TANKS_L = (1000, 1750, 2700, 4850, 6400, 10_000, 20_000, 30_000)
TANK_SHARE_OF_YEAR = 0.8
"""A tank holds at least so much of a normal year, so that it does not run dry between order and delivery."""


def population(*, households: int, seed: int, first: date, until: date) -> list[Site]:
    """Return the places of `households` payers from `first` on, the cast's 51 included.

    The same customer comes out the same whatever the number of households.
    """
    sites = [*cast_sites(first)]
    for index in range(households - 3):
        sites.append(_drawn_site(index, seed=seed, first=first, until=until))
    return sites


def _drawn_site(index: int, *, seed: int, first: date, until: date) -> Site:
    key = f"{seed} customer {index}"
    random = Random(key)
    kind, cases = _kind_and_cases(index, random)
    is_company = random.random() < 0.12 or Case.LONG_NAME in cases
    address = _flat(index, seed) if kind == "network" else draw_address(random)
    payer = _payer(index, random, address, is_company=is_company, long_name=Case.LONG_NAME in cases)
    product = PRODUCTS["mixture" if random.random() < 0.15 else "propane"]
    since = first if index < len(SHOWCASE) or random.random() < 0.7 else _later_start(random, first, until)
    kwh_year = _kwh_year(kind, random, is_company=is_company)
    if kind != "network" and random.random() < 0.2:
        address = draw_address(random)
    if index % NEIGHBOURS_EVERY == NEIGHBOURS_EVERY - 1 and kind == "metered":
        town = HOUSEHOLD.points[0]
        address = replace(address, post_code=town.post_code, town=town.town, climate_town=town.climate_town)
    point = SupplyPoint(
        supply_point_number=f"{1043 + index // 1000}-{1000 + index % 1000 * 7:04d}",
        kind=kind,
        product="" if kind == "rental" else product.code,
        street=address.street,
        post_code=address.post_code,
        town=address.town,
        climate_town=address.climate_town,
        municipality=municipality_of(address.town),
        tank_capacity_l=None if kind == "network" else _tank_l(kwh_year / float(product.kwh_per_litre)),
        closed_on=date(until.year - 1, 5, 1) if Case.CLOSED in cases else None,
        reading_first_day=20 if kind == "network" else None,
        reading_last_day=28 if kind == "network" else None,
        **_recipient(payer, random, cases),
    )
    return Site(
        key=key,
        point=point,
        product=product,
        home=draw_home(random, kwh_year=kwh_year, kwh_per_m3=float(product.kwh_per_m3)),
        tenancies=_tenancies(index, payer, since, random, cases, until, point),
        cases=cases,
        has_rental=kind != "network",
        reports=0.6 if Case.FLAT_RATE in cases else random.choice((0.93, 0.97, 1.0)),
        counter_start_m3=0 if since > first else random.randint(40, 9000),
    )


def _kind_and_cases(index: int, random: Random) -> tuple[str, frozenset[Case]]:
    kind = random.choices(("metered", "network", "bulk", "rental"), weights=(58, 15, 19, 8))[0]
    chances = {
        Case.EXCHANGE: 0.04,
        Case.FLAT_RATE: 0.06,
        Case.PAYER_CHANGE: 0.04,
        Case.OTHER_PAYER: 0.08,
        Case.OVERDUE: 0.03,
        Case.OVERPAID: 0.03,
        Case.PARTLY_PAID: 0.02,
        Case.CREDIT_NOTE: 0.08,
        Case.DEBIT_NOTE: 0.04,
        Case.REMOTE: 0.1,
    }
    cases = {case for case, chance in chances.items() if random.random() < chance}
    if index < len(SHOWCASE):
        kind, case = SHOWCASE[index]
        cases = {case} if case else set()
    return kind, frozenset(cases)


def _payer(index: int, random: Random, address: Address, *, is_company: bool, long_name: bool) -> Payer:
    payer_number = f"{20420003 + 16 * index}"
    name = draw_company(random) if is_company else draw_person(random)
    if long_name:
        name = LONG_COMPANIES[index % len(LONG_COMPANIES)]
    return Payer(
        payer_number=payer_number,
        name=name,
        kind="company" if is_company else "person",
        tax_number=tax_number(1002000 + 37 * index),
        street=address.street,
        post_code=address.post_code,
        town=address.town,
        email=email_of(name, payer_number) if random.random() < 0.7 else "",
        phone=f"040 000 {index % 1000:03d}" if random.random() < 0.6 else "",
    )


def _flat(index: int, seed: int) -> Address:
    """Return a flat's address: flats of a network share a house."""
    house = draw_address(Random(f"{seed} house {index // FLATS_IN_A_HOUSE}"))
    return replace(house, street=f"{house.street}, stanovanje {index % FLATS_IN_A_HOUSE + 1}")


def _later_start(random: Random, first: date, until: date) -> date:
    return date(random.randint(first.year + 1, until.year - 1), random.randint(1, 12), 1)


def _kwh_year(kind: str, random: Random, *, is_company: bool) -> float:
    if kind == "network":
        return random.lognormvariate(8.95, 0.25)
    return random.lognormvariate(11.0 if is_company else 9.75, 0.35)


def _tank_l(litres_year: float) -> int:
    return next((tank for tank in TANKS_L if tank >= TANK_SHARE_OF_YEAR * litres_year), TANKS_L[-1])


def _recipient(payer: Payer, random: Random, cases: frozenset[Case]) -> dict[str, str]:
    """Return the recipient's number and name: most often the payer's own, often a number that looks like it."""
    number = int(payer.payer_number)
    if Case.OTHER_PAYER in cases:
        return {"recipient_number": f"{number + 9}", "recipient_name": draw_person(random)}
    return {"recipient_number": f"{number if random.random() < 0.6 else number + 8}", "recipient_name": payer.name}


def _tenancies(
    index: int, payer: Payer, since: date, random: Random, cases: frozenset[Case], until: date, point: SupplyPoint
) -> tuple[Tenancy, ...]:
    changed_on = max(date(until.year - 1, 7, 1), since.replace(year=since.year + 1))
    if Case.PAYER_CHANGE not in cases or changed_on > until:
        return (Tenancy(payer=payer, starts_on=since, ends_on=point.closed_on),)
    address = Address(payer.street, payer.post_code, payer.town, point.climate_town)
    before = _payer(index + 50_000, random, address, is_company=False, long_name=False)
    return (Tenancy(payer=before, starts_on=since, ends_on=changed_on), Tenancy(payer=payer, starts_on=changed_on))
