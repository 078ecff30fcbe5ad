"""Who is told about links: the payer's own contact, everybody who already sees the payer's things, whose link ended.

The mails about new links carry the secret by which a link can be ended, so they are made when the worker sends them.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.linking.models import Link, LinkNotice, Role
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation import mail
from mojplin.foundation.formats import masked_email
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message

NOTICE_TOPIC, INVOICE_LINE_TOPIC = "link_notice_mail", "erp.link.created"


def tell_about_new_links(
    *, payer: Payer, links: Sequence[Link], proven_by: Link.Proof, by: User, now: datetime
) -> None:
    """Post a mail to the payer's contact known to the ERP and to the other users linked to the payer.

    The contact can end the links, whoever made them: a stranger in the mailbox of one user cannot hide it. Others can
    when the newcomer had the numbers only: whoever the payer's contact or staff confirmed is not theirs to end.
    Without a contact, the ERP is asked for a line on the next invoice.
    """
    holds = {"links__payer": payer, "links__ended_at": None, "links__role": Role.HOLDER}
    others = User.objects.filter(**holds, is_active=True).exclude(pk=by.pk).distinct()
    contact = payer.email.casefold()
    for user in others.order_by("pk"):
        if user.email.casefold() != contact:
            _post(user.email, user.language, links, is_contact=False, may_end=proven_by == Link.Proof.NUMBERS, now=now)
    if contact:
        known = User.objects.filter(email=contact).values_list("language", flat=True).first()
        _post(payer.email, known or User.Language.SLOVENE, links, is_contact=True, may_end=True, now=now)
        return
    Message.post(
        INVOICE_LINE_TOPIC,
        payer=payer.number,
        supply_points=[link.supply_point.number for link in links],
        linked_on=now.date().isoformat(),
        line=(
            f"V portalu {settings.SUPPLIER['portal_name']} je bilo povezano vaše odjemno mesto "
            f"{', '.join(link.supply_point.number for link in links)}. Če tega niste storili vi ali kdo od vaših, "
            f"pokličite {settings.SUPPLIER['phone']}."
        ),
    )


def tell_about_ended_link(link: Link) -> None:
    """Post a mail to the user whose link has ended; it says why."""
    context = {"place": link.name, "address": link.supply_point.address, "because": link.ended_because}
    mail.post(to=link.user.email, template="linking/mail/ended_link", context=context, language=link.user.language)


def tell_linked_by_office(*, user: User, point: SupplyPoint) -> None:
    """Post a mail to the user for whom two members of staff have linked a place, or confirmed it again."""
    context = {
        "username": user.username,
        "number": point.number,
        "address": point.address,
        "action_url": address_in(user.language, "web:home"),
    }
    mail.post(to=user.email, template="linking/mail/linked_by_office", context=context, language=user.language)


@deliverer(NOTICE_TOPIC)
def deliver_notice(message: Message) -> None:
    """Send a notice with a fresh link to end what was linked; one that ended meanwhile is told all the same.

    Whom it no longer concerns by now is not told.
    """
    notice = LinkNotice.objects.get(public_id=message.payload["notice"])
    links = list(notice.links.select_related("supply_point", "payer", "user").order_by("pk"))
    if not is_concerned(notice, links[0].payer):
        return
    token = secrets.token_urlsafe(32)
    LinkNotice.objects.filter(pk=notice.pk).update(token_hash=secret_hash(token))
    language = message.payload["language"]
    context = {
        "payer_number": links[0].payer.number,
        "addresses": [link.supply_point.address for link in links],
        "linked_by": masked_email(links[0].user.email),
        "action_url": _address(language, token) if notice.may_end else "",
    }
    mail.send_now(
        to=notice.to,
        template="linking/mail/new_link",
        context=context,
        language=language,
        message_id=message.public_id,
    )


def is_concerned(notice: LinkNotice, payer: Payer) -> bool:
    """Return whether who was told is still the payer's contact, or still holds a link of theirs."""
    if notice.is_contact:
        return bool(notice.to) and notice.to.casefold() == payer.email.casefold()
    holder = {"user__email": notice.to, "user__is_active": True, "role": Role.HOLDER}
    return Link.objects.filter(**holder, payer=payer, ended_at=None).exists()


def _post(to: str, language: str, links: Sequence[Link], *, is_contact: bool, may_end: bool, now: datetime) -> None:
    notice = LinkNotice.objects.create(to=to, is_contact=is_contact, may_end=may_end, made_at=now)
    notice.links.set(links)
    Message.post(NOTICE_TOPIC, notice=notice.public_id, language=str(language))


def _address(language: str, token: str) -> str:
    """Return the full address of the page that ends a link; the host is the one of the settings."""
    with translation.override(language):
        return str(settings.BASE_URL) + reverse("web:end_link", args=[token])
