"""The mails about the general terms: one's own copy after agreeing, and the announcement of a new version."""

from typing import Any

from mojplin.domain.accounts.models import Acceptors, TermsAcceptance, TermsVersion, User
from mojplin.domain.accounts.sites import address_in
from mojplin.foundation import mail
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.rich_text import as_html, as_plain


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


def words_of_announcement(terms: TermsVersion, user: User) -> dict[str, Any]:
    """Return what the mail "accounts/mail/terms_announced" says: what changes, when, and what it asks of the user."""
    language = user.language
    return {
        "username": user.username,
        "effective_on": terms.effective_on,
        "summary_html": as_html(terms.summary(language)),
        "summary": as_plain(terms.summary(language)),
        "asks": terms.acceptors == Acceptors.EVERYONE,
        "action_url": address_in(language, "web:terms_version", str(terms.version)),
    }
