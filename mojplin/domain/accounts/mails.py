"""The mails that carry a secret: made when the worker sends them, so that the outbox never holds one."""

import secrets

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from mojplin.domain.accounts.models import PendingLogin, Registration, SignInToken
from mojplin.domain.accounts.registration import registration_token
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sites import address_in, site_of
from mojplin.foundation import mail
from mojplin.foundation.outbox.delivery import Undeliverable, deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.typed_codes import new_code

CODE_LENGTH = 8
"""40 random bits."""


@deliverer("registration_mail")
def deliver_registration_mail(message: Message) -> None:
    """Send the link that opens the second step of a registration, unless it was used meanwhile."""
    registration = Registration.objects.filter(public_id=message.payload["registration"], used_at=None).first()
    if registration is None:
        return
    address = address_in(registration.language, "web:register_finish", registration_token(registration.public_id))
    mail.send_now(
        to=registration.email,
        template="accounts/mail/confirm_email",
        context={"action_url": address},
        language=registration.language,
        message_id=message.public_id,
    )


@deliverer("office_invitation")
def deliver_office_invitation(message: Message) -> None:
    """Send the link by which somebody invited to the office registers, while the invitation holds."""
    invited = Registration.objects.filter(public_id=message.payload["registration"], used_at=None)
    registration = invited.filter(expires_at__gt=timezone.now()).first()
    if registration is None:
        return
    address = address_in(registration.language, "web:register_finish", registration_token(registration.public_id))
    mail.send_now(
        to=registration.email,
        template="accounts/mail/office_invitation",
        context={"action_url": address, "role": registration.role, "expires_at": registration.expires_at},
        language=registration.language,
        message_id=message.public_id,
    )


@deliverer("sign_in_mail")
def deliver_sign_in_mail(message: Message) -> None:
    """Make a link and a code, keep their hashes, send them; the ten minutes count from when the server took the mail.

    A mail that is tried again carries a new pair. One whose sign-in no longer waits is not sent. One that is refused
    for good is noted with its sign-in, so that the waiting page can say so.
    """
    pendings = PendingLogin.objects.select_related("user")
    pending = pendings.filter(public_id=message.payload["pending"], state=PendingLogin.State.WAITING).first()
    if pending is None or pending.expires_at <= timezone.now():
        return
    token, code = secrets.token_urlsafe(32), new_code(CODE_LENGTH)
    kept = SignInToken.objects.create(
        pending=pending, token_hash=secret_hash(token), code_hash=make_password(code), made_at=timezone.now()
    )
    try:
        send_sign_in_mail(pending, token=token, code=code, message=message)
    except Undeliverable:
        PendingLogin.objects.filter(pk=pending.pk).update(refused_at=timezone.now())
        raise
    SignInToken.objects.filter(pk=kept.pk).update(accepted_at=timezone.now())


def send_sign_in_mail(pending: PendingLogin, *, token: str, code: str, message: Message) -> None:
    user = pending.user
    mail.send_now(
        to=user.email,
        template="accounts/mail/confirm_sign_in",
        context={
            "username": user.username,
            "device": pending.device,
            "is_step_up": pending.is_step_up,
            "asked_at": pending.created_at,
            "code": f"{code[:4]}-{code[4:]}",
            "action_url": address_in(user.language, "web:confirm", token, site=site_of(user)),
            "deny_url": address_in(user.language, "web:deny", token, site=site_of(user)),
        },
        language=user.language,
        message_id=message.public_id,
    )
