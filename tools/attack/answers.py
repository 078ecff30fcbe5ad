"""Do failed links answer alike? Real pages, through every layer, with the waiting switched off: bytes and time."""

import random
import re
from dataclasses import dataclass, field
from datetime import datetime

import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from mojplin.domain.accounts.models import Session, User
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.linking import closing, limits
from mojplin.domain.linking.models import ClosedPayer
from mojplin.foundation.limits import hit
from tools.attack.timing import Taken, figures_of
from tools.attack.town import Target, accounts, addresses, random_tax_number

LINK = "/odjemna-mesta/povezi/"
CHANCE = re.compile(r'(name="(?:csrfmiddlewaretoken|form_key)" value=")[^"]*')
KINDS = ["nothing", "tax", "payer", "tax_payer", "payer_document", "closed", "paused"]
ROUNDS_COUNTED = 3
NOBODYS_PAYER, NOBODYS_DOCUMENT = "99999999", "ZD-999999"


def measured(targets: list[Target], lot: random.Random, now: datetime, tries: int) -> dict[str, object]:
    """Return how many different answers there are over mixed failures, and what each kind takes."""
    scene = Scene(targets, lot, now, accounts(max(tries // 4, 1), now))
    answers: set[str] = set()
    taken = {kind: Taken() for kind in KINDS}
    with override_settings(LINK_ANSWER_FLOOR_SECONDS=0, SESSION_IDLE_MINUTES=100_000, SESSION_HOURS=10_000):
        counted = [_statements(scene) for _round in range(ROUNDS_COUNTED)]
        for _round in range(max(tries // len(KINDS) - ROUNDS_COUNTED, 1)):
            for kind in lot.sample(KINDS, len(KINDS)):
                answers.add(scene.fails(kind, taken[kind]))
    answers |= scene.answers
    return {
        "tries": scene.turn,
        "different": len(answers),
        "statements": sorted({count for each in counted for count in each}),
    } | figures_of(taken)


@dataclass
class Scene:
    """Who fails next, where and when."""

    targets: list[Target]
    lot: random.Random
    now: datetime
    people: list[tuple[User, Session]]
    turn: int = 0
    answers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        quarter = len(self.targets) // 4
        self.networks, self.closed, self.open_ones = addresses(200), self.targets[:quarter], self.targets[quarter:]
        for target in self.closed:
            closing.close(target.payer_id, ClosedPayer.Reason.NEAR_MISSES, self.now)

    def fails(self, kind: str, taken: Taken | None = None) -> str:
        """Send numbers that fail in that way, and return the answer without chance and what the sender is called."""
        user, session = self.people[self.turn % len(self.people)]
        session.key_hash = secret_hash(user.username)
        session.save(update_fields=["key_hash"])
        at = self.now + limits.SLOT * self.turn
        with time_machine.travel(at, tick=True):
            if kind == "paused":
                _use_up(user, at)
            browser = Client(REMOTE_ADDR=self.networks[self.turn % len(self.networks)])
            browser.cookies[settings.SESSION_COOKIE_NAME] = user.username
            typed = _typed(kind, self.lot.choice(self.closed if kind == "closed" else self.open_ones), self.lot)
            response = (taken or Taken()).timed(lambda: browser.post(LINK, typed))
        self.turn += 1
        return f"{response.status_code} {_without_chance(response.content.decode(), user.username, typed)}"


def _statements(scene: Scene) -> list[int]:
    """Return how many statements a failure of each kind takes, once the page has begun."""
    found = []
    for kind in KINDS:
        with CaptureQueriesContext(connection) as queries:
            scene.answers.add(scene.fails(kind))
        said = [query["sql"].lower() for query in queries]
        found.append(len(said) - next(n for n, sql in enumerate(said) if "foundation_formkey" in sql))
    return found


def _typed(kind: str, target: Target, lot: random.Random) -> dict[str, str]:
    wrong = {"tax_number": random_tax_number(lot), "payer_number": NOBODYS_PAYER, "document_number": NOBODYS_DOCUMENT}
    right = {"tax_number": target.tax, "payer_number": target.payer, "document_number": target.document}
    chosen = {
        "tax": ("tax_number",),
        "payer": ("payer_number",),
        "tax_payer": ("tax_number", "payer_number"),
        "payer_document": ("payer_number", "document_number"),
        "closed": tuple(right),
        "paused": tuple(right),
    }.get(kind, ())
    return wrong | {name: right[name] for name in chosen} | {"name": "", "form_key": f"{lot.random()}"}


def _use_up(user: User, now: datetime) -> None:
    for _try in range(limits.FAILURES_IN_QUARTER):
        hit(f"link:user:{user.pk}", window=limits.QUARTER, now=now)


def _without_chance(page: str, username: str, typed: dict[str, str]) -> str:
    """Return the page without the keys of the form and without what its sender typed or is called."""
    page = CHANCE.sub(r"\1", page).replace(username, "")
    for own in (typed["tax_number"], typed["payer_number"], typed["document_number"]):
        page = page.replace(f'value="{own}"', 'value=""')
    return page
