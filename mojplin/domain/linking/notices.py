"""Mails about links: to the payer's own contact and to everybody who already sees the payer's things."""

from collections.abc import Sequence

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.models import Link
from mojplin.domain.supply.models import Payer
from mojplin.foundation import mail
from mojplin.foundation.formats import masked_email


def tell_about_new_links(*, payer: Payer, links: Sequence[Link], by: User) -> None:
    """Post a mail to the payer's contact known to the ERP and to the other users linked to the payer.

    The one who linked gets it too when the contact is theirs: so a stranger in their mailbox cannot hide it.
    """
    others = User.objects.filter(links__payer=payer, links__ended_at=None, is_active=True).exclude(pk=by.pk).distinct()
    languages = {user.email.casefold(): user.language for user in others}
    if payer.email:
        languages.setdefault(payer.email.casefold(), by.language)
    context = {
        "payer_number": payer.number,
        "addresses": [link.supply_point.address for link in links],
        "linked_by": masked_email(by.email),
    }
    for address, language in sorted(languages.items()):
        mail.post(to=address, template="linking/mail/new_link", context=context, language=language)


def tell_about_ended_link(link: Link) -> None:
    """Post a mail to the user whose link has ended because somebody else pays there now."""
    context = {"place": link.name, "address": link.supply_point.address}
    mail.post(to=link.user.email, template="linking/mail/ended_link", context=context, language=link.user.language)
