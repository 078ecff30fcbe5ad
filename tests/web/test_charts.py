"""The geometry of the charts: what the bars say is what the months say."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.interfaces.web.chart_lines import MonthUse
from mojplin.interfaces.web.charts import axis_top, month_strip, two_year_chart, year_chart

quantities = st.one_of(st.none(), st.decimals(min_value=-5000, max_value=5_000_000, places=3))


def months(*values: tuple[str | None, str | None]) -> list[MonthUse]:
    """Return months from November 2025 on, as (used, a year before)."""
    return [
        MonthUse(
            month=date(2025 + (10 + index) // 12, (10 + index) % 12 + 1, 1),
            used=None if used is None else Decimal(used),
            before=None if before is None else Decimal(before),
        )
        for index, (used, before) in enumerate(values)
    ]


def share(position: str) -> float:
    assert position.endswith("%")
    return float(position[:-1])


@pytest.mark.parametrize(
    ("highest", "top"),
    [("0", 1), ("1", 1), ("7", 8), ("40", 40), ("50", 60), ("124", 150), ("150", 150), ("151", 200), ("2600", 3000)],
)
def test_the_axis_ends_at_a_round_number_not_far_above_the_highest_month(highest, top):
    assert axis_top(Decimal(highest))[0] == top


def test_a_bar_of_half_the_axis_is_half_as_high():
    chart = year_chart(months(("100", "50"), ("50", None)), "m³")

    assert [bar.height for bar in chart.bars] == ["100.00%", "50.00%"]
    assert [line.value for line in chart.axis] == [100, 50, 0]
    assert [tick.y1 for tick in chart.ticks] == ["50.00%"]


def test_a_month_without_data_has_no_bar_and_does_not_count_in_the_comparison():
    chart = two_year_chart(months(("52", "49"), (None, "97"), ("19", None)), "m³")

    assert (len(chart.bars), len(chart.bars_before)) == (2, 2)
    assert (chart.used, chart.compared, chart.compared_before) == (71, 52, 49)
    assert chart.compared_until == date(2025, 11, 1)


def test_without_a_year_before_there_is_nothing_to_compare():
    assert year_chart(months(("52", None)), "m³").compared_until is None


def test_every_basis_but_a_measurement_has_a_pattern_and_only_those_in_the_chart_have_a_key():
    month = date(2026, 2, 1)
    measured = MonthUse(month, Decimal(5), None, before_basis="partial")
    shown = [measured, MonthUse(month, Decimal(5), None, "flat_rate"), MonthUse(month, Decimal(5), Decimal(4), "split")]

    assert not year_chart([measured], "m³").patterns
    assert year_chart(shown, "m³").patterns == ["split", "flat_rate"]
    assert [bar.basis for bar in year_chart(shown, "m³").bars] == ["measured", "flat_rate", "split"]


def test_an_estimate_shows_its_range_and_is_not_compared():
    month = MonthUse(date(2026, 11, 1), Decimal(50), Decimal(40), "estimated", range=(Decimal(30), Decimal(100)))
    chart = two_year_chart([month], "m³")

    assert [(each.y1, each.y2) for each in chart.ranges] == [("70.00%", "0.00%")]
    assert chart.compared_until is None


def test_small_values_are_written_with_one_decimal():
    assert year_chart(months(("1.6", None)), "m³").places == 1
    assert year_chart(months(("160", None)), "m³").places == 0


@given(values=st.lists(st.tuples(quantities, quantities), min_size=1, max_size=24))
def test_nothing_is_ever_drawn_outside_the_chart(values):
    data = [MonthUse(date(2026, 1, 1), used, before) for used, before in values]

    for chart in (year_chart(data, "m³"), two_year_chart(data, "m³")):
        for bar in (*chart.bars, *chart.bars_before):
            assert share(bar.x) >= 0 and share(bar.x) + share(bar.width) <= 100.01
            assert 0 <= share(bar.y) <= 100 and 0 <= share(bar.height) <= 100
            assert share(bar.y) + share(bar.height) == pytest.approx(100, abs=0.011)
        assert all(0 <= share(y) <= 100 for y in (*(line.y for line in chart.axis), *(tick.y1 for tick in chart.ticks)))
        assert 2 <= len(chart.axis) <= 5


@given(first=st.integers(1, 28), last=st.integers(28, 31), today=st.integers(1, 31))
def test_the_month_strip_opens_on_exactly_the_days_of_the_window(first, last, today):
    strip = month_strip(date(2026, 12, first), date(2026, 12, last), date(2026, 12, today))

    assert [number for number, cell in enumerate(strip.cells, 1) if cell.look != "closed"] == list(
        range(first, last + 1)
    )
    past = range(first, min(last + 1, today))
    assert [number for number, cell in enumerate(strip.cells, 1) if cell.look == "open past"] == list(past)
    assert all(0 <= share(cell.x) <= 100 for cell in strip.cells)


def test_february_has_as_many_cells_as_days():
    assert len(month_strip(date(2028, 2, 25), date(2028, 2, 29), date(2028, 2, 26)).cells) == 29
