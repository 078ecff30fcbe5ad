"""How often somebody may try to link: limits by person, network, target and for the whole portal.

A try is reserved before it is judged and given back when it was none to count, so that parallel tries cannot outrun a
limit: the row of the portal's own counter is held until the commit, tries are judged one after another.

Two numbers that belong together are a near miss and count against their payer, for ever (see `closing`). One right
number counts too; it never closes a payer, but after too many of them three numbers need a code besides.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from mojplin.domain.accounts.models import User
from mojplin.foundation.limits import Counter, counts_of, hit, hit_all, hits, take_back_all, window_start

QUARTER, HOUR, DAY, FOR_EVER = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1), timedelta(days=36_500)
FAILURES_IN_QUARTER, FAILURES_IN_DAY = 5, 10
YOUNG_ACCOUNT, FAILURES_OF_YOUNG = timedelta(hours=1), 3
FAILURES_OF_IPV4, FAILURES_OF_IPV6 = 100, 30
NEAR_MISSES_OF_PAYER = 5
SINGLE_MATCHES_IN_DAY, SINGLE_MATCHES_IN_ALL = 20, 60
FAILURES_OF_PORTAL_IN_HOUR = 200
SLOT = timedelta(seconds=18)
"""Under attack one try is let through in each: as many as the hour is allowed."""
PORTAL, PORTAL_SLOT, NEAR = "link:portal", "link:portal:slot", "link:near:"
ROWS_OF_NEAR_MISS = 3
"""What two right numbers of one payer count: what counts less writes as many rows, so that it takes as long."""


class Allowance(NamedTuple):
    """How often `key` may be hit in a window."""

    key: str
    window: timedelta
    most: int


class Held(NamedTuple):
    """Payers at whom too many came near (two right numbers), and at whom too many guess (one right number)."""

    came_near: frozenset[int]
    guessed_at: frozenset[int]


def reserve(user: User, ip: str | None, now: datetime) -> bool:
    """Count a try of this user from this network; return whether it may be judged (else nothing was counted)."""
    taken = _allowances(user, ip, now)
    counted = hit_all({each.key: each.window for each in taken}, now=now)
    if any(counted[each.key] > each.most for each in taken):
        _give_back(taken, now)
        return False
    failures = hit(PORTAL, window=HOUR, now=now)
    if failures <= FAILURES_OF_PORTAL_IN_HOUR or hit(PORTAL_SLOT, window=SLOT, now=now) == 1:
        return True
    _give_back([*taken, _portal()], now)
    return False


def give_back(user: User, ip: str | None, now: datetime) -> None:
    """Take a reserved try back: it was no failure."""
    _give_back([*_allowances(user, ip, now), _portal()], now)


def failures_of_portal(now: datetime) -> int:
    """Return the failed tries of the current hour."""
    return hits(PORTAL, window=HOUR, now=now)


def is_under_attack(now: datetime) -> bool:
    return failures_of_portal(now) >= FAILURES_OF_PORTAL_IN_HOUR


def count_matches(near: Iterable[int], matched: Iterable[int], now: datetime) -> None:
    """Count two right numbers against the payers `near`, and one or two against those `matched`.

    One statement that writes three rows or more, also when there is nothing to count.
    """
    windows = {_near(payer_id): FOR_EVER for payer_id in sorted(near)}
    for payer_id in sorted(matched):
        windows |= {_single(payer_id, "day"): DAY, _single(payer_id, "all"): FOR_EVER}
    nobodys = {f"link:nobody:{n}": DAY for n in range(ROWS_OF_NEAR_MISS - len(windows))}
    hit_all(windows | nobodys, now=now)


def held_against(payer_ids: Iterable[int], now: datetime) -> Held:
    """Return what is counted against these payers; one question, also about nobody."""
    keys: dict[str, tuple[int, str]] = {}
    for payer_id in payer_ids:
        keys |= {_near(payer_id): (payer_id, "near")}
        keys |= {_single(payer_id, window): (payer_id, window) for window in ("day", "all")}
    starts = [window_start(DAY, now), window_start(FOR_EVER, now)]
    nobodys = [f"link:nobody:{n}" for n in range(ROWS_OF_NEAR_MISS - len(keys))]
    counted = counts_of([*keys, *nobodys], starts)
    most = {"near": NEAR_MISSES_OF_PAYER, "day": SINGLE_MATCHES_IN_DAY, "all": SINGLE_MATCHES_IN_ALL}
    full = {keys[key] for key, count in counted if key in keys and count >= most[keys[key][1]]}
    near = frozenset(payer_id for payer_id, what in full if what == "near")
    return Held(came_near=near, guessed_at=frozenset(payer_id for payer_id, what in full if what != "near"))


def is_guessed_at(payer_id: int, now: datetime) -> bool:
    """Return whether so many have tried with a number of the payer that three numbers are no longer enough."""
    return bool(held_against([payer_id], now).guessed_at)


def came_near_too_often() -> list[int]:
    """Return the payers whose near misses are used up."""
    keys = Counter.objects.filter(key__startswith=NEAR, count__gte=NEAR_MISSES_OF_PAYER).values_list("key", flat=True)
    return sorted(int(key.removeprefix(NEAR)) for key in keys)


def start_anew(payer_id: int) -> None:
    """Forget what counts against a payer, after staff or a used code have cleared them."""
    keys = (_near(payer_id), _single(payer_id, "day"), _single(payer_id, "all"))
    Counter.objects.filter(key__in=keys).delete()


def _near(payer_id: int) -> str:
    return f"{NEAR}{payer_id}"


def _single(payer_id: int, window: str) -> str:
    return f"link:single:{payer_id}:{window}"


def _portal() -> Allowance:
    return Allowance(PORTAL, HOUR, FAILURES_OF_PORTAL_IN_HOUR)


def _allowances(user: User, ip: str | None, now: datetime) -> list[Allowance]:
    """Return what a try uses up, always in this order: the first row keeps tries of one user from one another."""
    allowances = [
        Allowance(f"link:user:{user.pk}", QUARTER, FAILURES_IN_QUARTER),
        Allowance(f"link:user:{user.pk}:day", DAY, FAILURES_IN_DAY),
    ]
    if now - user.registered_at < YOUNG_ACCOUNT:
        allowances.append(Allowance(f"link:user:{user.pk}:young", FOR_EVER, FAILURES_OF_YOUNG))
    network, most = _network(ip)
    return [*allowances, Allowance(f"link:ip:{network}", DAY, most)]


def _give_back(allowances: Iterable[Allowance], now: datetime) -> None:
    """Take one back of each in one statement: a try that is not judged must cost what others do."""
    take_back_all({each.key: each.window for each in allowances}, now=now)


def _network(ip: str | None) -> tuple[str, int]:
    """Return the address one household or one attacker has, and how many failures it may have in a day."""
    if ip is None:
        return "unknown", FAILURES_OF_IPV4
    address = ip_address(ip)
    if not isinstance(address, IPv6Address):
        return str(address), FAILURES_OF_IPV4
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped), FAILURES_OF_IPV4
    return str(ip_network((address, 64), strict=False)), FAILURES_OF_IPV6
