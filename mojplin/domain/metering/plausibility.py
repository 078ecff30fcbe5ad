"""What is asked before a reading is taken: is it lower than the last, or more than this place ever uses?

One rule: against the last counter that somebody really read (an estimate is not one), and against what was used in the
same weeks a year before. Cubic metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mojplin.domain.metering.models import BilledReading, SubmittedReading
from mojplin.foundation import formats
from mojplin.foundation.errors import Refused
from mojplin.foundation.prepared import rows

ODD_TIMES = Decimal("2.5")
ODD_FROM_M3 = Decimal(10)
"""Below this no use is odd: summer months are small and jump."""
USUAL_MOST_M3_DAY = 46
"""A boiler of 50 kW that burns propane all day; asked where nothing is known of the year before."""
POSSIBLE_MOST_M3_DAY = 144
"""All that passes a household meter (6 m³/h) in a day."""
RED_DIGITS = (1, 2, 3)
ROWS_TO_LOOK_AT = 40


class ReadingQuestion(Refused):
    """The reading is not taken yet: the person corrects it or, where `may_confirm`, says that it is right.

    `places` hold value_m3, last_m3, last_on, last_year_m3 (or None) and likely_m3 (or None) beside the words.
    """

    field = "typed"
    may_confirm = True


class LowerThanLast(ReadingQuestion):
    message = _("%(value)s is lower than the last reading, %(last)s. Check the digits. Was the meter replaced?")


class HigherThanUsual(ReadingQuestion):
    message = _("%(value)s is %(use)s more than on %(last_day)s.")


class MoreThanPossible(ReadingQuestion):
    message = _("%(value)s is %(use)s more than on %(last_day)s. That much gas cannot pass this meter.")
    may_confirm = False


class TwoMeanings(ReadingQuestion):
    message = _("This can be read in two ways: %(value)s or %(other)s. Which one does the counter show?")
    may_confirm = False


@dataclass(frozen=True, slots=True)
class KnownReading:
    """A billed period: the counter at the end of its last day, and what was billed for it."""

    period_to: date
    value_m3: Decimal
    consumption_m3: Decimal
    basis: str
    meter_id: int


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a meter before a reading of a month."""

    last_m3: Decimal
    last_on: date
    last_year_m3: Decimal | None
    """Used in the same weeks a year before; None when nothing was billed then."""


def known_readings(supply_point_id: int, payer_id: int) -> list[KnownReading]:
    """Return the payer's newest billed readings at the place, in one statement."""
    return [KnownReading(*row) for row in rows(_known, (supply_point_id, payer_id))]


def _known(asked: Sequence[Any]) -> QuerySet[BilledReading, Any]:
    supply_point_id, payer_id = asked
    found = BilledReading.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id).order_by("-period_to")
    return found.values_list("period_to", "value_to_m3", "consumption_m3", "basis", "meter_id")[:ROWS_TO_LOOK_AT]


def sent_readings(supply_point_id: int, payer_id: int) -> list[SubmittedReading]:
    """Return the payer's newest submitted versions at the place, newest first, in one statement."""
    found = rows(_sent, (supply_point_id, payer_id))
    return [SubmittedReading.from_db(DEFAULT_DB_ALIAS, _OF_READING, row) for row in found]


def readings_of_all_payers(supply_point_id: int) -> list[SubmittedReading]:
    """Return the newest submitted versions at the place, newest first: to count versions, never to be shown."""
    found = rows(_sent_by_all, (supply_point_id,))
    return [SubmittedReading.from_db(DEFAULT_DB_ALIAS, _OF_READING, row) for row in found]


_OF_READING = [field.attname for field in SubmittedReading._meta.concrete_fields]


def _sent(asked: Sequence[Any]) -> QuerySet[SubmittedReading, Any]:
    supply_point_id, payer_id = asked
    found = SubmittedReading.objects.filter(supply_point_id=supply_point_id, payer_id=payer_id)
    return found.newest_first().values_list(*_OF_READING)[:ROWS_TO_LOOK_AT]


def _sent_by_all(asked: Sequence[Any]) -> QuerySet[SubmittedReading, Any]:
    found = SubmittedReading.objects.filter(supply_point_id=asked[0])
    return found.newest_first().values_list(*_OF_READING)[:ROWS_TO_LOOK_AT]


def before(
    *,
    meter_id: int,
    installed: tuple[date, Decimal],
    known: Sequence[KnownReading],
    sent: Sequence[SubmittedReading],
    month: date,
    closes_on: date,
) -> Before:
    """Return the last counter really read before `month`, and the use of the same weeks a year before.

    :param installed: the day the meter came and its counter on that day.
    """
    read = [
        (each.period_to, each.value_m3) for each in known if _is_read(each, meter_id) and each.period_to <= closes_on
    ]
    earlier = [(each.read_on, each.value_m3) for each in sent if each.meter_id == meter_id and each.month < month]
    last_on, last_m3 = max([installed, *read[:1], *earlier[:1]], key=lambda each: each[0])
    first, end = a_year_before(last_on), a_year_before(closes_on)
    used = [each.consumption_m3 for each in known if first < each.period_to <= end]
    return Before(last_m3, last_on, sum(used, Decimal(0)) if used else None)


def question_about(value_m3: Decimal, known: Before, read_on: date) -> ReadingQuestion | None:
    """Return what has to be asked about the counter, or None when it is plausible."""
    use_m3 = value_m3 - known.last_m3
    if use_m3 >= 0 and use_m3 <= most_usual_m3(known, read_on):
        return None
    kind: type[ReadingQuestion] = HigherThanUsual
    if use_m3 < 0:
        kind = LowerThanLast
    elif use_m3 > POSSIBLE_MOST_M3_DAY * days_between(known.last_on, read_on):
        kind = MoreThanPossible
    return kind(
        value=cubic_metres(value_m3),
        last=cubic_metres(known.last_m3),
        use=cubic_metres(use_m3, grouped=True),
        last_day=formats.day_in_sentence(known.last_on, language()),
        value_m3=value_m3,
        last_m3=known.last_m3,
        last_on=known.last_on,
        last_year_m3=known.last_year_m3,
        likely_m3=without_red_digits(value_m3, known, read_on),
    )


def most_usual_m3(known: Before, read_on: date) -> Decimal:
    """Return the use above which the portal asks."""
    if known.last_year_m3 is None:
        return Decimal(USUAL_MOST_M3_DAY * days_between(known.last_on, read_on))
    return max(known.last_year_m3 * ODD_TIMES, ODD_FROM_M3)


def without_red_digits(value_m3: Decimal, known: Before, read_on: date) -> Decimal | None:
    """Return the plausible reading that is left when one to three red digits are taken off its end."""
    for digits in RED_DIGITS:
        likely = Decimal(int(value_m3) // 10**digits)
        if known.last_m3 <= likely <= known.last_m3 + most_usual_m3(known, read_on):
            return likely
    return None


def days_between(first_on: date, last_on: date) -> int:
    return max(1, (last_on - first_on).days)


def a_year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def cubic_metres(value_m3: Decimal, *, grouped: bool = False) -> str:
    return formats.cubic_metres(value_m3, language(), grouped=grouped)


def language() -> formats.Language:
    """Return the language the person reads, for figures inside a sentence."""
    return "en" if (get_language() or "").startswith("en") else "sl"


def _is_read(reading: KnownReading, meter_id: int) -> bool:
    return reading.meter_id == meter_id and reading.basis != BilledReading.Basis.FLAT_RATE
