"""What is asked before a reading is taken, in words for the person: the judgement itself is that of `reading_check`.

Impossible counters are blocked, unlikely ones asked about, and the likely slip is named. Cubic metres.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from mojplin.domain.metering.climate import Climate
from mojplin.domain.metering.heating_model import Interval, Model, fitted
from mojplin.domain.metering.known import Before
from mojplin.domain.metering.reading_check import Last, Reason, Verdict, check_reading
from mojplin.domain.metering.slips import LikelySlip, likely_slip
from mojplin.foundation import formats
from mojplin.foundation.errors import Refused

REMEMBERED_HOMES = 512


class ReadingQuestion(Refused):
    """The reading is not taken yet: the person corrects it or, where `may_confirm`, says that it is right.

    `places` hold value_m3, last_m3, last_on, last_year_m3 (or None), low_m3 and high_m3 (what was expected, or None)
    and slip (or None) beside the words.
    """

    field = "typed"
    may_confirm = True


class LowerThanLast(ReadingQuestion):
    message = _("%(value)s is lower than the last reading, %(last)s. Check the digits. Was the meter replaced?")


class HigherThanUsual(ReadingQuestion):
    message = _("%(value)s is %(use)s more than on %(last_day)s.")


class LowerThanUsual(ReadingQuestion):
    message = _("%(value)s is only %(use)s more than on %(last_day)s.")


class SameAsLast(ReadingQuestion):
    message = _("%(value)s is the same as on %(last_day)s. Did the counter really not move?")


class MoreThanPossible(ReadingQuestion):
    message = _("%(value)s is %(use)s more than on %(last_day)s. That much gas cannot pass this meter.")
    may_confirm = False


class TwoMeanings(ReadingQuestion):
    message = _("This can be read in two ways: %(value)s or %(other)s. Which one does the counter show?")
    may_confirm = False


QUESTIONS: dict[Reason, type[ReadingQuestion]] = {
    Reason.LOWER_THAN_LAST: LowerThanLast,
    Reason.MORE_THAN_METER_PASSES: MoreThanPossible,
    Reason.DOES_NOT_FIT_COUNTER: MoreThanPossible,
    Reason.NOT_AFTER_LAST: LowerThanLast,
    Reason.SAME_AS_LAST: SameAsLast,
    Reason.LESS_THAN_EXPECTED: LowerThanUsual,
    Reason.MORE_THAN_EXPECTED: HigherThanUsual,
}


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the counters of one meter on one day by what is known of the home."""

    known: Before
    read_on: date
    digits: int
    climate: Climate

    def verdict(self, value_m3: Decimal) -> Verdict:
        # What was read on the day of the last reading is judged as if a day lay between.
        on = max(self.read_on, self.known.last_on + timedelta(days=1))
        last = Last(self.known.last_on, self.known.last_m3)
        model = model_of(self.known.intervals, self.climate)
        return check_reading(value_m3, on=on, last=last, model=model, digits=self.digits)

    def fits(self, value_m3: Decimal) -> bool:
        return self.verdict(value_m3).outcome == "ok"

    def question(self, value_m3: Decimal) -> ReadingQuestion | None:
        """Return what has to be asked about the counter, or None when it is plausible."""
        verdict = self.verdict(value_m3)
        if verdict.reason is None:
            return None
        known = self.known
        return QUESTIONS[verdict.reason](
            value=cubic_metres(value_m3),
            last=cubic_metres(known.last_m3),
            use=cubic_metres(value_m3 - known.last_m3, grouped=True),
            last_day=formats.day_in_sentence(known.last_on, formats.active_language()),
            value_m3=value_m3,
            last_m3=known.last_m3,
            last_on=known.last_on,
            last_year_m3=known.last_year_m3,
            low_m3=verdict.low_m3,
            high_m3=verdict.high_m3,
            slip=self._slip(value_m3, verdict),
        )

    def _slip(self, value_m3: Decimal, verdict: Verdict) -> LikelySlip | None:
        low, high = verdict.low_m3, verdict.high_m3
        expected_m3 = self.known.last_m3 if low is None or high is None else (low + high) / 2
        return likely_slip(
            value_m3, last_m3=self.known.last_m3, digits=self.digits, expected_m3=expected_m3, fits=self.fits
        )


@lru_cache(maxsize=REMEMBERED_HOMES)
def model_of(intervals: tuple[Interval, ...], climate: Climate) -> Model:
    """Return the fitted home, as long as nothing new is known of it without fitting it again."""
    return fitted(intervals, climate)


def cubic_metres(value_m3: Decimal, *, grouped: bool = False) -> str:
    return formats.cubic_metres(value_m3, formats.active_language(), grouped=grouped)
