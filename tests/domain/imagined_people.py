"""Six people with gas and their places, who change their minds, move out and leave: the cast of an imagined year."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from mojplin.domain.accounts.models import NoticeChoice, User
from mojplin.domain.accounts.publishing import publish_first_terms
from mojplin.domain.linking.models import Link
from mojplin.domain.notifications.models import PlaceChoice, Rhythm
from mojplin.domain.supply.models import FeedRun
from tests.cast import Customer, Scenes
from tests.domain.year_truth import Person, Place, Truth, at

FIRST_DAY, DAYS = date(2026, 1, 1), 365
USUAL, CROSSING = (24, 28), (27, 3)
"""Days of reading: those of the supplier, and those of one place that end in the following month."""
CHOSEN = ("new_document", "document_due", "document_overdue", "contract_ending", "reading_due", "enquiry_answer")


class ImaginedPeople:
    """Who there is, and what happens when: `play(now)` lets happen what has come by then."""

    def __init__(self, scenes: Scenes, chance: random.Random) -> None:
        self.scenes, self.chance, self.truth = scenes, chance, Truth()
        self.events: list[tuple[datetime, int, Callable[[], None]]] = []
        self.order = count()
        self.outages = [chance.randrange(DAYS) for _each in range(2)]
        self.people: dict[str, Person] = {}
        self.users: dict[str, User] = {}
        self._begin()
        self._whims()

    def play(self, now: datetime) -> None:
        while self.events and self.events[0][0] <= now:
            heappop(self.events)[2]()

    def on(self, day: int, hour: int, act: Callable[..., None], *known: object) -> None:
        """Let something happen on a day, counted from the first of the year."""
        when = at(FIRST_DAY + timedelta(days=day), hour)
        heappush(self.events, (when, next(self.order), lambda: act(when, *known)))

    # People and places.

    def _begin(self) -> None:
        scenes, before = self.scenes, at(FIRST_DAY - timedelta(days=30), 12)
        publish_first_terms(today=before.date(), now=before)
        self.clerk = self._person("Nika", before, role="clerk")
        for name in ("Ana", "Bojan", "Cilka", "Jure", "Zala"):
            self._person(name, before)
        self.payers = {
            name: scenes.given_payer(f"2041900{n}", serial=20 + n) for n, name in enumerate(("dom", "firma", "stan"))
        }
        self.points = {
            name: scenes.given_supply_point(self.payers[payer], f"3000-{n}", **more)
            for n, (name, payer, more) in enumerate(
                [
                    ("dom", "dom", {}),
                    ("vikend", "dom", {"kind": "bulk", "tank_capacity_l": 2700}),
                    ("prvi", "firma", {"reading_first_day": CROSSING[0], "reading_last_day": CROSSING[1]}),
                    ("drugi", "firma", {}),
                    ("stan", "stan", {"kind": "network"}),
                ]
            )
        }
        self.meters = {name: scenes.given_meter(point) for name, point in self.points.items() if name != "vikend"}
        for name, point, payer in (
            ("Ana", "dom", "dom"), ("Ana", "vikend", "dom"), ("Bojan", "prvi", "firma"), ("Bojan", "drugi", "firma"),
            ("Cilka", "stan", "stan"),
        ):  # fmt: skip
            self._place(name, point, payer, before)
        home, cottage = (Link.objects.get(supply_point=self.points[name]) for name in ("dom", "vikend"))
        until = FIRST_DAY + timedelta(days=self.chance.randrange(100, 300))
        self._place("Jure", "dom", "dom", before, role="pay", shared_from=home, last_on=until)
        self._place("Zala", "vikend", "dom", before, role="everything", shared_from=cottage)
        self.feed = FeedRun.objects.create(folder="f", started_at=before, made_at=before, state="taken_in")
        for day in range(DAYS):
            if not any(0 <= day - first < 5 for first in self.outages):
                self.on(day, 4, self._feed)

    def _person(self, name: str, now: datetime, role: str = "customer") -> Person:
        user = Customer(name, signed_in=False, role=role).user
        language = self.chance.choice(("sl", "en"))
        User.objects.filter(pk=user.pk).update(registered_at=now, terms_version=1, language=language)
        often = self.chance.choice(Rhythm.Often.values)
        if often != "at_once":
            Rhythm.objects.create(user=user, often=often)
        self.users[name], person = user, Person(key=user.pk, often=often, registered_at=now)
        self.people[name] = person
        self.truth.people.append(person)
        return person

    def _place(self, name: str, point: str, payer: str, now: datetime, **more: object) -> None:
        link = Link.objects.create(
            user=self.users[name], payer=self.payers[payer], supply_point=self.points[point], name=point,
            created_at=now, **more,
        )  # fmt: skip
        days = None if point == "vikend" else CROSSING if point == "prvi" else USUAL
        self.truth.places.append(
            Place(
                key=link.pk, person=self.people[name], point=point, payer=payer, role=link.role, days=days,
                last_on=link.last_on or date.max,
            )
        )  # fmt: skip

    def _place_of(self, name: str, point: str) -> Place:
        return next(x for x in self.truth.places if x.person is self.people[name] and x.point == point)

    def _feed(self, now: datetime) -> None:
        FeedRun.objects.filter(pk=self.feed.pk).update(made_at=now)
        self.truth.fed_at = now

    # Whims: kinds and places are switched off and on, somebody moves out, somebody leaves.

    def _whims(self) -> None:
        for _each in range(12):
            self.on(self.chance.randrange(DAYS), 13, self._whim, self.chance.choice(("Bojan", "Cilka", "Jure")))
        self.on(self.chance.randrange(150, 330), 13, self._move_out)
        self.on(self.chance.randrange(150, 330), 13, self._leave)

    def _whim(self, _now: datetime, name: str) -> None:
        person, user, topic = self.people[name], self.users[name], self.chance.choice(CHOSEN)
        if self.chance.random() < 0.5:
            person.off ^= {topic}
            NoticeChoice.objects.update_or_create(
                user=user, topic=topic, defaults={"is_wanted": topic not in person.off}
            )
            return
        place = self.chance.choice([x for x in self.truth.places if x.person is person])
        place.chosen = self.chance.choice(({}, {"": False}, {topic: True}, {topic: False}))
        PlaceChoice.objects.filter(link=place.key).delete()
        for each, is_wanted in place.chosen.items():
            PlaceChoice.objects.create(link_id=place.key, topic=each, is_wanted=is_wanted)

    def _move_out(self, now: datetime) -> None:
        place = self._place_of("Bojan", "prvi")
        Link.objects.filter(pk=place.key).update(ended_at=now, ended_because="user")
        place.has_ended = True

    def _leave(self, now: datetime) -> None:
        User.objects.filter(pk=self.users["Zala"].pk).update(closing_asked_at=now)
        self.people["Zala"].is_leaving = True
