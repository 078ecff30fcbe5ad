"""Agreeing to the general terms: which version holds, and the evidence of who agreed to which."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import Acceptors, AccessEvent, TermsAcceptance, TermsVersion, User
from mojplin.domain.accounts.models.terms import KEEP_ACCEPTANCES_MONTHS
from mojplin.foundation.errors import Refused
from mojplin.foundation.formats import day, language_of
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.outbox.models import Message


class TermsNotAccepted(Refused):
    field = "terms"
    message = _("To use the portal you must agree to the terms (version %(version)s, %(day)s).")


def current_terms(*, today: date) -> TermsVersion | None:
    """Return the version that holds today; None before the first was published."""
    return TermsVersion.objects.filter(effective_on__lte=today).order_by("-version").first()


def required_version(today: date | Any) -> "QuerySet[TermsVersion, Any]":
    """Return the number of the newest version that everybody must agree to by now, as a query of one row or none.

    The statement that brings session and user asks it along: no page pays a statement for it, and there is no cache
    that two processes could disagree about.
    """
    asked = TermsVersion.objects.filter(acceptors=Acceptors.EVERYONE, effective_on__lte=today)
    return asked.order_by("-effective_on").values("version")[:1]


@transaction.atomic
def agree_to_terms(
    *,
    user: User,
    terms: bool,
    terms_version: str,
    current: TermsVersion,
    label: str,
    language: str,
    ip: str | None,
    now: datetime,
) -> None:
    """Let a user who has an account go on under the terms that hold now.

    :raises TermsNotAccepted: the box is not ticked, or another version stood on the page.
    """
    check_agreed(terms=terms, terms_version=terms_version, current=current, language=language)
    accept_terms(user=user, terms=current, label=label, language=language, ip=ip, now=now)


def check_agreed(*, terms: bool, terms_version: str, current: TermsVersion, language: str) -> None:
    """Check what came back from a page with the box.

    :param terms: whether the box was ticked.
    :param terms_version: the version that stood on the page.
    :raises TermsNotAccepted: not ticked, or not the version that holds now.
    """
    if not terms or terms_version != str(current.version):
        raise TermsNotAccepted(version=current.version, day=day(current.effective_on, language_of(language)))


@transaction.atomic
def accept_terms(
    *, user: User, terms: TermsVersion, label: str, language: str, ip: str | None, now: datetime
) -> TermsAcceptance:
    """Keep the evidence that the user agreed, and mail them the text; agreeing twice is agreeing once.

    :param label: what stood beside the box.
    """
    evidence = {"text_hash": terms.text_hash, "label": label, "language": language, "accepted_at": now, "ip": ip}
    acceptance, is_new = TermsAcceptance.objects.get_or_create(user=user, terms=terms, defaults=evidence)
    if is_new:
        User.objects.filter(pk=user.pk, terms_version__lt=terms.version).update(terms_version=terms.version)
        access_log.record(
            whose=user, what=AccessEvent.What.TERMS_ACCEPTED, by=user, about=str(terms.version), now=now, ip=ip
        )
        Message.post("terms_copy", acceptance=acceptance.pk)
    return acceptance


@hourly
def forget_old_evidence(now: datetime) -> None:
    """Delete what erased people agreed to when five years have passed since; claims have lapsed by then."""
    over = access_log.months_before(now, KEEP_ACCEPTANCES_MONTHS)
    TermsAcceptance.objects.filter(user__erased_at__lt=over, accepted_at__lt=over).delete()
