"""A customer reports that the meter was exchanged, with the last counter of the old and the reading of the new one."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.metering import taking
from mojplin.domain.metering.models import ReportedExchange, SubmittedReading
from mojplin.domain.metering.operations import NoMeterToRead, Taken, confirm_by_mail, open_window, tell_erp
from mojplin.domain.metering.plausibility import Judge, cubic_metres
from mojplin.domain.metering.points import PointToRead
from mojplin.domain.metering.reading_parser import NotANumber, parse_reading
from mojplin.domain.metering.taking import HeldMeter, History
from mojplin.domain.metering.window import ReadingWindow
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message

DIGITS_OF_ANY_METER = 8
"""What the counter of the new meter is like only the ERP will tell."""


class OldCounterNotRead(Refused):
    field = "old_final"
    message = _("Enter what the old meter showed last, digits only.")


class OldCounterTooLow(Refused):
    field = "old_final"
    message = _("The old meter cannot have shown less than the last reading, %(last)s.")


class FirstCounterNotRead(Refused):
    field = "new_initial"
    message = _("Enter what the new meter showed at first, usually 0.")


class LowerThanFirst(Refused):
    field = "typed"
    message = _("The new meter cannot show less now than at first, %(initial)s.")


class ExchangedOutsideTime(Refused):
    field = "exchanged_on"
    message = _("The day of the exchange must lie between the last reading and today.")


class TheSameMeter(Refused):
    field = "new_number"
    message = _("This is the number of the old meter. The new one stands on the plate of the new meter.")


class MoreThanBothPass(Refused):
    field = "typed"
    message = _("Together this would be %(use)s since the last reading. That much gas cannot pass a meter.")


@dataclass(frozen=True, slots=True)
class _Exchange:
    final_m3: Decimal
    initial_m3: Decimal
    value_m3: Decimal


def report_exchange(
    *,
    point: PointToRead,
    old_final: str,
    new_number: str,
    new_initial: str,
    exchanged_on: date,
    typed: str,
    by: User,
    today: date,
    now: datetime,
    way: str = SubmittedReading.Way.PORTAL,
) -> Taken:
    """Take the exchange and the new meter's reading, marked for the office, tell the ERP and confirm by mail.

    :param old_final, new_initial, typed: counters as the person typed them: the old one's last, the new one's first
        and present one.
    :raises Refused: a subclass above, or what `operations.open_window` and `reading_parser` raise; nothing was taken.
    """
    window = open_window(today, point, today)
    with transaction.atomic(savepoint=False):
        try:
            held = taking.held_meter(point, by.pk, today)
            if held is None:
                raise NoMeterToRead
            history = taking.history_of(held.meter, point, window)
            read = _read(held, old_final, new_initial, typed)
            _check(read, held, history, new_number, exchanged_on, today)
        except Refused as refused:
            refusal = refused
        else:
            return _write(read, held, history, point, window, new_number, exchanged_on, by, today, now, way)
    raise refusal


def _read(held: HeldMeter, old_final: str, new_initial: str, typed: str) -> _Exchange:
    decimals = held.meter.decimals
    try:
        final_m3 = parse_reading(old_final, digits=held.meter.digits, decimals=decimals).value_m3
    except Refused as refused:
        raise OldCounterNotRead from refused
    try:
        initial_m3 = parse_reading(new_initial, digits=DIGITS_OF_ANY_METER, decimals=decimals).value_m3
    except Refused as refused:
        raise FirstCounterNotRead from refused
    value = parse_reading(typed, digits=DIGITS_OF_ANY_METER, decimals=decimals)
    if value.other_m3 is not None:
        raise NotANumber
    return _Exchange(final_m3, initial_m3, value.value_m3)


def _check(
    read: _Exchange, held: HeldMeter, history: History, new_number: str, exchanged_on: date, today: date
) -> None:
    before = history.before
    if new_number.casefold() == held.meter.number.casefold():
        raise TheSameMeter
    if read.final_m3 < before.last_m3:
        raise OldCounterTooLow(last=cubic_metres(before.last_m3))
    if read.value_m3 < read.initial_m3:
        raise LowerThanFirst(initial=cubic_metres(read.initial_m3))
    if not before.last_on <= exchanged_on <= today:
        raise ExchangedOutsideTime
    # Both together are judged as one counter that went on: it has as many digits as that takes.
    reached = read.final_m3 + read.value_m3 - read.initial_m3
    if Judge(before, today, DIGITS_OF_ANY_METER + 1, held.climate).verdict(reached).outcome == "block":
        raise MoreThanBothPass(use=cubic_metres(reached - before.last_m3, grouped=True))


def _write(
    read: _Exchange,
    held: HeldMeter,
    history: History,
    point: PointToRead,
    window: ReadingWindow,
    new_number: str,
    exchanged_on: date,
    by: User,
    today: date,
    now: datetime,
    way: str,
) -> Taken:
    reading = SubmittedReading(
        supply_point_id=point.supply_point_id, payer_id=point.payer_id, meter=held.meter, month=window.month,
        value_m3=read.value_m3, read_on=today, submitted_by=by, submitted_at=now, is_odd=True, way=way,
    )  # fmt: skip
    taking.write_next_version(reading, history.of_all)
    ReportedExchange.objects.create(
        reading=reading, old_final_m3=read.final_m3, new_number=new_number, new_initial_m3=read.initial_m3,
        exchanged_on=exchanged_on,
    )  # fmt: skip
    Message.post(
        "erp.meter.exchanged",
        wakes_worker=False,
        reading=reading.public_id,
        supply_point=point.number,
        old_meter=held.meter.number,
        final_value_m3=str(read.final_m3),
        new_meter=new_number,
        initial_value_m3=str(read.initial_m3),
        exchanged_on=exchanged_on.isoformat(),
    )
    tell_erp(reading, point, meter=new_number, wakes_worker=not held.is_receipt_wanted)
    use_m3 = read.final_m3 - history.before.last_m3 + read.value_m3 - read.initial_m3
    taken = Taken(reading, "", history.before, use_m3, held)
    if held.is_receipt_wanted:
        confirm_by_mail(taken, point, by)
    return taken
