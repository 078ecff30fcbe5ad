"""The attackers A to E, and two more, each with every account and address at hand and all the patience the limits ask for.

They try at the pace at which the portal still judges everything, one try in 18 seconds, and never tire.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from mojplin.domain.accounts.models import Session, User
from mojplin.domain.linking import limits
from mojplin.domain.linking.by_numbers import NoMatch, link_supply_point
from mojplin.domain.linking.closing import is_closed
from mojplin.domain.linking.models import Link, LinkAttempt
from mojplin.domain.linking.recheck import NotTheNewest, prove_with_document
from mojplin.domain.supply.models import PayerPeriod
from tools.attack.town import Target, document_number, payer_number, random_tax_number

PACE = limits.SLOT
OWNERS = "lastnik"
"""How the accounts are called that somebody has taken over."""
VALID_TAX_NUMBERS = 8_181_818
Guess = tuple[str, str, str]


@dataclass
class Field:
    """Who attacks, with what, and what time it is."""

    accounts: list[tuple[User, Session]]
    addresses: list[str]
    now: datetime
    lot: random.Random
    turn: Iterator[int] = field(default_factory=count)

    def tries(self, guess: Guess) -> bool:
        """Try the three numbers with the next account and address; return whether they opened anything."""
        turn = next(self.turn)
        user, session = self.accounts[turn % len(self.accounts)]
        self.now += PACE
        tax, payer, document = guess
        try:
            link_supply_point(
                tax_number=tax, payer_number=payer, document_number=document, name="", by=user, session=session,
                ip=self.addresses[turn % len(self.addresses)], now=self.now,
            )  # fmt: skip
        except NoMatch:
            return False
        return True

    def proves(self, link: Link, document: str) -> bool:
        """Prove a link again from the next address; return whether it is proven."""
        ip = self.addresses[next(self.turn) % len(self.addresses)]
        try:
            prove_with_document(link=link.pk, document_number=document, by=link.user, ip=ip, now=self.now)
        except NotTheNewest:
            return False
        return True


@dataclass
class Outcome:
    """What an attacker reached; `effective` are tries on one target that could have opened it, at most."""

    name: str
    knows: str
    tries: int = 0
    judged: int = 0
    targets: int = 0
    successes: int = 0
    effective: int = 0
    bound: float = 0.0
    """The chance to open one target that section of the limits allows."""
    space: float = 1.0
    """How many guesses there are for one target."""
    closed: int = 0

    @property
    def reached(self) -> float:
        """Return the chance to open one target with that many tries."""
        return self.effective / self.space

    def is_within(self) -> bool:
        """Return whether the chance keeps its bound, and successes the number that chance explains (four sigma)."""
        expected = self.bound * self.targets
        return self.reached <= self.bound * 1.0000001 and self.successes <= expected + 4 * max(expected, 0.25) ** 0.5


def campaign(
    battle: Field, outcome: Outcome, targets: list[Target], each: int, guess: Callable[[Target, int], Guess]
) -> Outcome:
    """Try `each` times at every target, all targets in turn, until it opens.

    Nobody ends a link from a notice meanwhile: what closes a target is what counts against it.
    """
    effective = dict.fromkeys(targets, 0)
    opened: set[Target] = set()
    shut: set[Target] = set()
    before = judged()
    for turn in range(each):
        for target in targets:
            if target in opened:
                continue
            could_open = target not in shut
            if could_open:
                held = limits.held_against([target.payer_id], battle.now + PACE)
                shut |= {target} if held.came_near else set()
                could_open = not (held.came_near or held.guessed_at)
            outcome.tries += 1
            if battle.tries(guess(target, turn)):
                opened.add(target)
            effective[target] += could_open and target not in opened
    outcome.judged = judged() - before
    outcome.targets, outcome.successes = len(targets), len(opened)
    outcome.effective = max(effective.values())
    outcome.closed = sum(is_closed(target.payer_id, battle.now) for target in targets)
    return outcome


def stranger(battle: Field, targets: list[Target], tries: int) -> Outcome:
    """A knows nothing: any of the numbers that could be."""
    space = VALID_TAX_NUMBERS * float(len(targets)) * len(targets)
    outcome = Outcome("A", "nothing", bound=1e-5, space=space, targets=1)
    before = judged()
    for _try in range(tries):
        serials = battle.lot.randrange(len(targets)), battle.lot.randrange(len(targets))
        guess = (random_tax_number(battle.lot), payer_number(serials[0]), document_number(serials[1]))
        outcome.successes += battle.tries(guess)
    outcome.tries = tries
    outcome.judged = judged() - before
    # Whose account it is does not matter to A: every judged try counts against all payers together.
    outcome.effective, outcome.space = outcome.judged, space / len(targets)
    return outcome


def finder(battle: Field, targets: list[Target], each: int) -> Outcome:
    """B found an invoice: payer and document, without the tax number."""
    outcome = Outcome("B", "payer + document", bound=5 / VALID_TAX_NUMBERS, space=VALID_TAX_NUMBERS)
    return campaign(
        battle,
        outcome,
        targets,
        each,
        lambda target, _n: (random_tax_number(battle.lot), target.payer, target.document),
    )


def rival(battle: Field, targets: list[Target], each: int, payers: int, window: int) -> Outcome:
    """C knows the public tax number of a company, and where its document stands within a window."""
    space = float(payers) * window
    outcome = Outcome("C", f"tax number (W = {window})", bound=60 / space, space=space)

    def guess(target: Target, _turn: int) -> Guess:
        start = target.serial - target.serial % window
        document = document_number(start + battle.lot.randrange(window))
        return target.tax, payer_number(battle.lot.randrange(payers)), document

    return campaign(battle, outcome, targets, each, guess)


def former_partner(battle: Field, targets: list[Target], each: int, window: int) -> Outcome:
    """D knows tax number and payer number, and where the document stands within a window; never guesses twice."""
    outcome = Outcome("D", f"tax + payer number (W = {window})", bound=5 / window, space=window)
    orders = {target: battle.lot.sample(range(window), min(each, window)) for target in targets}

    def guess(target: Target, turn: int) -> Guess:
        start = target.serial - target.serial % window
        return target.tax, target.payer, document_number(start + orders[target][turn])

    return campaign(battle, outcome, targets, each, guess)


def thief(battle: Field, targets: list[Target]) -> Outcome:
    """E has the whole invoice and the tax number: nothing counts that out, so everybody must be told."""
    outcome = Outcome("E", "everything", bound=1.0, space=1.0)
    campaign(battle, outcome, targets, 1, lambda target, _turn: (target.tax, target.payer, target.document))
    outcome.effective = 1
    return outcome


def mailbox_thief(battle: Field, targets: list[Target], each: int, window: int) -> Outcome:
    """M took over a mailbox and with it an account that has everything linked: only the newest document is left to
    guess, and the portal keeps the numbers of the others to itself."""
    outcome = Outcome("M", f"an account (W = {window})", bound=5 / window, space=window, targets=len(targets))
    orders = {target: battle.lot.sample(range(window), min(each, window)) for target in targets}
    owners = {target: _taken_over(battle, target, number) for number, target in enumerate(targets)}
    before = judged()
    opened: set[Target] = set()
    effective = dict.fromkeys(targets, 0)
    for turn in range(each):
        for target in targets:
            battle.now += PACE
            could_open = target not in opened and not is_closed(target.payer_id, battle.now)
            guess = document_number(target.serial - target.serial % window + orders[target][turn])
            effective[target] += could_open
            outcome.tries += 1
            if battle.proves(owners[target], guess):
                opened.add(target)
    outcome.judged, outcome.successes, outcome.effective = judged() - before, len(opened), max(effective.values())
    outcome.closed = sum(is_closed(target.payer_id, battle.now) for target in targets)
    return outcome


def _taken_over(battle: Field, target: Target, number: int) -> Link:
    """Return the link of an owner whose forgotten password somebody has just replaced."""
    owner = User.objects.create(
        username=f"{OWNERS}{number}", email=f"{OWNERS}{number}@example.com", registered_at=battle.now - timedelta(days=99),
        prove_again_since=battle.now,
    )  # fmt: skip
    point = PayerPeriod.objects.get(payer=target.payer_id).supply_point
    linked_at = battle.now - timedelta(days=90)
    return Link.objects.create(
        user=owner, payer_id=target.payer_id, supply_point=point, name="Dom", created_at=linked_at
    )


def judged() -> int:
    """Return how many tries were judged so far."""
    return LinkAttempt.objects.exclude(outcome=LinkAttempt.Outcome.PAUSED).count()


def prankster(battle: Field, targets: list[Target], each: int, payers: int) -> Outcome:
    """P knows one number, tax or payer in turn, and types anything for the others: nobody must be closed by that."""
    space = float(payers) * payers
    outcome = Outcome("P", "one number, to annoy", bound=60 / space, space=space)

    def guess(target: Target, turn: int) -> Guess:
        document = document_number(battle.lot.randrange(payers))
        if turn % 2:
            return random_tax_number(battle.lot), target.payer, document
        return target.tax, payer_number(battle.lot.randrange(payers)), document

    return campaign(battle, outcome, targets, each, guess)


def pause(battle: Field) -> None:
    """Let a week pass, so that what one attacker used up does not stand in the next one's way."""
    battle.now += timedelta(days=7)
