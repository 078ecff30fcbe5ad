"""The gauge of a tank in percent: what customers send instead of a counter, and what is asked about it first."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import is_wanted
from mojplin.domain.metering.models import GaugeReading
from mojplin.domain.metering.taking import RECEIVED
from mojplin.domain.supply.models import Delivery, SupplyPoint
from mojplin.domain.supply.tanks import FULL_PERCENT
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.sign_forms import in_one_form
from mojplin.foundation.unsubscribing import Stop

LONGEST = 40
MORE_ASKED_FROM_PERCENT = 5
"""A needle is read a few percent differently by different eyes; less of a rise than this is not asked about."""
ORDER_FROM_PERCENT = 30
"""At this level the portal tells to order."""
ROWS_SHOWN = 12
_PERCENT = re.compile(
    r"\+?(\d{1,6})(?:[.,](\d{1,6}))? ?(?:%|odst\.?|odstotk(?:ov|a|e|i)|odstotek|percent)?", re.IGNORECASE
)


class NotAPercent(Refused):
    field = "typed"
    message = _("Write what the gauge shows, for example 45.")


class NotOnGauge(Refused):
    field = "typed"
    message = _("The gauge shows between 0 and 100 percent.")


class NoTankToRead(Refused):
    message = _("There is no tank to read at this supply point.")


class GaugeQuestion(Refused):
    """The gauge is not taken yet: the person corrects it or says that it is right. `places` hold the percent."""

    field = "typed"


class FullerThanFilled(GaugeQuestion):
    message = _("The gauge shows %(value)s? A tank is filled up to %(full)s only. Look again at the needle.")


class FullerThanBefore(GaugeQuestion):
    message = _("%(value)s is more than the %(last)s of %(day)s, and we know of no delivery since.")


@dataclass(frozen=True, slots=True)
class Level:
    """How full a tank was at the end of a day, in percent, and who says so."""

    on: date
    percent: Decimal
    is_delivery: bool


@dataclass(frozen=True, slots=True)
class TankHistory:
    """What is known of a tank, each newest first; of several gauges of a day the one that holds."""

    sent: list[GaugeReading]
    deliveries: list[Delivery]

    @property
    def last(self) -> Level | None:
        """Return the newest level; a delivery on the day of a gauge reading may have come after it."""
        levels = [Level(each.read_on, Decimal(each.percent), False) for each in self.sent[:1]]
        filled = (each for each in self.deliveries if each.level_after_percent is not None)
        levels += [Level(each.delivered_on, each.level_after_percent or Decimal(0), True) for each in filled][:1]
        return max(levels, key=lambda each: (each.on, each.is_delivery), default=None)


def tank_history(*, supply_point_id: int, payer_id: int) -> TankHistory:
    """Return the newest gauges and deliveries of that payer's tank, in two statements."""
    here = {"supply_point_id": supply_point_id, "payer_id": payer_id}
    holding: dict[date, GaugeReading] = {}
    for each in GaugeReading.objects.filter(**here).newest_first()[: 3 * ROWS_SHOWN]:
        holding.setdefault(each.read_on, each)
    deliveries = Delivery.objects.filter(**here).order_by("-delivered_on", "-pk")[:ROWS_SHOWN]
    return TankHistory(list(holding.values())[:ROWS_SHOWN], list(deliveries))


def parse_percent(typed: str) -> int:
    """Return what was typed ("45", "45 %", "45,5 odstotka") as whole percent.

    :raises NotAPercent, NotOnGauge: with the sentence for the person.
    """
    text = "".join(each for each in in_one_form(typed, "NFKC") if unicodedata.category(each) != "Cf")
    text = " ".join(text.split())
    found = _PERCENT.fullmatch(text) if len(text) <= LONGEST and text.isascii() else None
    if not found:
        raise NotAPercent
    percent = Decimal(f"{found[1]}.{found[2] or 0}").quantize(Decimal(1), ROUND_HALF_UP)
    if percent > 100:
        raise NotOnGauge
    return int(percent)


@transaction.atomic
def submit_gauge(
    *,
    supply_point_id: int,
    payer_id: int,
    place: str,
    typed: str,
    is_confirmed: bool,
    by: User,
    today: date,
    now: datetime,
) -> GaugeReading:
    """Take the gauge a customer read today, tell the ERP and confirm by mail; a second one on the day is a new version.

    :param place: what the person calls the supply point.
    :param is_confirmed: the person says that an odd value is right: it is taken and marked for the office.
    :raises NoTankToRead: no gas is delivered to a tank there.
    :raises NotAPercent, NotOnGauge: see `parse_percent`.
    :raises FullerThanFilled, FullerThanBefore: the person should look again.
    """
    # The row of the place is held until the commit, so that two senders cannot make the same version.
    point = SupplyPoint.objects.select_for_update().get(pk=supply_point_id)
    if point.kind != SupplyPoint.Kind.BULK:
        raise NoTankToRead
    percent = parse_percent(typed)
    history = tank_history(supply_point_id=supply_point_id, payer_id=payer_id)
    question = question_about(percent, history, today)
    if question and not is_confirmed:
        raise question
    of_today = GaugeReading.objects.filter(supply_point=point, read_on=today).newest_first().first()
    reading = GaugeReading.objects.create(
        supply_point=point,
        payer_id=payer_id,
        read_on=today,
        version=of_today.version + 1 if of_today else 1,
        percent=percent,
        submitted_by=by,
        submitted_at=now,
        is_odd=question is not None,
    )
    Message.post(
        "erp.gauge.submitted",
        id=reading.public_id,
        version=reading.version,
        supply_point=point.number,
        percent=reading.percent,
        read_on=reading.read_on.isoformat(),
        confirmed_by_customer=reading.is_odd,
    )
    if is_wanted(RECEIVED, by=by):
        _confirm_by_mail(reading, place, by)
    return reading


def _confirm_by_mail(reading: GaugeReading, place: str, by: User) -> None:
    language = formats.language_of(by.language)
    with translation.override(language):
        path = f"{reverse('web:gauge')}?place={reading.supply_point.public_id}"
    context = {
        "value": formats.percent(reading.percent, language, 0),
        "place": place,
        "day": formats.day_in_sentence(reading.submitted_at, language),
        "clock": formats.clock(reading.submitted_at, language),
        "is_odd": reading.is_odd,
        "is_low": reading.percent <= ORDER_FROM_PERCENT,
        "gauge_url": settings.BASE_URL + path,
    }
    mail.post(
        to=by.email, template="metering/mail/gauge_received", context=context, language=by.language,
        stop=Stop(by.pk, [RECEIVED]),
    )  # fmt: skip


def question_about(percent: int, history: TankHistory, today: date) -> GaugeQuestion | None:
    """Return what has to be asked about the gauge, or None when it is plausible; a correction of today's is."""
    language = formats.active_language()
    value = formats.percent(percent, language, 0)
    if percent > FULL_PERCENT:
        return FullerThanFilled(value=value, full=formats.percent(FULL_PERCENT, language, 0), percent=percent)
    before = TankHistory([each for each in history.sent if each.read_on < today], history.deliveries).last
    if before is None or percent < before.percent + MORE_ASKED_FROM_PERCENT:
        return None
    first = before.on + timedelta(days=before.is_delivery)
    if any(each.delivered_on >= first for each in history.deliveries):
        return None  # filled since, and the driver noted no level
    last, day = formats.percent(before.percent, language, 0), formats.day_in_sentence(before.on, language)
    return FullerThanBefore(value=value, last=last, day=day, percent=percent)
