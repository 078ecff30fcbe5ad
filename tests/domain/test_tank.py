"""Litres used from a tank, between the gauges that are known."""

from datetime import date
from decimal import Decimal

from mojplin.domain.metering.refill import Level, tank_level
from mojplin.domain.metering.tank import Filling, used_between_gauges, with_gauges

JANUARY, FEBRUARY, MARCH = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)
FILLED = [
    Filling(JANUARY, Decimal(1000), Decimal(30), Decimal(80), ""),
    Filling(MARCH, Decimal(900), Decimal(40), Decimal(85), ""),
]


def test_a_gauge_between_deliveries_cuts_the_time_in_two_and_keeps_the_sum():
    whole = used_between_gauges(FILLED, 2000)
    cut = used_between_gauges(with_gauges(FILLED, [(FEBRUARY, 55)]), 2000)
    assert [each.used for each in whole] == [800]
    assert [(each.after, each.until, each.used) for each in cut] == [(JANUARY, FEBRUARY, 500), (FEBRUARY, MARCH, 300)]


def test_a_gauge_that_has_hardly_fallen_or_of_the_day_of_a_delivery_tells_nothing_of_the_use():
    for on, percent in ((FEBRUARY, 71), (FEBRUARY, 84), (JANUARY, 40)):
        assert used_between_gauges(with_gauges(FILLED, [(on, percent)]), 2000) == used_between_gauges(FILLED, 2000)


def test_the_newest_gauge_is_the_level_and_what_was_filled_in_since_is_added():
    assert tank_level(with_gauges(FILLED, [(date(2026, 4, 1), 79)]), 2000) == Level(date(2026, 4, 1), 1580.0)
    later = Filling(date(2026, 5, 1), Decimal(200), None, None, "")
    assert tank_level([*FILLED, later], 2000) == Level(MARCH, 1900.0)
    assert tank_level([later], 2000) is None
    assert tank_level([later._replace(before_percent=Decimal(20))], 2000) == Level(later.on, 600.0)
