"""What customers do here: order a tank refill, and go on to the supplier's own web forms."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.orders.models import GasOrder, HandOver
from mojplin.domain.supply.tanks import FULL_PERCENT
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.public_ids import new_public_id


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


def litres_that_fit(tank_capacity_l: int, gauge_percent: int) -> int:
    """Return how much fits into a tank under its safe limit, in whole tens of litres."""
    return max(0, tank_capacity_l * (FULL_PERCENT - gauge_percent) // 1000 * 10)


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
    phone: str,
    note: str,
    by: User,
    now: datetime,
) -> GasOrder:
    """Order a tank refill: keep it, tell the ERP, confirm by mail.

    :param tank_capacity_l: the whole tank in litres; None when it is not known, then nothing is checked against it.
    :param litres: asked for when not `fills_up`.
    :raises TankIsFull, TooLittleFits, TooFewLitres, MoreThanFits, LitresMissing: with the sentence for the person.
    """
    wanted_l = None if fills_up else litres
    _check(wanted_l, fills_up, gauge_percent, tank_capacity_l, least_l)
    order = GasOrder.objects.create(
        number=new_public_id()[:20],  # its own number follows from the row's
        supply_point_id=supply_point_id,
        payer_id=payer_id,
        ordered_by=by,
        ordered_at=now,
        litres=wanted_l,
        gauge_percent=gauge_percent,
        phone=phone,
        note=note,
    )
    order.number = f"N-{now.year}-{order.pk:06d}"
    order.save(update_fields=["number"])
    _tell(order, supply_point_number, place_name, by)
    return order


def _check(wanted_l: int | None, fills_up: bool, gauge_percent: int, tank_capacity_l: int | None, least_l: int) -> None:
    if gauge_percent >= FULL_PERCENT:
        raise TankIsFull(full=formats.percent(FULL_PERCENT, _language(), 0))
    fits_l = None if tank_capacity_l is None else litres_that_fit(tank_capacity_l, gauge_percent)
    if fits_l is not None and fits_l < least_l:
        raise TooLittleFits(fits=_litres(fits_l), least=_litres(least_l))
    if fills_up:
        return
    if wanted_l is None:
        raise LitresMissing
    if wanted_l < least_l:
        raise TooFewLitres(least=_litres(least_l))
    if fits_l is not None and wanted_l > fits_l:
        raise MoreThanFits(fits=_litres(fits_l))


def _litres(value_l: int) -> str:
    return formats.litres(Decimal(value_l), _language())


def _language() -> formats.Language:
    return "en" if (get_language() or "").startswith("en") else "sl"


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
        phone=order.phone,
        note=order.note,
        ordered_at=order.ordered_at.isoformat(),
    )
    context = {
        "number": order.number,
        "place": place_name,
        "litres": None if order.litres is None else str(order.litres),
        "phone": order.phone,
    }
    mail.post(to=by.email, template="orders/mail/order_received", context=context, language=by.language)


@transaction.atomic
def hand_over_to_form(
    *, form: str, name: str, address: str, phone: str, payer_number: str, by: User, now: datetime
) -> HandOver:
    """Note that the customer goes on to a web form of the supplier, and send the supplier what the page showed."""
    hand_over = HandOver.objects.create(form=form, user=by, handed_over_at=now)
    Message.post(
        "erp.form.handed_over",
        id=hand_over.public_id,
        form=form,
        name=name,
        address=address,
        phone=phone,
        email=by.email,
        payer=payer_number,
    )
    return hand_over
