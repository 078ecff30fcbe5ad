"""How often somebody may try to link: limits by person, address, target; none tells a guesser anything.

A failure counts against its user and address. Two numbers of three that belong together are a near miss and count
against their payer, for ever: after five the payer can be linked only by staff. One right number counts for a day.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from mojplin.domain.accounts.models import User
from mojplin.foundation.limits import hit, hits

QUARTER, DAY, FOR_EVER = timedelta(minutes=15), timedelta(days=1), timedelta(days=36_500)
FAILURES_IN_QUARTER, FAILURES_IN_DAY = 5, 10
YOUNG_ACCOUNT, FAILURES_OF_YOUNG = timedelta(hours=1), 3
FAILURES_OF_IPV4, FAILURES_OF_IPV6 = 100, 30
NEAR_MISSES_OF_PAYER = 5
SINGLE_MATCHES_IN_DAY = 20


def is_paused(user: User, ip: str | None, now: datetime) -> bool:
    """Return whether this user, or this address, has tried too often."""
    in_quarter = hits(_of_user(user), window=QUARTER, now=now)
    in_day = hits(f"{_of_user(user)}:day", window=DAY, now=now)
    young = now - user.registered_at < YOUNG_ACCOUNT
    allowed_now = FAILURES_OF_YOUNG if young else FAILURES_IN_QUARTER
    network, allowed_of_network = _network(ip)
    from_network = hits(f"link:ip:{network}", window=DAY, now=now)
    return in_quarter >= allowed_now or in_day >= FAILURES_IN_DAY or from_network >= allowed_of_network


def is_closed(payer_id: int, numbers: tuple[str, ...], now: datetime) -> bool:
    """Return whether a payer cannot be linked: near misses for ever, single numbers (hashed) for the day."""
    if hits(f"link:near:{payer_id}", window=FOR_EVER, now=now) >= NEAR_MISSES_OF_PAYER:
        return True
    return any(hits(f"link:single:{number}", window=DAY, now=now) >= SINGLE_MATCHES_IN_DAY for number in numbers)


def count_failure(user: User, ip: str | None, now: datetime) -> None:
    hit(_of_user(user), window=QUARTER, now=now)
    hit(f"{_of_user(user)}:day", window=DAY, now=now)
    hit(f"link:ip:{_network(ip)[0]}", window=DAY, now=now)


def count_near_misses(payer_ids: set[int], now: datetime) -> None:
    for payer_id in sorted(payer_ids):  # always in this order: parallel tries must not wait for one another in a ring
        hit(f"link:near:{payer_id}", window=FOR_EVER, now=now)


def count_single_matches(numbers: tuple[str, ...], now: datetime) -> None:
    for number in sorted(numbers):
        hit(f"link:single:{number}", window=DAY, now=now)


def _of_user(user: User) -> str:
    return f"link:user:{user.pk}"


def _network(ip: str | None) -> tuple[str, int]:
    """Return the address one household or one attacker has, and how many failures it may have in a day."""
    if ip is None:
        return "unknown", FAILURES_OF_IPV4
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False)), FAILURES_OF_IPV6
    return str(address), FAILURES_OF_IPV4
