"""Registration: an e-mail address asks, a mailed link proves it, the rest is filled in behind the link."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.consent import accept_terms, check_agreed
from mojplin.domain.accounts.models import AccessEvent, Registration, TermsVersion, User
from mojplin.domain.accounts.names import UsernameTaken, folded_email, good_username
from mojplin.domain.accounts.networks import network
from mojplin.domain.accounts.passwords import check_strength, normalized
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.foundation import limits, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import lookup_hash
from mojplin.foundation.public_ids import new_public_id

LINK_VALID = timedelta(hours=24)
HOUR = timedelta(hours=1)
MAILS_PER_HOUR = 3
ASKED_FROM_ONE_IP_PER_HOUR = 20
TAKEN_NAMES_PER_HOUR = 10


class TooManyRegistrations(Refused):
    message = _("There were too many tries from your network. Try again in an hour.")


class RegistrationGone(Refused):
    message = _("This link is no longer valid. Start the registration again.")


class TooManyNamesTried(Refused):
    field = "username"
    message = _("You have tried too many usernames. Try again in an hour.")


def registration_token(public_id: str) -> str:
    """Return the secret of the mailed link: 256 bits that follow from the id and a key outside the database.

    So a mail that is sent again carries the same link, and no table holds it.
    """
    return lookup_hash(f"registration {public_id}")


@transaction.atomic
def ask_to_register(*, email: str, language: str, ip: str | None, now: datetime) -> str:
    """Send a mail to the address: a link to go on, or, to a user, that they are registered. Return it folded.

    To the asker both look the same; beyond three mails an hour the address gets none, and that looks the same too.

    :raises BadEmail: it is not an address.
    :raises TooManyRegistrations: too many were asked from this network.
    """
    address = folded_email(email)
    if limits.hit(f"registration ip {network(ip)}", window=HOUR, now=now) > ASKED_FROM_ONE_IP_PER_HOUR:
        raise TooManyRegistrations
    if limits.hit(f"registration {lookup_hash(address)}", window=HOUR, now=now) > MAILS_PER_HOUR:
        return address
    known = User.objects.filter(email=address).first()
    if known:
        mail.post(to=address, template="accounts/mail/already_registered", context={}, language=known.language)
        return address
    public_id = new_public_id()
    Registration.objects.create(
        public_id=public_id,
        email=address,
        language=language,
        token_hash=secret_hash(registration_token(public_id)),
        asked_at=now,
        expires_at=now + LINK_VALID,
    )
    Message.post("registration_mail", expires_at=now + LINK_VALID, registration=public_id)
    return address


def open_registration(*, token: str, now: datetime) -> Registration | None:
    """Return the registration a link belongs to, if it is neither used nor too old."""
    return Registration.objects.filter(token_hash=secret_hash(token), used_at=None, expires_at__gt=now).first()


def finish_registration(
    *,
    registration: Registration,
    username: str,
    password: str,
    terms: bool,
    terms_version: str,
    current: TermsVersion,
    label: str,
    ip: str | None,
    now: datetime,
) -> User:
    """Make the user and keep the evidence of consent; the link is used up.

    :param terms: whether the box was ticked.
    :param terms_version: the version that stood on the page, as it was sent back.
    :param current: the version that must be agreed to.
    :param label: what stood beside the box.
    :raises Refused: for the username, the password or the terms; the link stays good.
    :raises RegistrationGone: the link was used meanwhile, or the address has become a user's.
    """
    for refusal in refusals(
        registration=registration,
        username=username,
        password=password,
        terms=terms,
        terms_version=terms_version,
        current=current,
    ):
        raise refusal
    username = good_username(username)
    if User.objects.filter(username_key=username.casefold()).exists():
        count_taken_name(registration=registration, now=now)
        raise UsernameTaken
    user = _newcomer(registration, username, password, now)
    with transaction.atomic():
        if not Registration.objects.filter(pk=registration.pk, used_at=None).update(used_at=now):
            raise RegistrationGone
        save_new(user)
        accept_terms(user=user, terms=current, label=label, language=registration.language, ip=ip, now=now)
        if user.is_staff:
            what, by = AccessEvent.What.ROLE_CHANGED, registration.invited_by
            access_log.record(whose=user, what=what, by=by, about=str(user.role), ip=ip, now=now)
    return user


def _newcomer(registration: Registration, username: str, password: str, now: datetime) -> User:
    user = User(
        username=username, email=registration.email, language=registration.language, role=registration.role,
        registered_at=now,
    )  # fmt: skip
    user.set_password(normalized(password))
    return user


def refusals(
    *, registration: Registration, username: str, password: str, terms: bool, terms_version: str, current: TermsVersion
) -> list[Refused]:
    """Return everything that speaks against what was filled in, at once: nobody should retype a password three times.

    Whether the username is taken is not among it: that is told, and counted, only when all else is right.
    """
    names = [username, registration.email.partition("@")[0]]
    checks: list[Callable[[], object]] = [
        partial(good_username, username),
        partial(check_strength, normalized(password), names=names),
        partial(
            check_agreed, terms=terms, terms_version=terms_version, current=current, language=registration.language
        ),
    ]
    found = []
    for check in checks:
        try:
            check()
        except Refused as refusal:
            found.append(refusal)
    return found


def save_new(user: User) -> None:
    """Write the user; somebody may have taken the name or the address a moment ago."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        if User.objects.filter(email=user.email).exists():
            raise RegistrationGone from None
        raise UsernameTaken from None


def count_taken_name(*, registration: Registration, now: datetime) -> None:
    """Count a username that was taken: nobody may read the list of users through one link.

    :raises TooManyNamesTried: more than ten in an hour.
    """
    if limits.hit(f"taken name {registration.pk}", window=HOUR, now=now) > TAKEN_NAMES_PER_HOUR:
        raise TooManyNamesTried
