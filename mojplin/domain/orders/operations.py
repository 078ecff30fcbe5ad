"""What tank customers do: order a refill at the price that was shown, and cancel it until it is planned."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.orders.models import CylinderOrder, GasOrder
from mojplin.domain.orders.pricing import litres_that_fit
from mojplin.domain.supply.tanks import FULL_PERCENT
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.public_ids import new_public_id
from mojplin.foundation.running_numbers import give_number


class TankIsFull(Refused):
    field = "gauge_percent"
    message = _("The tank is as full as it may be: it is never filled above %(full)s.")


class TooLittleFits(Refused):
    field = "gauge_percent"
    message = _("Only about %(fits)s fit into the tank now. The smallest order is %(least)s.")


class TooFewLitres(Refused):
    field = "litres"
    message = _("Order at least %(least)s.")


class MoreThanFits(Refused):
    field = "litres"
    message = _("About %(fits)s fit into the tank now. Order less, or have it filled up.")


class LitresMissing(Refused):
    field = "litres"
    message = _("Write how many litres, for example 800.")


class PriceChanged(Refused):
    message = _("The price has changed meanwhile. Nothing was ordered. Look at the new one and order again.")


class NoLongerToCancel(Refused):
    message = _("The order is planned already and can no longer be cancelled here. Call us.")


class AlreadyCancelled(Refused):
    message = _("The order is cancelled already. There is nothing more to do.")


@transaction.atomic
def place_order(
    *,
    supply_point_id: int,
    supply_point_number: str,
    payer_id: int,
    place_name: str,
    tank_capacity_l: int | None,
    least_l: int,
    fills_up: bool,
    litres: int | None,
    gauge_percent: int,
    wished_from: date | None,
    wished_until: date | None,
    phone: str,
    note: str,
    shown_eur: Decimal | None,
    costs_eur: Decimal | None,
    by: User,
    now: datetime,
) -> GasOrder:
    """Order a tank refill: keep it, tell the ERP, confirm by mail.

    :param tank_capacity_l: the whole tank in litres; None when it is not known, then nothing is checked against it.
    :param litres: asked for when not `fills_up`.
    :param shown_eur: what the page had said it costs with VAT; `costs_eur`: what it costs now. None: not known.
    :raises TankIsFull, TooLittleFits, TooFewLitres, MoreThanFits, LitresMissing: with the sentence for the person.
    :raises PriceChanged: the person has not seen what it costs now.
    """
    check_order(
        fills_up=fills_up, litres=litres, gauge_percent=gauge_percent, tank_capacity_l=tank_capacity_l, least_l=least_l
    )
    if shown_eur != costs_eur:
        raise PriceChanged
    order = GasOrder.objects.create(
        number=new_public_id()[:20],  # its own number follows from the row's
        supply_point_id=supply_point_id,
        payer_id=payer_id,
        ordered_by=by,
        ordered_at=now,
        litres=None if fills_up else litres,
        gauge_percent=gauge_percent,
        wished_from=wished_from,
        wished_until=wished_until,
        phone=phone,
        note=note,
        shown_eur=shown_eur,
    )
    give_number(order, "N", now=now)
    _tell(order, supply_point_number, place_name, by)
    return order


def check_order(
    *, fills_up: bool, litres: int | None, gauge_percent: int, tank_capacity_l: int | None, least_l: int
) -> None:
    """Check that so much fits and is delivered; raises as `place_order` does."""
    if gauge_percent >= FULL_PERCENT:
        raise TankIsFull(full=formats.percent(FULL_PERCENT, formats.active_language(), 0))
    fits_l = None if tank_capacity_l is None else litres_that_fit(tank_capacity_l, gauge_percent)
    if fits_l is not None and fits_l < least_l:
        raise TooLittleFits(fits=_litres(fits_l), least=_litres(least_l))
    if fills_up:
        return
    if litres is None:
        raise LitresMissing
    if litres < least_l:
        raise TooFewLitres(least=_litres(least_l))
    if fits_l is not None and litres > fits_l:
        raise MoreThanFits(fits=_litres(fits_l))


def _litres(value_l: int) -> str:
    return formats.litres(Decimal(value_l), formats.active_language())


def _tell(order: GasOrder, supply_point_number: str, place_name: str, by: User) -> None:
    """Write the message to the ERP and the confirmation for the customer."""
    Message.post(
        "erp.order.placed",
        wakes_worker=False,
        id=order.public_id,
        number=order.number,
        supply_point=supply_point_number,
        litres=order.litres,
        fills_up=order.litres is None,
        gauge_percent=order.gauge_percent,
        wished_from=order.wished_from.isoformat() if order.wished_from else None,
        wished_until=order.wished_until.isoformat() if order.wished_until else None,
        phone=order.phone,
        note=order.note,
        shown_eur=None if order.shown_eur is None else str(order.shown_eur),
        ordered_at=order.ordered_at.isoformat(),
    )
    context = {
        "number": order.number,
        "place": place_name,
        "litres": None if order.litres is None else str(order.litres),
        "phone": order.phone,
        "total": None if order.shown_eur is None else str(order.shown_eur),
    }
    mail.post(to=by.email, template="orders/mail/order_received", context=context, language=by.language)


@transaction.atomic
def cancel_order(*, order: GasOrder | CylinderOrder, place_name: str, by: User, now: datetime) -> None:
    """Cancel an order that is not planned yet, and tell the ERP and who cancelled it.

    :param place_name: as who cancels it calls the place; empty: it is of no place.
    :raises AlreadyCancelled: somebody was faster: another window, another person of the place, the supplier.
    :raises NoLongerToCancel: it is planned or delivered.
    """
    this = type(order).objects.filter(pk=order.pk)
    if not this.filter(state=GasOrder.State.RECEIVED).update(state=GasOrder.State.CANCELLED):
        is_cancelled = this.filter(state=GasOrder.State.CANCELLED).exists()
        raise AlreadyCancelled if is_cancelled else NoLongerToCancel
    Message.post(
        "erp.order.cancelled",
        wakes_worker=False,
        id=order.public_id,
        number=order.number,
        cancelled_at=now.isoformat(),
    )
    context = {"number": order.number, "place": place_name}
    mail.post(to=by.email, template="orders/mail/order_cancelled", context=context, language=by.language)
