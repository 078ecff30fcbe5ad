"""One part of the attack, in a database of its own; its figures go to a JSON file."""

import json
import random
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import override_settings

from mojplin.domain.linking.models import Link, LinkNotice
from mojplin.foundation.models import Message
from tools.attack import answers, attackers, sign_in, town

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SEED = 20261124
ACCOUNTS, ADDRESSES = 500, 200
STRANGERS_PERCENT = 52
"""So that both parts, side by side, take as long: whoever has a target also looks how it stands."""


def part(name: str, *, payers: int, tries: int, failures: int, into: Path) -> None:
    """Write the "base", or on a copy of it let the "stranger" or the "neighbours" loose, or measure the "answers"."""
    lot = random.Random(SEED)
    if name == "base":
        call_command("migrate", verbosity=0)
        town.build(payers, lot, NOW.date())
        return
    base = town.rebuilt(payers, lot)
    if name == "answers":
        figures: Any = answers.measured(base, lot, NOW, failures)
        figures["sign_in"] = sign_in.measured(lot, NOW, max(failures // 10, 10))
    else:
        battle = attackers.Field(town.accounts(ACCOUNTS, NOW), town.addresses(ADDRESSES), NOW, lot)
        figures = stranger(battle, base, tries) if name == "stranger" else neighbours(battle, base, tries)
    into.write_text(json.dumps(figures))


def stranger(battle: attackers.Field, base: list[town.Target], tries: int) -> list[dict[str, Any]]:
    return [_row(attackers.stranger(battle, base, tries * STRANGERS_PERCENT // 100))]


def neighbours(battle: attackers.Field, base: list[town.Target], tries: int) -> list[dict[str, Any]]:
    """Let B, C, D, P and E each have targets of their own and their share of the tries."""
    share, left = tries * (100 - STRANGERS_PERCENT) // 100, iter(battle.lot.sample(base, len(base)))
    outcomes = []

    def some(parts_in_hundred: int, each: int) -> list[town.Target]:
        return [next(left) for _n in range(max(share * parts_in_hundred // 100 // each, 1))]

    outcomes.append(attackers.finder(battle, some(18, 25), 25))
    attackers.pause(battle)
    outcomes.append(attackers.rival(battle, some(30, 150), 150, len(base), 50))
    attackers.pause(battle)
    for window in (50, 500, min(30_000, len(base))):
        outcomes.append(attackers.former_partner(battle, some(12, 8), 8, window))
        attackers.pause(battle)
    outcomes.append(attackers.prankster(battle, some(15, 150), 150, len(base)))
    attackers.pause(battle)
    outcomes.append(attackers.mailbox_thief(battle, some(1, 8), 8, 500))
    attackers.pause(battle)
    with override_settings(LINK_PROBATION_HOURS=72):
        outcomes.append(attackers.thief(battle, some(1, 1)))
    return [_row(outcome) for outcome in outcomes] + [told()]


def told() -> dict[str, Any]:
    """Return the share of all links whose payer was told: by mail to the contact, or by a line on the next invoice."""
    linked = Link.objects.select_related("payer").exclude(user__username__startswith=attackers.OWNERS)
    mailed = set(LinkNotice.objects.filter(is_contact=True).values_list("links__payer__number", flat=True))
    lined = {
        each["payer"] for each in Message.objects.filter(topic="erp.link.created").values_list("payload", flat=True)
    }
    numbers = {link.payer.number for link in linked}
    return {"name": "told", "linked": len(numbers), "told": len(numbers & (mailed | lined))}


def _row(outcome: attackers.Outcome) -> dict[str, Any]:
    return asdict(outcome) | {"reached": outcome.reached, "is_within": outcome.is_within()}
