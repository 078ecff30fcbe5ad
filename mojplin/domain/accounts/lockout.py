"""Guessing passwords is stopped: for an account, for a network, and for longer when the whole site is tried.

A try is counted before the password is looked at, so that many tries at once are counted too, and taken back when
the password was right. Unknown browsers share one count for each account; a known one has its own, so that a
stranger who guesses cannot lock the customer out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import Case, F, PositiveSmallIntegerField, Q, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import KnownDevice, Lockout
from mojplin.domain.accounts.networks import network
from mojplin.foundation import limits
from mojplin.foundation.errors import Refused
from mojplin.foundation.formats import active_language, clock
from mojplin.foundation.limits import Counter

WINDOW, HOUR, DAY, WEEK = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1), timedelta(days=7)
TRIES_IN_UNKNOWN_BROWSERS, TRIES_IN_KNOWN_BROWSER = 5, 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(hours=4)
FORGIVEN_AFTER = DAY
"""So long after a pause the next one is short again."""
TRIES_PER_NETWORK, TRIES_PER_NETWORK_A_DAY = 30, 200
ALARM_TIMES = 5
ALARM_LEAST = 30
"""Fewer wrong passwords in an hour are no attack, however quiet the week was."""
SITE = "sign-in failed"
SMALL = PositiveSmallIntegerField()
log = structlog.get_logger(__name__)


class TooManyFailures(Refused):
    message = _("There were too many tries. Try again at %(time)s.")

    def __init__(self, *, until: datetime) -> None:
        super().__init__(time=clock(until, active_language()))


@dataclass(frozen=True, kw_only=True)
class PasswordTry:
    """One password that was typed, counted already."""

    key: str
    most: int
    network: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SiteFailures:
    """Wrong passwords of all accounts and networks together."""

    this_hour: int
    last_hour: int
    usual_per_hour: float
    """The average over the seven days before the last hour."""

    @property
    def is_attack(self) -> bool:
        """Whether, in this hour or the last, five times as many passwords were wrong as usual."""
        most = max(self.this_hour, self.last_hour)
        return most >= ALARM_LEAST and most > ALARM_TIMES * self.usual_per_hour


def count_try(*, account: str, device: KnownDevice | None, ip: str | None, now: datetime) -> PasswordTry:
    """Count one more password.

    :param account: names the account, or the name nobody has.
    :raises TooManyFailures: the network, the known browser, or all unknown ones for this account must wait.
    """
    key, most = f"account {account}", TRIES_IN_UNKNOWN_BROWSERS
    if device:
        key, most = f"device {device.pk}", TRIES_IN_KNOWN_BROWSER
    this = PasswordTry(key=key, most=most, network=network(ip), at=now)
    for counter, window, allowed in _of_network(this):
        if limits.hit(counter, window=window, now=now) > allowed:
            raise TooManyFailures(until=limits.window_start(window, now) + window)
    lockout = _counted(key, now)
    if lockout.wrong > most:
        raise TooManyFailures(until=_pause(this) or lockout.first_at + WINDOW)
    return this


def take_back(this: PasswordTry) -> None:
    """Make the try none: the password was right, or nobody looked at it."""
    for counter, window, _allowed in _of_network(this):
        limits.take_back(counter, window=window, now=this.at)
    Lockout.objects.filter(key=this.key, wrong__gt=0).update(wrong=F("wrong") - 1)


def note_success(this: PasswordTry) -> None:
    """Take the try back; a known browser starts afresh, what was typed in unknown ones stays counted."""
    take_back(this)
    if this.most == TRIES_IN_KNOWN_BROWSER:
        Lockout.objects.filter(key=this.key).delete()


def note_failure(this: PasswordTry) -> None:
    """Remember that the password was wrong; with the last one allowed the pause begins.

    :raises TooManyFailures: this was the last one.
    """
    log.info("password_wrong", counted_for=this.key)
    failures = limits.hit(SITE, window=HOUR, now=this.at)
    if failures >= ALARM_LEAST:
        _alarm(site_failures(this.at), this.at)
    until = _pause(this)
    if until:
        raise TooManyFailures(until=until)


def site_failures(now: datetime) -> SiteFailures:
    """Return the wrong passwords of everybody: of this hour, of the last, and of an hour of the week before."""
    this_hour = limits.window_start(HOUR, now)
    last_hour = this_hour - HOUR
    counted = Counter.objects.filter(key=SITE, window_start__gte=last_hour - WEEK).aggregate(
        this_hour=Sum("count", filter=Q(window_start=this_hour), default=0),
        last_hour=Sum("count", filter=Q(window_start=last_hour), default=0),
        week=Sum("count", filter=Q(window_start__lt=last_hour), default=0),
    )
    usual = float(counted.pop("week")) / (WEEK / HOUR)
    return SiteFailures(usual_per_hour=usual, **counted)


def forgive(user_pk: int) -> None:
    """Let unknown browsers try the account afresh: its owner has just proved more than a password does."""
    Lockout.objects.filter(key=f"account {user_pk}").delete()


def forget_old_lockouts(now: datetime) -> None:
    """Delete what counts no longer: a day after the last wrong password and the end of its pause."""
    over = Q(paused_until=None) | Q(paused_until__lt=now - FORGIVEN_AFTER)
    Lockout.objects.filter(over, first_at__lt=now - FORGIVEN_AFTER).delete()


def _of_network(this: PasswordTry) -> list[tuple[str, timedelta, int]]:
    return [
        (f"sign-in ip {this.network}", WINDOW, TRIES_PER_NETWORK),
        (f"sign-in ip day {this.network}", DAY, TRIES_PER_NETWORK_A_DAY),
    ]


def _counted(key: str, now: datetime) -> Lockout:
    """Count one more by a conditional UPDATE, which a pause withstands, and return the count.

    :raises TooManyFailures: there is a pause.
    """
    # Afresh also when the clock was set back behind the first one.
    afresh = Q(first_at__lte=now - WINDOW) | Q(first_at__gt=now)
    forgiven = Q(paused_until__lte=now - FORGIVEN_AFTER)
    free = Lockout.objects.filter(Q(paused_until=None) | Q(paused_until__lte=now), key=key)
    count = {
        "wrong": Case(When(afresh, then=Value(1)), default=F("wrong") + 1, output_field=SMALL),
        "first_at": Case(When(afresh, then=Value(now)), default=F("first_at")),
        "pauses": Case(When(forgiven, then=Value(0)), default=F("pauses"), output_field=SMALL),
    }
    if not free.update(**count):
        lockout, is_new = Lockout.objects.get_or_create(key=key, defaults={"wrong": 1, "first_at": now})
        if is_new:
            return lockout
        if not free.update(**count):
            raise TooManyFailures(until=lockout.paused_until or now + WINDOW)
    return Lockout.objects.get(key=key)


def _pause(this: PasswordTry) -> datetime | None:
    """Begin the pause if the tries are used up, and return its end; None when there are some left."""
    lockout = Lockout.objects.filter(key=this.key).first()
    if lockout is None or (lockout.wrong < this.most and not _is_paused(lockout, this.at)):
        return None
    pause: timedelta = min(FIRST_PAUSE * 2**lockout.pauses, LONGEST_PAUSE) * (
        2 if site_failures(this.at).is_attack else 1
    )
    used_up = Lockout.objects.filter(pk=lockout.pk, pauses=lockout.pauses, wrong__gte=this.most)
    if used_up.update(paused_until=this.at + pause, pauses=F("pauses") + 1, wrong=0, first_at=this.at):
        log.warning("sign_in_paused", counted_for=this.key, minutes=round(pause / timedelta(minutes=1)))
        return this.at + pause
    lockout.refresh_from_db()  # another try at the same moment began it
    return lockout.paused_until


def _alarm(failures: SiteFailures, now: datetime) -> None:
    """Log an alarm, once an hour, while passwords are guessed all over the site."""
    if failures.is_attack and limits.hit("sign-in alarm", window=HOUR, now=now) == 1:
        log.error(
            "sign_in_failures_high", this_hour=failures.this_hour, usual_per_hour=round(failures.usual_per_hour, 1)
        )


def _is_paused(lockout: Lockout, now: datetime) -> bool:
    return lockout.paused_until is not None and lockout.paused_until > now
