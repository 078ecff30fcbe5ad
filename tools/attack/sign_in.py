"""Does a refused sign-in tell whether there is such a user? Real pages and the product's own hashes: bytes and time."""

import random
from datetime import datetime, timedelta
from functools import partial

import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings

from mojplin.config import settings as product
from mojplin.domain.accounts.models import User
from tools.attack.answers import CHANCE
from tools.attack.timing import Taken, figures_of
from tools.attack.town import addresses

SIGN_IN = "/prijava/"
KINDS = ("no such user", "wrong password")
PACE = timedelta(minutes=5)
"""So slowly that no network has too many tries."""


def measured(lot: random.Random, now: datetime, rounds: int) -> dict[str, object]:
    """Return how many different answers there are, and what each kind takes; one of each kind in every round."""
    networks, answers = addresses(200), set[str]()
    taken = {kind: Taken() for kind in KINDS}
    with override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS):
        people = _people(rounds, now)
        for turn in range(rounds):
            for kind in lot.sample(KINDS, len(KINDS)):
                name = people[turn] if kind == "wrong password" else f"nikogar{turn:04}"
                with time_machine.travel(now + PACE * turn, tick=True):
                    browser = Client(REMOTE_ADDR=networks[turn % len(networks)])
                    typed = {"identifier": name, "password": "napačno geslo", "form_key": f"{lot.random()}"}
                    response = taken[kind].timed(partial(browser.post, SIGN_IN, typed))
                page = CHANCE.sub(r"\1", response.content.decode()).replace(name, "")
                answers.add(f"{response.status_code} {page}")
    return {"tries": rounds * len(KINDS), "different": len(answers)} | figures_of(taken)


def _people(count: int, now: datetime) -> list[str]:
    password = make_password("konj pipa zid oblak")
    names = [f"vprašani{number:04}" for number in range(count)]
    User.objects.bulk_create(
        User(
            username=name, username_key=name, email=f"vprasani{number}@example.com", registered_at=now,
            password=password,
        )
        for number, name in enumerate(names)
    )  # fmt: skip
    return names
