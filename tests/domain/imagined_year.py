"""An imagined year of six people with gas: what happens to them, drawn by chance and played on the portal day by day.

Each history is written twice as it happens: into the portal's tables, and into the truth that the test believes.
"""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.models.terms import Acceptors
from mojplin.domain.accounts.publishing import publish_terms
from mojplin.domain.billing.models import Document, RequestAnswer
from mojplin.domain.contracts.models import RenewalAnswer
from mojplin.domain.metering.models import GaugeReading, SubmittedReading
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.domain.supply.models import Delivery
from mojplin.domain.support import office
from mojplin.domain.support.models import Enquiry
from tests.arranged import given_mandate
from tests.cast import Scenes
from tests.deals import given_cylinder_order, given_renewal
from tests.domain.imagined_people import CROSSING, DAYS, FIRST_DAY, USUAL, ImaginedPeople
from tests.domain.year_truth import Bill, Deal, Fact, Place, at

NEWS_OF_ORDER, NEWS_OF_ANSWER = timedelta(days=60), timedelta(days=30)


class ImaginedYear(ImaginedPeople):
    def __init__(self, scenes: Scenes, chance: random.Random) -> None:
        super().__init__(scenes, chance)
        for history in (
            self._bills, self._readings, self._gauges, self._contracts, self._orders, self._enquiries, self._requests,
            self._terms,
        ):  # fmt: skip
            history()

    # Bills: unpaid, paid before and after they are due, collected, credited, for no place in particular.

    def _bills(self) -> None:
        for number, (payer, point) in enumerate(
            [
                ("dom", "dom"),
                ("dom", "vikend"),
                ("firma", "prvi"),
                ("firma", "drugi"),
                ("firma", None),
                ("stan", "stan"),
            ]
        ):
            for month in range(12):
                if point in ("vikend", None) and month % 3:
                    continue
                day = month * 30 + self.chance.randrange(3, 12)
                paid = self.chance.choice((5, 13, 16, 25, 999))
                is_credit, is_collected = self.chance.random() < 0.1, self.chance.random() < 0.2
                if point == "dom" and month in (1, 6):  # one that nobody pays, one whose collection is revoked
                    paid, is_credit, is_collected = 999, False, month == 6
                    if is_collected:
                        self.on(day + 8, 13, self._revoke, payer, "Ana")
                more = {"is_credit": is_credit, "collected_on": day + 15 if is_collected else None}
                self.on(day, 5, self._bill, payer, point, f"26-{number}-{month:02}", day + paid, more)

    def _bill(self, now: datetime, payer: str, point: str | None, number: str, paid: int, more: dict) -> None:
        day, collected = now.date(), more["collected_on"]
        collected_on = FIRST_DAY + timedelta(days=collected) if collected else None
        document = self.scenes.given_document(
            self.payers[payer], self.points[point] if point else None, number, issued_on=day,
            due_on=day + timedelta(days=15), open_eur=Decimal("136.84"), collected_on=collected_on,
            kind="credit_note" if more["is_credit"] else "invoice",
        )  # fmt: skip
        bill = Bill(
            key=document.pk, payer=payer, point=point, issued_on=day, due_on=document.due_on,
            collected_on=collected_on, is_credit=more["is_credit"],
        )  # fmt: skip
        self.truth.bills.append(bill)
        if paid < DAYS:
            self.on(paid, 5, self._pay, bill)

    def _revoke(self, now: datetime, payer: str, name: str) -> None:
        given_mandate(self.payers[payer], self.users[name], f"ZX-{payer}", kind="no_direct_debit", asked_at=now)
        self.truth.revoked[payer] = now.date()

    def _pay(self, _now: datetime, bill: Bill) -> None:
        Document.objects.filter(pk=bill.key).update(open_eur=0)
        bill.is_open = False

    # Readings, gauges and deliveries.

    def _readings(self) -> None:
        for point in self.meters:
            for month in range(12):
                if self.chance.random() < 0.6:
                    first = date(2026, month + 1, (CROSSING if point == "prvi" else USUAL)[0])
                    day = (first - FIRST_DAY).days + self.chance.randrange(0, 4)
                    self.on(day, self.chance.choice((7, 10, 21)), self._reading, point, first.replace(day=1))

    def _reading(self, now: datetime, point: str, month: date) -> None:
        meter = self.meters[point]
        payer = "firma" if point in ("prvi", "drugi") else point
        SubmittedReading.objects.create(
            supply_point=self.points[point], payer=self.payers[payer], meter=meter, month=month, version=1,
            value_m3=1000 + month.month, read_on=now.date(), submitted_by=self.users["Ana"], submitted_at=now,
        )  # fmt: skip
        self.truth.read.add((point, f"{month:%Y-%m}"))

    def _gauges(self) -> None:
        for _each in range(6):
            self.on(self.chance.randrange(40, DAYS), 9, self._gauge)

    def _gauge(self, now: datetime) -> None:
        GaugeReading.objects.create(
            supply_point=self.points["vikend"], payer=self.payers["dom"], read_on=now.date(),
            version=GaugeReading.objects.count() + 1, percent=40, submitted_by=self.users["Ana"], submitted_at=now,
        )  # fmt: skip
        self.truth.gauged.add(("vikend", now.date()))

    # Contracts: they end, are renewed, and the supplier accepts or refuses.

    def _contracts(self) -> None:
        for number, (payer, point, name) in enumerate(
            [("dom", "dom", "Ana"), ("dom", "vikend", "Zala"), ("firma", "prvi", "Bojan"), ("stan", "stan", "Cilka")]
            * 2
        ):
            ends = self.chance.randrange(20, 420)
            contract = self.scenes.given_contract(
                self.payers[payer], self.points[point], f"OGR-{number}", ends_on=FIRST_DAY + timedelta(days=ends)
            )
            deal = Deal(key=contract.pk, payer=payer, point=point, ends_on=contract.ends_on)
            self.truth.deals.append(deal)
            if number == 0 or self.chance.random() < 0.5:
                day = max(1, min(ends, 350) - self.chance.choice((100, 60, 31, 8, 2)))
                self.on(day, 10, self._renew, contract, deal, name, self.chance.choice(("accepted", "refused")))

    def _renew(self, now: datetime, contract: object, deal: Deal, name: str, outcome: str) -> None:
        renewal = given_renewal(contract, self.users[name])
        deal.is_renewed = True
        self.on((now.date() - FIRST_DAY).days + 6, 5, self._answered, renewal, deal, name, outcome)

    def _answered(self, now: datetime, renewal: object, deal: Deal, name: str, outcome: str) -> None:
        RenewalAnswer.objects.create(renewal_number=renewal.number, outcome=outcome, answered_on=now.date(), reason="X")
        type(renewal).objects.filter(pk=renewal.pk).update(state=outcome, answered_at=now)
        deal.is_renewed = outcome == "accepted"
        place = next(x for x in self.truth.places if x.person is self.people[name] and x.point == deal.point)
        self._happened(name, "renewal_answered", f"{renewal.number}:{outcome}", now + NEWS_OF_ANSWER, place)

    # Orders: planned, planned anew, delivered or cancelled; of gas at a place, of cylinders at none.

    def _orders(self) -> None:
        for number in range(5):
            day, hour = self.chance.randrange(10, 300), self.chance.choice((5, 11))
            self.on(day, 3, self._order, number)
            steps = [("planned", 3), ("planned", self.chance.randrange(4, 7))]
            for state, after in [*steps, (self.chance.choice(("delivered", "cancelled")), 9)]:
                self.on(day + after, hour, self._step, number, state)

    def _order(self, now: datetime, number: int) -> None:
        if number % 2:
            given_cylinder_order(self.users["Cilka"], number=f"N-{number}")
        else:
            GasOrder.objects.create(
                number=f"N-{number}", supply_point=self.points["vikend"], payer=self.payers["dom"],
                ordered_by=self.users["Ana"], ordered_at=now, gauge_percent=20, phone="040 000 000",
            )  # fmt: skip

    def _step(self, now: datetime, number: int, state: str) -> None:
        day = now.date() + timedelta(days=self.chance.randrange(1, 3))
        days = {"planned_from": day, "planned_until": day} if state == "planned" else {"delivered_on": now.date()}
        OrderStep.objects.update_or_create(
            order_number=f"N-{number}", defaults={"state": state, "reason": "Ni dostopa", **days}
        )
        model, name = (CylinderOrder, "Cilka") if number % 2 else (GasOrder, "Ana")
        model.objects.filter(number=f"N-{number}").update(state=state, stepped_at=now)
        if model is GasOrder and state == "delivered":
            Delivery.objects.create(
                number=f"D-{number}", supply_point=self.points["vikend"], payer=self.payers["dom"],
                delivered_on=now.date(), litres=1000,
            )  # fmt: skip
            self.truth.gauged.add(("vikend", now.date()))
        place = None if number % 2 else self._place_of("Ana", "vikend")
        thing = f"N-{number}:{state}:" + (f"{day}/{day}" if state == "planned" else "")
        self._happened(name, "order_step", thing, now + NEWS_OF_ORDER, place, of=f"order {number}")

    # Enquiries, by the office's own acts: put off, answered, answered once more.

    def _enquiries(self) -> None:
        for number, name in enumerate(("Ana", "Bojan", "Cilka", "Zala", "Ana", "Bojan")):
            day = self.chance.randrange(5, 330)
            self.on(day, 9, self._asks, number, name)
            for after in sorted(self.chance.sample(range(2, 6), self.chance.randrange(0, 3))):
                self.on(day, 10 + after, self._put_off, number, after + 4)
            for _answer in range(self.chance.randrange(1, 3)):
                self.on(day + self.chance.randrange(1, 4), self.chance.choice((9, 15, 22)), self._answer, number, name)

    def _asks(self, now: datetime, number: int, name: str) -> None:
        point, payer = {"Ana": ("dom", "dom"), "Bojan": ("drugi", "firma")}.get(name, ("", ""))
        where = {"supply_point": self.points[point], "payer": self.payers[payer]} if point else {}
        self.scenes.given_enquiry(
            Named(self.users[name]), number=f"P-{number}", sent_at=now, last_at=now,
            promised_on=now.date() + timedelta(days=1), **where,
        )  # fmt: skip

    def _put_off(self, now: datetime, number: int, days: int) -> None:
        enquiry = Enquiry.objects.get(number=f"P-{number}")
        day = now.date() + timedelta(days=days)
        office.promise(enquiry=enquiry.pk, promised_on=day, today=now.date())
        if enquiry.state == "sent":
            name = enquiry.sent_by.username
            until = at(day, 23, 59)
            thing = f"later:{enquiry.pk}:{day}"
            self._happened(name, "enquiry_answer", thing, until, self._asked_at(name), of=f"promise {number}")

    def _answer(self, now: datetime, number: int, name: str) -> None:
        enquiry = Enquiry.objects.get(number=f"P-{number}")
        entry = office.answer(enquiry=enquiry.pk, text="Tako je.", by=self.users["Nika"], now=now)
        self.truth.facts.pop(f"promise {number}", None)
        thing = f"answer:{entry.pk}"
        self._happened(name, "enquiry_answer", thing, now + NEWS_OF_ANSWER, self._asked_at(name))

    def _asked_at(self, name: str) -> Place | None:
        point = {"Ana": "dom", "Bojan": "drugi"}.get(name)
        return self._place_of(name, point) if point else None

    def _happened(self, name: str, topic: str, thing: str, until: datetime, place: Place | None, of: str = "") -> None:
        self.truth.facts[of or thing] = Fact(
            person=self.people[name], topic=topic, thing=thing, until=until, place=place
        )

    # Requests about how invoices come: answered once.

    def _requests(self) -> None:
        for number, (name, payer) in enumerate((("Ana", "dom"), ("Bojan", "firma"))):
            day = self.chance.randrange(10, 140)
            self.on(day, 9, self._asks_for_paper, name, payer, f"Z-{number}")
            self.on(day + 3, self.chance.choice((5, 14)), self._request_answered, name, f"Z-{number}")

    def _asks_for_paper(self, now: datetime, name: str, payer: str, number: str) -> None:
        given_mandate(
            self.payers[payer], self.users[name], number, family="invoices", kind="invoices_on_paper", asked_at=now
        )

    def _request_answered(self, now: datetime, name: str, number: str) -> None:
        state, until = self.chance.choice(("accepted", "refused")), at(now.date() + NEWS_OF_ANSWER, 23, 59)
        RequestAnswer.objects.create(number=number, state=state, answered_on=now.date())
        self._happened(name, "request_answered", f"{number}:{state}", until, None)

    # New terms, somebody who comes between publishing and the day they hold, and people who agree.

    def _terms(self) -> None:
        first = self.chance.randrange(40, 150)
        for version, day in ((2, first), (3, first + 100)):
            self.on(day, self.chance.choice((9, 23)), self._publish, version)
            for name in ("Ana", "Bojan", "Jure"):
                self.on(day + self.chance.randrange(1, 60), 11, self._agree, name, version)
        self.on(first + 20, 10, lambda now: self._person("Nejc", now) and None)

    def _publish(self, now: datetime, version: int) -> None:
        publish_terms(
            version=version, texts=("A", "B"), summaries=("C", "D"), effective_on=now.date() + timedelta(days=40),
            acceptors=Acceptors.EVERYONE, today=now.date(), now=now,
        )  # fmt: skip
        self.truth.terms[version] = now

    def _agree(self, _now: datetime, name: str, version: int) -> None:
        User.objects.filter(pk=self.users[name].pk).update(terms_version=version)
        self.people[name].agreed_to = version


class Named:
    """Somebody by their account, for scenes that ask for a customer."""

    def __init__(self, user: User) -> None:
        self.user = user
