"""What the demo's users have asked for, and what the invented supplier has answered: something of every state.

It goes the way it goes in earnest: the operations of the rooms; a clerk answers, only what is delivered the ERP says.
"""

import hashlib
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import translation

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.answering import accept_request
from mojplin.domain.billing.arrangements import ask_for_direct_debit, ask_for_invoices
from mojplin.domain.contracts import wording
from mojplin.domain.contracts.annex import annex_of
from mojplin.domain.contracts.answering import accept_renewal, refuse_renewal
from mojplin.domain.contracts.models import Contract, Offer, Renewal
from mojplin.domain.contracts.renewing import Seen, renew
from mojplin.domain.contracts.terms import terms_of
from mojplin.domain.linking.access import places_of
from mojplin.domain.linking.models import Link
from mojplin.domain.metering.models import BilledReading, SubmittedReading
from mojplin.domain.moving.operations import announce
from mojplin.domain.moving.taking_over import say_otherwise
from mojplin.domain.orders.answering import plan_order, refuse_order
from mojplin.domain.orders.cylinders import chosen_lines, cylinders_on, order_cylinders, total_eur
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.domain.orders.operations import place_order
from mojplin.domain.supply.models import Delivery

PHONE = "040 000 000"
IBAN, BIC = "SI56020170014356205", "LJBASI2X"
"""Of nobody: the example of the standard."""
ODDLY_MUCH_M3 = 900
DAYS_TO_DELIVERY = 4


def ask_for_everything(*, household: User, firm: User, tank: User, clerk: User, now: datetime, today: date) -> None:
    """Let the three customers of the demo order, renew and arrange, and the supplier answer most of it."""
    known = {"clerk": clerk, "now": now, "today": today}
    refills(tank, **known)
    cylinders(household, **known)
    with translation.override("sl"):
        renewals(firm, **known)
    requests(household, firm, clerk=clerk, now=now)
    odd_reading(firm, now=now, today=today)
    hand_over(firm, now=now, today=today)


def refills(user: User, *, clerk: User, now: datetime, today: date) -> None:
    """A refill that was delivered, and one that comes today."""
    place = Link.objects.select_related("supply_point").filter(user=user).first()
    if place is None:
        return

    def ordered(days_ago: int, note: str) -> GasOrder:
        return place_order(
            supply_point_id=place.supply_point_id, supply_point_number=place.supply_point.number,
            payer_id=place.payer_id, place_name=place.name, tank_capacity_l=place.supply_point.tank_capacity_l,
            least_l=1, fills_up=True, litres=None, gauge_percent=22, wished_from=None, wished_until=None, phone=PHONE,
            note=note, shown_eur=None, costs_eur=None, by=user, now=now - timedelta(days=days_ago),
        )  # fmt: skip

    filled = Delivery.objects.filter(supply_point=place.supply_point_id, payer=place.payer_id).order_by("delivered_on")
    if last := filled.exclude(level_after_percent=None).last():
        delivered(ordered((today - last.delivered_on).days + DAYS_TO_DELIVERY, ""), last)
    comes = ordered(2, "Dvorišče je za hišo, pes je prijazen.")
    plan_order(comes, planned_from=today, planned_until=None, by=clerk, now=now)


def delivered(order: GasOrder, filled: Delivery) -> None:
    """The order was for a filling that the export holds."""
    OrderStep.objects.create(
        order_number=order.number, state=OrderStep.State.DELIVERED, planned_from=filled.delivered_on,
        delivered_on=filled.delivered_on, litres=filled.litres, gauge_percent=filled.level_after_percent,
    )  # fmt: skip
    GasOrder.objects.filter(pk=order.pk).update(state=GasOrder.State.DELIVERED)


def cylinders(user: User, *, clerk: User, now: datetime, today: date) -> None:
    """Cylinders that come tomorrow, some that are refused, and some that wait."""
    place = Link.objects.select_related("supply_point", "payer").filter(user=user).first()
    articles = cylinders_on(today)
    if place is None or not articles:
        return

    def ordered(days_ago: int, quantity: int) -> CylinderOrder:
        wanted = {articles[0].number: quantity}
        return order_cylinders(
            quantities=wanted, name=place.payer.name, address=place.supply_point.address, phone=PHONE, note="",
            wished_from=None, wished_until=None, part_of_day="any",
            shown_eur=total_eur(chosen_lines(articles, wanted)), by=user, today=today,
            now=now - timedelta(days=days_ago),
        )  # fmt: skip

    known = {"by": clerk, "now": now}
    refuse_order(ordered(9, 40), reason="Toliko jeklenk zasebnemu odjemalcu ne dostavimo naenkrat.", **known)
    plan_order(ordered(3, 2), planned_from=today + timedelta(days=1), planned_until=None, **known)
    ordered(1, 1)


