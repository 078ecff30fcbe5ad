"""Ordering cylinders in the portal: at the price list's prices, to an address, for a week and a part of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.orders.models import Article, CylinderLine, CylinderOrder
from mojplin.domain.orders.operations import PriceChanged
from mojplin.foundation import mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.public_ids import new_public_id
from mojplin.foundation.running_numbers import give_number

MOST_OF_ONE_KIND = 99


class NothingChosen(Refused):
    message = _("Choose at least one cylinder.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Cylinders of one kind; euros with VAT."""

    article: Article
    quantity: int

    @property
    def sum_eur(self) -> Decimal:
        return self.article.price_eur * self.quantity


def cylinders_on(day: date) -> list[Article]:
    """Return the cylinders of the price list that holds on a day."""
    return list(Article.objects.priced_on(day).filter(kind=Article.Kind.CYLINDER))


def chosen_lines(articles: list[Article], quantities: Mapping[str, int]) -> list[Line]:
    """Return a line for every article of which some are wanted.

    :param quantities: by the number of the article.
    :raises NothingChosen: none is.
    """
    lines = [Line(article=each, quantity=quantities[each.number]) for each in articles if quantities.get(each.number)]
    if not lines:
        raise NothingChosen
    return lines


def total_eur(lines: list[Line]) -> Decimal:
    return sum((each.sum_eur for each in lines), Decimal(0))


@transaction.atomic
def order_cylinders(
    *,
    quantities: Mapping[str, int],
    name: str,
    address: str,
    phone: str,
    note: str,
    wished_from: date | None,
    wished_until: date | None,
    part_of_day: str,
    shown_eur: Decimal | None,
    by: User,
    today: date,
    now: datetime,
) -> CylinderOrder:
    """Order cylinders: keep the order, tell the ERP, confirm by mail.

    :param shown_eur: what the page had said it costs with VAT.
    :raises NothingChosen, PriceChanged: with the sentence for the person.
    """
    lines = chosen_lines(cylinders_on(today), quantities)
    if total_eur(lines) != shown_eur:
        raise PriceChanged
    order = CylinderOrder.objects.create(
        number=new_public_id()[:20],  # its own number follows from the row's
        ordered_by=by,
        ordered_at=now,
        name=name,
        address=address,
        phone=phone,
        note=note,
        wished_from=wished_from,
        wished_until=wished_until,
        part_of_day=part_of_day,
        total_eur=total_eur(lines),
    )
    give_number(order, "J", now=now)
    CylinderLine.objects.bulk_create(
        CylinderLine(
            order=order, article_number=each.article.number, name=each.article.name, quantity=each.quantity,
            price_eur=each.article.price_eur,
        )
        for each in lines
    )  # fmt: skip
    _tell(order, lines, by)
    return order


def _tell(order: CylinderOrder, lines: list[Line], by: User) -> None:
    Message.post(
        "erp.cylinders.ordered",
        wakes_worker=False,
        id=order.public_id,
        number=order.number,
        lines=[[each.article.number, each.quantity, str(each.article.price_eur)] for each in lines],
        total_eur=str(order.total_eur),
        name=order.name,
        address=order.address,
        phone=order.phone,
        email=by.email,
        wished_from=order.wished_from.isoformat() if order.wished_from else None,
        wished_until=order.wished_until.isoformat() if order.wished_until else None,
        part_of_day=order.part_of_day,
        note=order.note,
        ordered_at=order.ordered_at.isoformat(),
    )
    context = {
        "number": order.number,
        "lines": [[each.quantity, each.article.name] for each in lines],
        "total": str(order.total_eur),
        "address": order.address,
        "phone": order.phone,
    }
    mail.post(to=by.email, template="orders/mail/cylinders_ordered", context=context, language=by.language)
