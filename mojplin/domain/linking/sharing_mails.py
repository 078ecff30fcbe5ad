"""The mails of sharing: the invitation, whose link is made when the worker sends it, and what became of it."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.models import Invitation, Link
from mojplin.foundation import formats, mail
from mojplin.foundation.outbox.delivery import Undeliverable, deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import lookup_hash

TOPIC = "invitation_mail"


def invitation_token(public_id: str) -> str:
    """Return the secret of the mailed link: 256 bits that follow from the id and a key outside the database."""
    return lookup_hash(f"invitation {public_id}")


def post_invitation(invitation: Invitation) -> None:
    Message.post(TOPIC, expires_at=invitation.expires_at, invitation=invitation.public_id)


@deliverer(TOPIC)
def deliver_invitation(message: Message) -> None:
    """Send the invitation if it still waits; an address that refuses it is said to the holder."""
    found = Invitation.objects.select_related("link__user", "link__supply_point")
    invitation = found.filter(public_id=message.payload["invitation"], state=Invitation.State.WAITING).first()
    if invitation is None or invitation.link.ended_at is not None:
        return
    holder = invitation.link.user
    language = formats.language_of(holder.language)
    with translation.override(language):
        path = reverse("web:invitation", args=[invitation_token(invitation.public_id)])
        context = {
            "holder": holder.addressed_as,
            "town": invitation.link.supply_point.town,
            "role": str(invitation.get_role_display()),
            "last_on": formats.day(invitation.last_on, language) if invitation.last_on else "",
            "until": formats.day(timezone.localdate(invitation.expires_at), language),
            "action_url": settings.BASE_URL + path,
        }
    try:
        mail.send_now(
            to=invitation.email,
            template="linking/mail/invitation",
            context=context,
            language=language,
            message_id=message.public_id,
        )
    except Undeliverable:
        _tell_undeliverable(invitation)
        raise


@transaction.atomic
def _tell_undeliverable(invitation: Invitation) -> None:
    waiting = Invitation.objects.filter(pk=invitation.pk, state=Invitation.State.WAITING)
    if waiting.update(state=Invitation.State.UNDELIVERABLE, answered_at=timezone.now()):
        holder = invitation.link.user
        context = {"place": invitation.link.name, "address": invitation.email}
        _post(holder, "invitation_failed", context)


def tell_accepted(share: Link) -> None:
    """Tell the holder who has accepted: the account's name and its address, masked."""
    assert share.shared_from is not None
    holder = share.shared_from.user
    context = {
        "place": share.shared_from.name,
        "person": share.user.addressed_as,
        "address": formats.masked_email(share.user.email),
        "role": _role_in(share, formats.language_of(holder.language)),
    }
    _post(holder, "share_accepted", context)


def tell_ended(link: Link, because: Link.End) -> None:
    """Tell whose link has ended, unless they ended it; then the holder who shared it."""
    if because != Link.End.USER:
        _post(link.user, "share_ended", {"place": link.name, "because": str(because), "person": ""})
    if link.shared_from and because in (Link.End.USER, Link.End.EXPIRED):
        context = {"place": link.shared_from.name, "because": str(because), "person": link.user.addressed_as}
        _post(link.shared_from.user, "share_ended", context)


def _role_in(link: Link, language: formats.Language) -> str:
    with translation.override(language):
        return str(link.get_role_display())


def _post(to: User, template: str, context: dict[str, str]) -> None:
    mail.post(to=to.email, template=f"linking/mail/{template}", context=context, language=to.language)
