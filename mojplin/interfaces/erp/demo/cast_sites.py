"""The places of the demo's named customers, with homes chosen so that their pages are worth a look."""

from collections.abc import Iterator
from datetime import date
from random import Random

from mojplin.interfaces.erp.demo.cast import FIRM, HOUSEHOLD, UNLINKED, CastPayer, CastPoint
from mojplin.interfaces.erp.demo.homes import Home, draw_home
from mojplin.interfaces.erp.demo.people import municipality_of
from mojplin.interfaces.erp.demo.products import PROPANE
from mojplin.interfaces.erp.demo.records import Payer, SupplyPoint
from mojplin.interfaces.erp.demo.sites import Site, Stay, Tenancy


def cast_sites(first: date) -> Iterator[Site]:
    """Yield the cast's 51 places; the firm's begin two and three years after `first`."""
    yield _cast_site(HOUSEHOLD, 0, first, _home(0.26, 15.5, 1.4), counter_start_m3=351)
    yield _cast_site(HOUSEHOLD, 1, first, _home(0.21, 14.0, 0.8), stay=Stay.WEEKENDS, counter_start_m3=92)
    for index in range(len(FIRM.points)):
        random = Random(f"firm {index}")
        is_flat = FIRM.points[index].name.startswith("Apartma")
        kwh_year = random.uniform(4500, 9000) if is_flat else random.uniform(40_000, 70_000)
        yield _cast_site(
            FIRM,
            index,
            date(first.year + (2 if index < 22 else 3), 10, 1),
            draw_home(random, kwh_year=kwh_year, kwh_per_m3=float(PROPANE.kwh_per_m3)),
            stay=Stay.GUESTS if is_flat else Stay.ALWAYS,
            counter_start_m3=random.randint(3, 60),
        )
    yield _cast_site(UNLINKED, 0, first, _home(0.22, 16.5, 1.0), counter_start_m3=2204)


def _home(slope_m3: float, balance_c: float, base_degrees: float) -> Home:
    return Home(
        slope_m3=slope_m3, balance_c=balance_c, base_degrees=base_degrees, heating_scatter=0.065, summer_scatter=0.13
    )


def _cast_site(
    who: CastPayer, index: int, since: date, home: Home, *, counter_start_m3: int, stay: Stay = Stay.ALWAYS
) -> Site:
    place = who.points[index]
    return Site(
        key=f"cast {place.supply_point_number}",
        point=_point(place, is_flat=who is FIRM),
        product=PROPANE,
        home=home,
        tenancies=(Tenancy(payer=_payer(who), starts_on=since),),
        cases=frozenset(),
        stay=stay,
        has_rental=who is not FIRM,
        counter_start_m3=counter_start_m3,
        cast=place,
    )


def _point(place: CastPoint, *, is_flat: bool) -> SupplyPoint:
    return SupplyPoint(
        supply_point_number=place.supply_point_number,
        kind="network" if is_flat else "metered",
        product=PROPANE.code,
        street=place.street,
        post_code=place.post_code,
        town=place.town,
        recipient_number=place.recipient_number,
        recipient_name=place.recipient_name,
        climate_town=place.climate_town,
        municipality=municipality_of(place.town),
        tank_capacity_l=None if is_flat else 2700,
    )


def _payer(who: CastPayer) -> Payer:
    return Payer(
        payer_number=who.payer_number,
        name=who.name,
        kind=who.kind,
        tax_number=who.tax_number,
        street=who.street,
        post_code=who.post_code,
        town=who.town,
        email=who.email,
        phone=who.phone,
    )
