"""The day and reading of a hand-over at the edges: which days are possible, which meter counted, what is odd."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mojplin.domain.metering.on_a_day import meter_on
from mojplin.domain.metering.operations import NoMeterToRead
from mojplin.domain.metering.plausibility import LowerThanLast, MoreThanPossible
from mojplin.domain.moving.figures import (
    DayBeforeTheirTime,
    DayIsAhead,
    DayIsLongAgo,
    ImpossibleReading,
    UnusualReading,
    checked,
    checked_for_stranger,
)
from tests.cast import Scenes

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)


@pytest.fixture
def house():
    """Its meter stood at 4312 m³ at the end of October."""
    scenes = Scenes()
    payer = scenes.given_payer()
    house = scenes.given_supply_point(payer)
    meter = scenes.given_meter(house)
    scenes.given_billed(meter, payer, month=date(2026, 10, 1), value_from_m3="4260", value_to_m3="4312")
    return house


def read(house, typed="4350", on=TODAY, *, by=checked, is_confirmed=False):
    payer_id = house.payer_periods.get().payer_id
    return by(
        point=house, payer_id=payer_id, moves_on=on, typed=typed, exact_m3=None, is_confirmed=is_confirmed, today=TODAY
    )


def test_the_day_is_one_of_the_last_sixty(house):
    assert read(house).moves_on == TODAY
    assert read(house, on=TODAY - timedelta(days=60), is_confirmed=True).moves_on == date(2026, 9, 27)
    with pytest.raises(DayIsLongAgo):
        read(house, on=TODAY - timedelta(days=61), is_confirmed=True)
    with pytest.raises(DayIsAhead):
        read(house, on=TODAY + timedelta(days=1))


def test_the_day_is_after_the_supply_began_in_the_payers_name(house):
    house.payer_periods.update(starts_on=date(2026, 11, 20))
    assert read(house, on=date(2026, 11, 21)).value_m3 == 4350
    with pytest.raises(DayBeforeTheirTime):
        read(house, on=date(2026, 11, 20))


def test_what_was_read_before_is_not_gone_below(house):
    assert not read(house, "4313").is_odd
    with pytest.raises(LowerThanLast):
        read(house, "4311")
    assert read(house, "4311", is_confirmed=True).is_odd
    with pytest.raises(MoreThanPossible):
        read(house, "99999", is_confirmed=True)


def test_a_stranger_is_asked_without_a_figure_of_the_payers(house):
    for typed, refusal in (("4311", UnusualReading), ("99999", ImpossibleReading)):
        with pytest.raises(refusal) as asked:
            read(house, typed, by=checked_for_stranger)
        assert "4312" not in str(asked.value) and set(asked.value.places) == {"value", "value_m3"}
    assert read(house, "4311", by=checked_for_stranger, is_confirmed=True).is_odd
    with pytest.raises(ImpossibleReading):
        read(house, "99999", by=checked_for_stranger, is_confirmed=True)


def test_the_meter_that_counted_on_the_day_is_the_one_that_is_read(house):
    house.meters.update(removed_on=date(2026, 11, 10), final_value_m3=Decimal(4330))
    new = Scenes().given_meter(house, "G4-NEW", installed_on=date(2026, 11, 10))
    assert meter_on(house.pk, date(2026, 11, 9)).number == "G4-1042-7731"
    assert meter_on(house.pk, date(2026, 11, 10)) == new
    assert read(house, "12").meter == new
    house.meters.update(installed_on=date(2026, 11, 27), removed_on=None, final_value_m3=None)
    with pytest.raises(NoMeterToRead):
        read(house, "12")
