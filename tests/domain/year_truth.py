"""Who must be told what in an imagined year: said once more in plain Python, from the histories alone.

Nothing here asks the portal or its database. `Truth.due(now)` is everything that is so at that moment, `Truth.told` is
what was told by the runs of the job so far.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

ALONE = {"terms_changed", "enquiry_answer", "renewal_answered", "request_answered"}
ALWAYS = {"terms_changed", "renewal_answered"}
MAY = {
    "read": {"readings", "everything", "holder"},
    "pay": {"pay", "everything", "holder"},
    "renew": {"everything", "holder"},
}
Telling = tuple[int, str, str]
"""Who (key of the user), topic, thing."""


@dataclass(kw_only=True)
class Person:
    key: int
    often: str
    registered_at: datetime
    off: set[str] = field(default_factory=set)
    is_leaving: bool = False
    agreed_to: int = 1
    gathered_on: date | None = None
    week_gathered_on: date | None = None


@dataclass(kw_only=True)
class Place:
    """A link: whose, where, in whose name, and what its user chose otherwise there."""

    key: int
    person: Person
    point: str
    payer: str
    role: str = "holder"
    days: tuple[int, int] | None
    """Between which days of the month it is read; None: a tank."""
    last_on: date = date.max
    has_ended: bool = False
    chosen: dict[str, bool] = field(default_factory=dict)

    def holds(self, today: date) -> bool:
        return not self.has_ended and today <= self.last_on


@dataclass(kw_only=True)
class Bill:
    key: int
    payer: str
    point: str | None
    issued_on: date
    due_on: date
    collected_on: date | None
    is_credit: bool
    is_open: bool = True


@dataclass(kw_only=True)
class Deal:
    key: int
    payer: str
    point: str
    ends_on: date
    is_renewed: bool = False


@dataclass(kw_only=True)
class Fact:
    """Something that happened to one person, told as `thing` until `until`; `place` where it has one."""

    person: Person
    topic: str
    thing: str
    until: datetime
    place: Place | None = None


@dataclass
class Truth:
    people: list[Person] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    """By what they are about: an order has one step at a time, an enquiry one promise, but many answers."""
    terms: dict[int, datetime] = field(default_factory=dict)
    read: set[tuple[str, str]] = field(default_factory=set)
    """Points with the months ("2026-03") for which a reading came."""
    revoked: dict[str, date] = field(default_factory=dict)
    """Payers who ended their direct debit, and when."""
    gauged: set[tuple[str, date]] = field(default_factory=set)
    fed_at: datetime | None = None
    told: set[Telling] = field(default_factory=set)

    def run(self, now: datetime) -> set[Telling]:
        """Return what a whole run of the job at that moment tells, and note it as told."""
        fresh = self.fresh(now)
        today = timezone.localdate(now)
        for each in self.people:
            topics = {topic for key, topic, _thing in fresh if key == each.key and topic not in ALONE}
            if each.often == "weekly" and "new_document" in topics:
                each.week_gathered_on = today
            if topics - ({"new_document"} if each.often == "weekly" else set()):
                each.gathered_on = today
        self.told |= fresh
        return fresh

    def fresh(self, now: datetime) -> set[Telling]:
        if not 8 <= timezone.localtime(now).hour < 20:
            return set()
        due = {
            (person.key, topic, thing)
            for person, topic, thing, place in self.due(now)
            if self.is_wanted(person, topic, place) and self.may_leave(person, topic, timezone.localdate(now))
        }
        return due - self.told

    @staticmethod
    def is_wanted(person: Person, topic: str, place: Place | None) -> bool:
        if person.is_leaving and topic not in ALONE:
            return False
        if topic in ALWAYS:
            return True
        if place and topic in place.chosen:
            return place.chosen[topic]
        return topic not in person.off and not (place and "" in place.chosen)

    @staticmethod
    def may_leave(person: Person, topic: str, today: date) -> bool:
        if person.often == "at_once" or topic in ALONE:
            return True
        if person.often == "weekly" and topic == "new_document":
            last = person.week_gathered_on
            return last is None or last.isocalendar()[:2] != today.isocalendar()[:2]
        return person.gathered_on != today

    def due(self, now: datetime) -> Iterator[tuple[Person, str, str, Place | None]]:
        today = timezone.localdate(now)
        for place in self.places:
            if place.holds(today):
                for topic, thing in (*self._bills(place, now, today), *self._deals(place, today)):
                    yield place.person, topic, thing, place
                for topic, thing in self._to_read(place, today):
                    yield place.person, topic, thing, place
        for fact in self.facts.values():
            if now <= fact.until:
                yield fact.person, fact.topic, fact.thing, fact.place
        for version, published_at in self.terms.items():
            for person in self.people:
                if now < published_at + timedelta(days=60) and person.agreed_to < version:
                    yield person, "terms_changed", str(version), None

    def _bills(self, place: Place, now: datetime, today: date) -> Iterator[tuple[str, str]]:
        if place.role not in MAY["pay"]:
            return
        is_known = self.fed_at is not None and now - self.fed_at <= timedelta(hours=60)
        for bill in self.bills:
            if bill.payer != place.payer or bill.point not in (place.point, None):
                continue
            if bill.point is None and place.role != "holder":
                continue
            if (today - bill.issued_on).days < 14:
                yield "new_document", str(bill.key)
            if is_known and bill.is_open and not bill.is_credit:
                for topic in self._unpaid(bill, today):
                    yield topic, str(bill.key)

    def _unpaid(self, bill: Bill, today: date) -> Iterator[str]:
        revoked_on = self.revoked.get(bill.payer, date.min)
        is_revoked = revoked_on >= bill.issued_on
        would_collect = bill.collected_on is not None and (today - bill.collected_on).days <= 5
        if would_collect and is_revoked:
            yield "pay_by_hand"
        if not would_collect or (is_revoked and (today - revoked_on).days >= 3):
            days = (bill.due_on - today).days
            if 0 <= days <= 3:
                yield "document_due"
            if -30 <= days <= -4:
                yield "document_overdue"

    def _deals(self, place: Place, today: date) -> Iterator[tuple[str, str]]:
        for deal in self.deals:
            if place.role in MAY["renew"] and (deal.payer, deal.point) == (place.payer, place.point):
                left = (deal.ends_on - today).days
                step = 7 if 0 <= left <= 7 else 30 if 7 < left <= 30 else 90 if 30 < left <= 90 else None
                if step and not deal.is_renewed:
                    yield "contract_ending", f"{deal.key}:{deal.ends_on}:{step}"

    def _to_read(self, place: Place, today: date) -> Iterator[tuple[str, str]]:
        if place.role not in MAY["read"]:
            return
        if place.days is None:
            lately = any(point == place.point and 0 <= (today - day).days < 20 for point, day in self.gauged)
            if today.day <= 7 and not lately:
                yield "gauge_due", f"{place.key}:{today:%Y-%m}"
            return
        for month, closes_on in months_open(today, place.days):
            if (place.point, month) not in self.read:
                which = "last" if (closes_on - today).days <= 2 else "first"
                yield "reading_due", f"{place.key}:{month}:{which}"


def months_open(today: date, days: tuple[int, int]) -> Iterator[tuple[str, date]]:
    """Return the months that may be read on that day, each with the last day for it; no window is open twice."""
    first, last = days
    if first <= last:
        if first <= today.day <= last:
            yield f"{today:%Y-%m}", today.replace(day=last)
    elif today.day >= first:
        yield f"{today:%Y-%m}", (today.replace(day=28) + timedelta(days=7)).replace(day=last)
    elif today.day <= last:
        yield f"{today.replace(day=1) - timedelta(days=1):%Y-%m}", today.replace(day=last)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
