"""Writing and publishing the general terms: one draft of the next version, published as a whole, never edited after."""

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import Acceptors, AccessEvent, TermsDraft, TermsVersion, User
from mojplin.domain.accounts.notices import there_may_be_news
from mojplin.foundation.errors import Refused

SHIPPED = Path(__file__).parent / "terms"
"""The texts the portal starts with, one folder for each version."""
NOTICE = timedelta(days=30)
"""How long before it takes effect a version that everybody must agree to is published."""


class TermsAlreadyPublished(Refused):
    message = _("Version %(version)s of the terms is already published and is never edited.")


class TermsTooSoon(Refused):
    field = "effective_on"
    message = _("A version that everyone must accept is published at least 30 days before it takes effect.")


class TermsOutOfOrder(Refused):
    field = "effective_on"
    message = _("A new version takes effect in the future and after version %(version)s.")


class TermsIncomplete(Refused):
    message = _("Before publishing, write the text and what changes in both languages.")


class DraftChanged(Refused):
    message = _("Somebody has saved or published the draft meanwhile. Look at it again; yours was not saved.")


def newest_terms() -> TermsVersion | None:
    """Return the version with the highest number, in force or not yet."""
    return TermsVersion.objects.order_by("-version").first()


def next_draft() -> TermsDraft | None:
    """Return the draft of the next version, if somebody has begun one."""
    return TermsDraft.objects.select_related("saved_by").order_by("-version").first()


@transaction.atomic
def save_draft(*, revision: int, by: User, now: datetime, **fields: Any) -> TermsDraft:
    """Write these fields of the draft; the first save begins it.

    :param revision: of the draft that was on the page; 0 when there was none.
    :param fields: of `TermsDraft`: texts, summaries, effective_on, acceptors.
    :raises DraftChanged: somebody else saved meanwhile; nothing is written.
    """
    saved = {"saved_by": by, "saved_at": now, **fields}
    newest = newest_terms()
    version = newest.version + 1 if newest else 1
    if revision == 0:
        draft, is_new = TermsDraft.objects.get_or_create(version=version, defaults=saved)
        if not is_new:
            raise DraftChanged
        return draft
    mine = TermsDraft.objects.filter(version=version, revision=revision)
    if not mine.update(revision=F("revision") + 1, **saved):
        raise DraftChanged
    return TermsDraft.objects.get(version=version)


@transaction.atomic
def discard_draft(*, revision: int) -> None:
    """Throw the draft away, as it stood on the page; a new one begins with the newest version again.

    :raises DraftChanged: somebody has saved or published it meanwhile.
    """
    if not TermsDraft.objects.filter(revision=revision).delete()[0]:
        raise DraftChanged


@transaction.atomic
def publish_draft(*, revision: int, by: User, today: date, now: datetime, ip: str | None = None) -> TermsVersion:
    """Publish the draft as it stood on the page, and have everybody told.

    :raises DraftChanged: the draft is not the one that was on the page.
    :raises Refused: as `publish_terms`.
    """
    draft = next_draft()
    # Of two who publish at once, one deletes the draft; the other waits for that and finds nothing left to publish.
    if draft is None or not TermsDraft.objects.filter(pk=draft.pk, revision=revision).delete()[0]:
        raise DraftChanged
    published = publish_terms(
        version=draft.version,
        texts=(draft.text_sl, draft.text_en),
        summaries=(draft.summary_sl, draft.summary_en),
        effective_on=draft.effective_on,
        acceptors=Acceptors(draft.acceptors),
        by=by,
        today=today,
        now=now,
    )
    there_may_be_news()
    what = AccessEvent.What.TERMS_PUBLISHED
    access_log.record(whose=None, what=what, by=by, about=str(published.version), ip=ip, now=now)
    return published


@transaction.atomic
def publish_terms(
    *,
    version: int,
    texts: tuple[str, str],
    summaries: tuple[str, str] = ("", ""),
    effective_on: date | None,
    acceptors: Acceptors = Acceptors.EVERYONE,
    by: User | None = None,
    today: date,
    now: datetime,
) -> TermsVersion:
    """Publish a version of the general terms; from now on nobody can change it, the database refuses.

    :param texts: Slovene and English, in Markdown.
    :param summaries: what changes, Slovene and English; the first version has none.
    :raises TermsAlreadyPublished: that version exists.
    :raises TermsIncomplete: a text, a summary or the day is missing.
    :raises TermsTooSoon: less than 30 days ahead, though everybody must agree.
    :raises TermsOutOfOrder: not after the version before it, or in the past.
    """
    former = newest_terms()
    if former and former.version >= version:
        raise TermsAlreadyPublished(version=version)
    begins_on = checked_day(texts, summaries, effective_on, acceptors, former, today)
    return TermsVersion.objects.create(
        version=version,
        effective_on=begins_on,
        acceptors=acceptors,
        published_at=now,
        published_by=by,
        summary_sl=summaries[0],
        summary_en=summaries[1],
        text_sl=texts[0],
        text_en=texts[1],
        text_hash=hashlib.sha256("\0".join(texts).encode()).hexdigest(),
    )


def checked_day(
    texts: tuple[str, str],
    summaries: tuple[str, str],
    effective_on: date | None,
    acceptors: Acceptors,
    former: TermsVersion | None,
    today: date,
) -> date:
    """Return the day a version takes effect, once it is whole and in order with the one before it.

    :raises Refused: as `publish_terms`.
    """
    if effective_on is None or not all(text.strip() for text in texts):
        raise TermsIncomplete
    if former is None:
        return effective_on
    if not all(summary.strip() for summary in summaries):
        raise TermsIncomplete
    if effective_on <= max(today, former.effective_on):
        raise TermsOutOfOrder(version=former.version)
    if acceptors == Acceptors.EVERYONE and effective_on < today + NOTICE:
        raise TermsTooSoon
    return effective_on


def shipped_terms(language: str) -> str:
    """Return the text the portal is shipped with, with the portal's name in it: what is published never changes."""
    text = (SHIPPED / f"1/{language}.md").read_text(encoding="utf-8")
    return text.replace("{portal_name}", settings.SUPPLIER["portal_name"])


def publish_first_terms(*, today: date, now: datetime) -> TermsVersion | None:
    """Publish the text the portal is shipped with, in force from today; None when some version is published already."""
    if TermsVersion.objects.exists():
        return None
    return publish_terms(
        version=1, texts=(shipped_terms("sl"), shipped_terms("en")), effective_on=today, today=today, now=now
    )