def renewals(user: User, *, clerk: User, now: datetime, today: date) -> None:
    """Three of the firm's contracts: one renewal is accepted, one refused, one waits."""
    payers = Link.objects.filter(user=user).values("payer")
    good = Offer.objects.good_on(today).filter(contract__payer__in=payers, contract__ends_on__gte=today)
    offers = good.select_related("contract__supply_point", "contract__payer").order_by("contract", "number")
    first_of = {each.contract_id: each for each in reversed(offers)}
    known = {"by": clerk, "now": now}
    sent = [
        renewed(each.contract, each, by=user, now=now - timedelta(days=days_ago), today=today)
        for days_ago, each in enumerate(list(first_of.values())[:3], start=1)
    ]
    for renewal in sent[:1]:
        accept_renewal(renewal, **known)
    for renewal in sent[1:2]:
        refuse_renewal(renewal, reason="Za to odjemno mesto je odprt zapadel račun.", **known)


def renewed(contract: Contract, offer: Offer, *, by: User, now: datetime, today: date) -> Renewal:
    terms = terms_of(contract, offer)
    annex = annex_of(contract, terms, language="sl", made_on=today)
    seen = Seen(
        terms=terms,
        facts=[list(fact) for fact in wording.binding_facts(contract, terms, "sl")],
        sentences=wording.fixed_and_open(terms, "sl"),
        label="Aneks imam prebran v celoti in se z njim strinjam.",
        button="Podaljšaj pogodbo z obveznostjo plačila",
        annex_sha256=hashlib.sha256(annex).hexdigest(),
        language="sl",
        shown_on=today,
    )
    return renew(
        contract_id=contract.pk, seen=seen, place_name=contract.supply_point.street, by=by, today=today, now=now
    )


def requests(household: User, firm: User, *, clerk: User, now: datetime) -> None:
    """The household's invoices come by mail; the firm's direct debit waits."""
    of_household, of_firm = (Link.objects.filter(user=user).first() for user in (household, firm))
    if of_household:
        asked = ask_for_invoices(
            way="invoices_by_email", email=household.email, iban="", bic="", payer_id=of_household.payer_id,
            by=household, now=now - timedelta(days=20),
        )  # fmt: skip
        accept_request(asked, by=clerk, now=now)
    if of_firm:
        holder = of_firm.payer.name[:70]
        ask_for_direct_debit(
            holder=holder, iban=IBAN, bic=BIC, agreed=True, payer_id=of_firm.payer_id, by=firm,
            now=now - timedelta(days=4),
        )  # fmt: skip


def odd_reading(user: User, *, now: datetime, today: date) -> None:
    """One of the firm's readings of this month that it confirmed although it was asked."""
    points = Link.objects.filter(user=user).values("supply_point")
    read = BilledReading.objects.filter(Q(meter__removed_on=None), supply_point__in=points)
    last = read.exclude(basis=BilledReading.Basis.FLAT_RATE).order_by("-period_to", "-pk").first()
    month = today.replace(day=1)
    if last is None or last.period_to >= month:
        return
    SubmittedReading.objects.create(
        supply_point_id=last.supply_point_id, payer_id=last.payer_id, meter_id=last.meter_id, month=month, version=1,
        value_m3=last.value_to_m3 + ODDLY_MUCH_M3, read_on=today, submitted_by=user, submitted_at=now, is_odd=True,
    )  # fmt: skip


def hand_over(user: User, *, now: datetime, today: date) -> None:
    """The last of the firm's places with a meter is handed over, and the other side read something else."""
    place = next((each for each in reversed(places_of(user.pk)) if each.has_meter), None)
    known = place and BilledReading.objects.filter(supply_point=place.supply_point_id, meter__removed_on=None)
    last = known and known.order_by("-period_to", "-pk").first()
    if place is None or not last:
        return
    said = {"moves_on": today, "typed": "", "is_confirmed": True, "today": today}
    move = announce(
        place=place, exact_m3=last.value_to_m3 + 4, bill_address="Ukanc 1, 4265 Bohinjsko jezero",
        email="najemnik@example.com", nobody_known=False, by=user, now=now - timedelta(hours=1), **said,
    )  # fmt: skip
    say_otherwise(move=move, exact_m3=last.value_to_m3 + 7, name="Nadja Vidic", phone=PHONE, now=now, **said)
