"""The mails that ask for a proof once more: the user for their own links, the holder for a share."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation

from mojplin.domain.accounts.access_log import months_before
from mojplin.domain.accounts.models import User
from mojplin.domain.linking.access import in_force
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.roles import is_proof_due
from mojplin.foundation import mail
from mojplin.foundation.formats import masked_email
from mojplin.foundation.housekeeping import hourly

USERS_AT_ONCE = 1000


@hourly
def ask_for_proofs(now: datetime) -> None:
    """Ask, once for each time a proof is due, whose links do not hold fully any more; one mail for each user."""
    due: dict[User, list[Link]] = {}
    for link in _perhaps_due(now):
        if proof_is_due(link, now):
            due.setdefault(link.user, []).append(link)
    for user, links in islice(due.items(), USERS_AT_ONCE):
        with transaction.atomic():
            _ask(user, links, now)


def proof_is_due(link: Link, now: datetime) -> bool:
    """See `roles.is_proof_due`; for a link that was read with its user."""
    return is_proof_due(
        role=link.role,
        proven_at=link.last_proven_at,
        prove_again_since=link.user.prove_again_since,
        now=now,
    )


def _perhaps_due(now: datetime) -> "QuerySet[Link]":
    """Return the links nobody was asked for yet that are old, or whose user's account was in doubt."""
    months = settings.LINK_RECHECK_MONTHS
    old = Q(proven_at__lte=months_before(now, months)) if months else Q(pk__in=())
    links = Link.objects.filter(
        in_force(timezone.localdate(now)), user__is_active=True, user__closing_asked_at=None, proof_asked_at=None
    )
    links = links.annotate(proven_at=Coalesce(F("proven_again_at"), F("created_at")))
    found = links.filter(old | Q(user__prove_again_since__gte=F("proven_at")))
    return found.select_related("user", "shared_from__user").order_by("user", "position", "pk")


def _ask(user: User, links: Iterable[Link], now: datetime) -> None:
    """Ask the user for all their own links in one mail, and each holder for what they share with the user."""
    mine = Link.objects.filter(pk__in=[link.pk for link in links], proof_asked_at=None)
    own = [link for link in links if link.shared_from is None]
    if not mine.update(proof_asked_at=now):
        return
    if own:
        context = {
            "places": [link.name for link in own],
            "is_account_changed": any(link.is_in_doubt for link in own),
            "action_url": _places(user),
        }
        _post(user, "prove_again", context)
    for share in links:
        if share.shared_from is not None:
            holder = share.shared_from.user
            person = {"person": user.addressed_as, "address": masked_email(user.email)}
            _post(holder, "confirm_share", {"place": share.shared_from.name, "action_url": _places(holder)} | person)


def _places(user: User) -> str:
    with translation.override(user.language):
        return str(settings.BASE_URL) + reverse("web:places")


def _post(to: User, template: str, context: dict[str, Any]) -> None:
    mail.post(to=to.email, template=f"linking/mail/{template}", context=context, language=to.language)
