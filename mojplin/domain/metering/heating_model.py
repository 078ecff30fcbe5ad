"""What a home burns, learnt from its readings and the weather: expected use with its range, and fair shares of a use.

One rule for every home: the use of a day is

    slope * (base + max(0, threshold - mean temperature of the day))

`threshold` is the outdoor temperature below which the home heats, `base` is hot water and cooking said in degrees,
`slope` the size of the home. Instead of one best pair of threshold and base, 135 of them are kept with a weight each
(a shape). The weights begin at what homes are like and sharpen with every reading, so the model is of use from the
first one and never gives a nonsense slope. How well it does on real homes: docs/accuracy.md (`make accuracy`).

How it is called:

    model = fitted(intervals, climate, today=today)      # intervals between true readings, oldest first
    model.expected(after, until)                         # what the days after `after` until `until` should use
    model.expected(after, until).within(99)              # the range, (low, high), in the unit of the intervals
    model.units                                          # the use the weather calls for: `metered.parts_of` cuts by it

`after` and `until` are days of readings: a reading is the counter at the end of its day. No clock times, so neither
summer time nor the zone of the server changes anything. Everything here is a pure function of what is handed in.
The unit is that of the intervals: cubic metres, or kWh where the gas changed between the readings.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple

from mojplin.domain.metering.home_shapes import THRESHOLDS_C, DegreeDays, Evidence, Shape, before_any_reading

READINGS_LOOKED_AT = 36
HALF_LIFE_DAYS = 2 * 365.25
ROBUST_FROM_READINGS = 5
"""With five readings and more the fit is made twice; readings far off count less the second time."""
DATE_SLIP_DAYS = 1.0
"""The day on which somebody says to have read the counter is right within a day."""
COUNTER_SLIP = 0.6
"""Two whole counters are rounded; in cubic metres."""

Confidence = Literal[80, 95, 99]


class Interval(NamedTuple):
    """What was used between two readings: on the days after `after`, until and with `until`."""

    after: date
    until: date
    used: Decimal


@dataclass(frozen=True, slots=True)
class Expected:
    """An expected use and how sure it is: a Student distribution with so many degrees of freedom."""

    use: float
    sd: float
    freedom: float

    def within(self, percent: Confidence) -> tuple[float, float]:
        """Return the range in which the use lies with that many chances in a hundred; never below zero."""
        half = student_quantile(percent, self.freedom) * self.sd
        return max(0.0, self.use - half), self.use + half


@dataclass(frozen=True, slots=True)
class Portrait:
    """The home in two numbers: so much a day all year round, and so much more for each degree below a temperature."""

    base_a_day: float
    per_degree: float
    threshold_c: float


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted home. `readings` is the number of intervals it was fitted to; 0 means that only its shape is known."""

    shapes: tuple[Shape, ...]
    climate: DegreeDays
    readings: int
    counter_slip: float
    heating: tuple[tuple[int, float], ...] = field(init=False, repr=False)
    """Use for a degree below each of `THRESHOLDS_C`, all shapes together."""
    base_a_day: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        slopes: dict[int, float] = {}
        for each in self.shapes:
            slopes[each.threshold] = slopes.get(each.threshold, 0.0) + each.weight * each.slope
        object.__setattr__(self, "heating", tuple(slopes.items()))
        object.__setattr__(self, "base_a_day", sum(each.weight * each.slope * each.base for each in self.shapes))

    def expected(self, after: date, until: date, *, climate: DegreeDays | None = None) -> Expected:
        """Return what the days after `after` until `until` should use; only meaningful where `readings` is not 0.

        :param climate: another weather than the home's own, as its normal one.
        """
        return _expected(self.shapes, climate or self.climate, after.toordinal(), until.toordinal(), self.counter_slip)

    def units(self, after: date, until: date, *, climate: DegreeDays | None = None) -> float:
        """Return the use the weather alone calls for, without a range: for comparing one time with another."""
        weather = climate or self.climate
        return self._reached(until.toordinal(), weather) - self._reached(after.toordinal(), weather)

    def day_reached(
        self, after: date, use: float, *, within_days: int, climate: DegreeDays | None = None
    ) -> date | None:
        """Return the day with which the weather will have called for that much since `after`; None: later than that."""
        weather = climate or self.climate
        start = after.toordinal()
        goal = self._reached(start, weather) + use
        days = bisect_left(range(within_days + 1), goal, key=lambda ahead: self._reached(start + ahead, weather))
        return after + timedelta(days=days) if days <= within_days else None

    def portrait(self) -> Portrait:
        """Return the two numbers by which a person knows the home."""
        return Portrait(
            base_a_day=self.base_a_day,
            per_degree=sum(slope for _index, slope in self.heating),
            threshold_c=sum(each.weight * THRESHOLDS_C[each.threshold] for each in self.shapes),
        )

    def _reached(self, day: int, climate: DegreeDays) -> float:
        """Return the use the weather calls for from a day long ago until and with `day`."""
        return sum(slope * climate.until(index, day) for index, slope in self.heating) + self.base_a_day * day


def fitted(
    intervals: Sequence[Interval], climate: DegreeDays, *, today: date | None = None, unit_m3: float = 1.0
) -> Model:
    """Return the model of a home from the intervals between its true readings, oldest first.

    :param today: newer readings count more, seen from here (None: from the newest reading).
    :param unit_m3: how much of the intervals' unit is a cubic metre: 1, or kWh in one m3.
    """
    known = [each for each in intervals if each.until > each.after][-READINGS_LOOKED_AT:]
    slip = COUNTER_SLIP * unit_m3
    if sum(each.used for each in known) <= 0:
        return Model(before_any_reading(), climate, 0, slip)
    days = [(each.after.toordinal(), each.until.toordinal()) for each in known]
    evidence = Evidence(days, [float(each.used) for each in known], climate)
    latest = (today or known[-1].until).toordinal()
    fresh = [0.5 ** ((latest - until) / HALF_LIFE_DAYS) for _after, until in days]
    shapes = evidence.fit(fresh)
    if len(known) >= ROBUST_FROM_READINGS:
        shapes = evidence.fit(evidence.less_of_outliers(fresh, shapes))
    return Model(shapes, climate, len(known), slip)


def student_quantile(percent: Confidence, freedom: float) -> float:
    """Return how many standard deviations to both sides hold `percent` of a Student distribution.

    Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5): within 1 % from five degrees of freedom on.
    """
    z = _NORMAL[percent]
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


_NORMAL: Mapping[Confidence, float] = {
    80: NormalDist().inv_cdf(0.9),
    95: NormalDist().inv_cdf(0.975),
    99: NormalDist().inv_cdf(0.995),
}


def _expected(shapes: Sequence[Shape], climate: DegreeDays, after: int, until: int, slip: float) -> Expected:
    """Return the mean over the shapes; its variance is that of each shape, of its slope, and between the shapes."""
    thresholds = {each.threshold for each in shapes}
    degrees = {index: climate.until(index, until) - climate.until(index, after) for index in thresholds}
    days = until - after
    uses = [each.slope * (degrees[each.threshold] + each.base * days) for each in shapes]
    mean = sum(each.weight * use for each, use in zip(shapes, uses, strict=True))
    variance = slip**2 + (mean * DATE_SLIP_DAYS / max(days, 1)) ** 2
    for each, use in zip(shapes, uses, strict=True):
        of_slope = use**2 / each.evidence if each.evidence else 0.0
        variance += each.weight * (each.spread * (use + of_slope) + (use - mean) ** 2)
    return Expected(mean, sqrt(variance), shapes[0].freedom)
