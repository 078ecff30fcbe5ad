"""The general terms: publishing a version, the current one, and the evidence of consent."""

import hashlib
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import TermsAcceptance, TermsVersion, User
from mojplin.foundation.errors import Refused

SHIPPED = Path(__file__).parent / "terms"
"""The texts the portal starts with, one folder for each version."""


class TermsNotAccepted(Refused):
    field = "terms"
    message = _("To use the portal you must agree to the terms (version %(version)s, %(day)s).")


class TermsAlreadyPublished(Refused):
    message = _("Version %(version)s of the terms is already published and is never edited.")


def current_terms(*, today: date) -> TermsVersion | None:
    """Return the version that holds today; None before the first was published."""
    return TermsVersion.objects.filter(effective_on__lte=today).order_by("-version").first()


@transaction.atomic
def publish_terms(*, version: int, text_sl: str, text_en: str, effective_on: date, now: datetime) -> TermsVersion:
    """Publish a version of the general terms, in Markdown.

    :raises TermsAlreadyPublished: that version exists.
    """
    if TermsVersion.objects.filter(version=version).exists():
        raise TermsAlreadyPublished(version=version)
    return TermsVersion.objects.create(
        version=version,
        effective_on=effective_on,
        published_at=now,
        text_sl=text_sl,
        text_en=text_en,
        text_hash=hashlib.sha256(f"{text_sl}\0{text_en}".encode()).hexdigest(),
    )


def publish_first_terms(*, today: date, now: datetime) -> TermsVersion | None:
    """Publish the text the portal is shipped with, in force from today; None when some version is published already."""
    if TermsVersion.objects.exists():
        return None
    texts = {language: (SHIPPED / f"1/{language}.md").read_text(encoding="utf-8") for language in ("sl", "en")}
    return publish_terms(version=1, text_sl=texts["sl"], text_en=texts["en"], effective_on=today, now=now)


def accept_terms(
    *, user: User, terms: TermsVersion, label: str, language: str, ip: str | None, now: datetime
) -> TermsAcceptance:
    """Keep the evidence that the user agreed: the text by its hash, and what stood beside the box."""
    return TermsAcceptance.objects.create(
        user=user, terms=terms, text_hash=terms.text_hash, label=label, language=language, accepted_at=now, ip=ip
    )
