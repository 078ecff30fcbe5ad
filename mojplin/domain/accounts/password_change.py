"""Replacing a password that is known; and what every replaced password brings with it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, Session, User
from mojplin.domain.accounts.passwords import LONGEST, check_strength, normalized
from mojplin.domain.accounts.revocation import end_ways_in
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation import limits, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.formats import clock, day_in_sentence, language_of

QUARTER = timedelta(minutes=15)
TRIES = 5


class WrongPassword(Refused):
    field = "current_password"
    message = _("This is not your present password. Try again.")


class TooManyTries(Refused):
    field = "current_password"
    message = _("There were too many tries. Try again in 15 minutes.")


class SamePassword(Refused):
    field = "password"
    message = _("This is the password you have now. Choose another one.")


def change_password(
    *,
    current_password: str,
    password: str,
    by: User,
    session: Session,
    new_secret: str,
    visit: Visit,
    now: datetime,
) -> None:
    """Replace the password; all other devices are signed out and the present session gets another key.

    :param session: the one that stays.
    :param new_secret: what its cookie holds from now on.
    :raises WrongPassword: `current_password` is not the present one.
    :raises TooManyTries: five wrong ones in a quarter of an hour.
    :raises SamePassword: nothing would change.
    :raises Refused: the new password is not good enough.
    """
    tries = f"password change {by.pk}"
    if limits.hit(tries, window=QUARTER, now=now) > TRIES:
        raise TooManyTries
    if not by.check_password(normalized(current_password)[: LONGEST + 1]):
        raise WrongPassword
    limits.take_back(tries, window=QUARTER, now=now)
    if normalized(current_password) == normalized(password):
        raise SamePassword
    check_strength(normalized(password), names=[by.username, by.email.partition("@")[0]])
    with transaction.atomic():
        put_new_password(user=by, password=password, device=visit.device, now=now)
        end_ways_in(by, keep=session)
        Session.objects.filter(pk=session.pk).update(key_hash=secret_hash(new_secret))
        access_log.record(whose=by, what=AccessEvent.What.PASSWORD_CHANGED, by=by, ip=visit.ip, now=now)


def put_new_password(*, user: User, password: str, device: str, now: datetime) -> None:
    """Write the password and tell the user by mail, in the caller's transaction.

    :raises WrongPassword: somebody replaced it a moment ago.
    """
    former = user.password
    user.set_password(normalized(password))
    if not User.objects.filter(pk=user.pk, password=former).update(password=user.password):
        raise WrongPassword
    language = language_of(user.language)
    context = {"device": device, "day": day_in_sentence(now, language), "time": clock(now, language)}
    mail.post(to=user.email, template="accounts/mail/password_changed", context=context, language=user.language)
