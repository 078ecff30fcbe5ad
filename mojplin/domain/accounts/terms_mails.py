"""The mails about the general terms: one's own copy after agreeing, and the announcement of a new version."""

from django.db import transaction

from mojplin.domain.accounts.models import Acceptors, TermsAcceptance, TermsVersion, User
from mojplin.domain.accounts.sites import address_in
from mojplin.foundation import mail
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.rich_text import as_html, as_plain

ANNOUNCED_AT_ONCE = 200
"""People of one step of an announcement: far fewer than what a lease of the outbox allows."""


@deliverer("terms_copy")
def deliver_terms_copy(message: Message) -> None:
    """Send the text a user agreed to, in the language they read it in, to the address they have now."""
    acceptances = TermsAcceptance.objects.select_related("user", "terms")
    acceptance = acceptances.filter(pk=message.payload["acceptance"], user__is_active=True).first()
    if acceptance is None:
        return
    terms, language = acceptance.terms, acceptance.language
    text = terms.text(language)
    mail.send_now(
        to=acceptance.user.email,
        template="accounts/mail/terms_copy",
        context={
            "username": acceptance.user.username,
            "accepted_at": acceptance.accepted_at,
            "label": acceptance.label,
            "version": terms.version,
            "text": as_plain(text),
            "text_html": as_html(text),
            "text_hash": acceptance.text_hash,
            "address": address_in(language, "web:terms_version", str(terms.version)),
        },
        language=language,
        message_id=message.public_id,
    )


@deliverer("terms_announcement")
@transaction.atomic
def deliver_terms_announcement(message: Message) -> None:
    """Post the announcement to the next users by key and the next step of itself; all of a step or nothing."""
    terms = TermsVersion.objects.get(version=message.payload["version"])
    users = User.objects.filter(is_active=True, pk__gt=message.payload["after"]).order_by("pk")[:ANNOUNCED_AT_ONCE]
    for user in users:
        Message.post("terms_announced", wakes_worker=False, version=terms.version, user=user.pk)
    if users:
        Message.post("terms_announcement", version=terms.version, after=user.pk)


@deliverer("terms_announced")
def deliver_terms_announced(message: Message) -> None:
    """Tell one user about the new version, when it takes effect and what it asks of them."""
    user = User.objects.filter(pk=message.payload["user"], is_active=True).first()
    if user is None:
        return
    terms, language = TermsVersion.objects.get(version=message.payload["version"]), user.language
    mail.send_now(
        to=user.email,
        template="accounts/mail/terms_announced",
        context={
            "username": user.username,
            "effective_on": terms.effective_on,
            "summary_html": as_html(terms.summary(language)),
            "summary": as_plain(terms.summary(language)),
            "asks": terms.acceptors == Acceptors.EVERYONE,
            "action_url": address_in(language, "web:terms_version", str(terms.version)),
        },
        language=language,
        message_id=message.public_id,
    )
