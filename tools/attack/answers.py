"""Do failed links answer alike? Real pages, through every layer, with the waiting switched off: bytes and time."""

import random
import re
import statistics
import time
from datetime import datetime

import time_machine
from django.conf import settings
from django.test import Client, override_settings

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.linking import closing, limits
from mojplin.domain.linking.models import ClosedPayer
from mojplin.foundation.limits import hit
from tools.attack.town import Target, accounts, addresses, random_tax_number

LINK = "/odjemna-mesta/povezi/"
CHANCE = re.compile(r'(name="(?:csrfmiddlewaretoken|form_key)" value=")[^"]*')
NOBODYS_PAYER, NOBODYS_DOCUMENT = "99999999", "ZD-999999"


def measured(targets: list[Target], lot: random.Random, now: datetime, tries: int) -> dict[str, object]:
    """Return how many different answers there are over mixed failures, and the median time of each kind."""
    people = accounts(max(tries // 4, 1), now)
    networks = addresses(200)
    closed, open_ones = targets[: len(targets) // 4], targets[len(targets) // 4 :]
    for target in closed:
        closing.close(target.payer_id, ClosedPayer.Reason.NEAR_MISSES, now)
    kinds = ["nothing", "tax", "payer", "tax_payer", "payer_document", "closed", "paused"]
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    answers: set[str] = set()
    with override_settings(LINK_ANSWER_FLOOR_SECONDS=0, SESSION_IDLE_MINUTES=100_000, SESSION_HOURS=10_000):
        for turn in range(tries):
            user, session = people[turn % len(people)]
            session.key_hash = secret_hash(user.username)
            session.save(update_fields=["key_hash"])
            kind = kinds[turn % len(kinds)]
            at = now + limits.SLOT * turn
            with time_machine.travel(at, tick=True):
                if kind == "paused":
                    _use_up(user, at)
                browser = Client(REMOTE_ADDR=networks[turn % len(networks)])
                browser.cookies[settings.SESSION_COOKIE_NAME] = user.username
                typed = _typed(kind, lot.choice(closed if kind == "closed" else open_ones), lot)
                began = time.perf_counter()
                response = browser.post(LINK, typed)
                seconds[kind].append(time.perf_counter() - began)
            answers.add(f"{response.status_code} {_without_chance(response.content.decode(), user.username, typed)}")
    medians_ms = {kind: statistics.median(times) * 1000 for kind, times in seconds.items() if times}
    return {"tries": tries, "different": len(answers), "medians_ms": medians_ms}


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
