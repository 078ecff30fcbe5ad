"""Passkeys: adding and removing one, and proving with it who one is before a sensitive step.

The browser answers a challenge that is bound to its session and good once, for five minutes. Everything the browser
sends is the JSON of a `PublicKeyCredential`.
"""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, Passkey, PasskeyChallenge, Session, User
from mojplin.domain.accounts.proof_mails import tell_proof_changed
from mojplin.domain.accounts.sessions import end_sessions_of, renew_session
from mojplin.domain.accounts.sign_in import Visit
from mojplin.domain.accounts.sites import site_of
from mojplin.foundation.errors import Refused

CHALLENGE_VALID = timedelta(minutes=5)
MOST_KEYS = 10
LONGEST_ID_BYTES = 1_023
"""Of a key, as WebAuthn has it."""
BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
VERIFIED = UserVerificationRequirement.REQUIRED
Purpose, What = PasskeyChallenge.Purpose, AccessEvent.What


class PasskeyRefused(Refused):
    message = _("The passkey could not be checked. Try again.")


class TooManyPasskeys(Refused):
    message = _("You have ten passkeys already. Remove one that you no longer use.")


class NameMissing(Refused):
    field = "name"
    message = _("Give the passkey a name, for example My phone.")


def site(user: User) -> tuple[str, str]:
    """Return the id of the relying party and the origin: where the user signs in, never what a request says."""
    return urlsplit(site_of(user)).hostname or "", site_of(user)


def options_to_add(*, session: Session, now: datetime) -> str:
    """Return the JSON the browser needs to make a key for the user of the session."""
    user = session.user
    options = generate_registration_options(
        rp_id=site(user)[0],
        rp_name=settings.SUPPLIER["portal_name"],
        user_id=user.public_id.encode(),
        user_name=user.username,
        exclude_credentials=_keys_of(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=VERIFIED
        ),
    )
    _remember(session, Purpose.ADD, options.challenge, now)
    return options_to_json(options)


def options_to_confirm(*, session: Session, now: datetime) -> str:
    """Return the JSON the browser needs to sign with one of the user's keys."""
    options = generate_authentication_options(
        rp_id=site(session.user)[0], allow_credentials=_keys_of(session.user), user_verification=VERIFIED
    )
    _remember(session, Purpose.CONFIRM, options.challenge, now)
    return options_to_json(options)


def add_passkey(*, name: str, credential: str, session: Session, visit: Visit, now: datetime) -> Passkey:
    """Keep a key the browser has just made; all other sessions end, and the user is told by mail.

    :raises PasskeyRefused: not an answer to this session's challenge, another site's, made without finger, face or
        PIN, or known already.
    """
    user, name = session.user, " ".join(name.split())[:60]
    if not name:
        raise NameMissing
    _check_room(user)
    challenge = _used_up(session, Purpose.ADD, now)  # outside of a transaction, so that a wrong answer uses it up too
    try:
        made = _verified(credential, challenge, user)
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            _check_room(user)  # again: of two at once, one came a moment ago
            key = Passkey.objects.create(
                user=user,
                name=name,
                credential_id=bytes_to_base64url(made.credential_id),
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                created_at=now,
            )
            end_sessions_of(user, except_session=session)
            _note(user, what=What.PASSKEY_ADDED, name=name, visit=visit, now=now)
    except IntegrityError as wrong:
        raise PasskeyRefused from wrong
    return key


def _check_room(user: User) -> None:
    if Passkey.objects.filter(user=user).count() >= MOST_KEYS:
        raise TooManyPasskeys


def _verified(credential: str, challenge: bytes, user: User) -> VerifiedRegistration:
    rp_id, origin = site(user)
    answer = _read(credential)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except Exception as wrong:  # a key that no device makes lets its reader raise anything
        raise PasskeyRefused from wrong
    if len(made.credential_id) > LONGEST_ID_BYTES:
        raise PasskeyRefused
    return made


@transaction.atomic
def remove_passkey(*, public_id: str, session: Session, visit: Visit, now: datetime) -> bool:
    """Remove one of the user's own keys, end all other sessions, tell the user. Return whether there was such a key."""
    mine = Passkey.objects.filter(user=session.user, public_id=public_id)
    name = mine.values_list("name", flat=True).first()
    if name is None or not mine.delete()[0]:
        return False
    end_sessions_of(session.user, except_session=session)
    _note(session.user, what=What.PASSKEY_REMOVED, name=name, visit=visit, now=now)
    return True


def confirm_with_passkey(*, credential: str, session: Session, new_secret: str, now: datetime) -> None:
    """Note that the owner of the session has just proved who they are; the session goes on under the new secret.

    :raises PasskeyRefused: not this session's challenge, not this user's key, another site, or a copied key.
    """
    rp_id, origin = site(session.user)
    challenge, answer = _used_up(session, Purpose.CONFIRM, now), _read(credential)
    key = Passkey.objects.filter(user=session.user, credential_id=_id_in(answer)).first()
    if key is None:
        raise PasskeyRefused
    try:
        proof = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as wrong:
        raise PasskeyRefused from wrong
    with transaction.atomic():
        as_before = Passkey.objects.filter(pk=key.pk, sign_count=key.sign_count)
        if not as_before.update(sign_count=proof.new_sign_count, last_used_at=now):
            raise PasskeyRefused
        if not renew_session(session.pk, secret=new_secret, now=now):
            raise PasskeyRefused


def _note(user: User, *, what: AccessEvent.What, name: str, visit: Visit, now: datetime) -> None:
    access_log.record(whose=user, what=what, by=user, about=name, ip=visit.ip, now=now)
    tell_proof_changed(user, what=what, device=visit.device, now=now)


def _keys_of(user: User) -> list[PublicKeyCredentialDescriptor]:
    ids = Passkey.objects.filter(user=user).values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in ids]


def _remember(session: Session, purpose: PasskeyChallenge.Purpose, challenge: bytes, now: datetime) -> None:
    fresh = {"challenge": bytes_to_base64url(challenge), "made_at": now}
    PasskeyChallenge.objects.update_or_create(session=session, purpose=purpose, defaults=fresh)


def _used_up(session: Session, purpose: PasskeyChallenge.Purpose, now: datetime) -> bytes:
    """Return the session's challenge and delete it: of many answers at once one gets it, also when it is wrong."""
    mine = PasskeyChallenge.objects.filter(session=session, purpose=purpose, made_at__gt=now - CHALLENGE_VALID)
    challenge = mine.values_list("challenge", flat=True).first()
    if challenge is None or not mine.filter(challenge=challenge).delete()[0]:
        raise PasskeyRefused
    return base64url_to_bytes(challenge)


def _read(credential: str) -> dict[str, Any]:
    """Return what the browser sent; whoever writes it by hand may write anything.

    :raises PasskeyRefused: it is no object, or one nested too deep to be read.
    """
    try:
        answer = json.loads(credential)
    except (ValueError, RecursionError) as wrong:
        raise PasskeyRefused from wrong
    if not isinstance(answer, dict):
        raise PasskeyRefused
    return answer


def _id_in(answer: dict[str, Any]) -> str:
    """Return what the answer calls its key, or "" where no key can be called that."""
    name = answer.get("id")
    return name if isinstance(name, str) and BASE64URL.fullmatch(name) else ""
