"""Writing the pages for anybody: one draft of each, published as a version that stays."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.publishing.models import PageDraft, PageVersion
from mojplin.domain.publishing.public_pages import current_texts, title_of, unknown_places, wrong_addresses
from mojplin.foundation.errors import Refused
from mojplin.foundation.formats import Language

LONGEST_TITLE = 100


class PageDraftChanged(Refused):
    message = _("Somebody has saved or published the draft meanwhile. Look at it again; yours was not saved.")


class TitleMissing(Refused):
    message = _("The first line is the title: a # and at most %(most)s characters. Text follows below it.")


class UnknownPlace(Refused):
    message = _("There is nothing called {%(place)s}. The names you can use stand below.")


class WrongAddress(Refused):
    message = _("%(address)s is no page of the portal and no address beginning with https://, mailto: or tel:.")


class NothingNew(Refused):
    message = _("The draft says what stands on the page already.")


def check_text(text: str, language: Language) -> str:
    """Return the text as it is kept.

    :raises Refused: it has no title, names a place that does not exist, or leads where nobody should be led.
    """
    title, _line, body = text.partition("\n")
    if not title.startswith("# ") or not title_of(text) or len(title_of(text)) > LONGEST_TITLE or not body.strip():
        raise TitleMissing(most=LONGEST_TITLE)
    for place in unknown_places(text, language):
        raise UnknownPlace(place=place[:40])
    for address in wrong_addresses(text, language):
        raise WrongAddress(address=address[:80] or "( )")
    return text.strip() + "\n"


def draft_of(name: str) -> PageDraft | None:
    return PageDraft.objects.select_related("saved_by").filter(name=name).first()


@transaction.atomic
def save_page_draft(*, name: str, revision: int, text_sl: str, text_en: str, by: User, now: datetime) -> PageDraft:
    """Keep the texts as the page's draft; the first save begins it.

    :param revision: of the draft that was on the page; 0 when there was none.
    :raises PageDraftChanged: somebody else saved meanwhile; nothing is written.
    :raises Refused: as `check_text`.
    """
    saved = {
        "text_sl": check_text(text_sl, "sl"),
        "text_en": check_text(text_en, "en"),
        "saved_by": by,
        "saved_at": now,
    }
    if revision == 0:
        draft, is_new = PageDraft.objects.get_or_create(name=name, defaults=saved)
        if not is_new:
            raise PageDraftChanged
        return draft
    if not PageDraft.objects.filter(name=name, revision=revision).update(revision=F("revision") + 1, **saved):
        raise PageDraftChanged
    return PageDraft.objects.get(name=name)


@transaction.atomic
def discard_page_draft(*, name: str, revision: int) -> None:
    """Throw the draft away, as it stood on the page.

    :raises PageDraftChanged: somebody has saved or published it meanwhile.
    """
    if not PageDraft.objects.filter(name=name, revision=revision).delete()[0]:
        raise PageDraftChanged


@transaction.atomic
def publish_page(*, name: str, revision: int, by: User, now: datetime, ip: str | None) -> PageVersion:
    """Publish the draft as it stood on the page; everybody reads it from now on.

    :raises PageDraftChanged: the draft is not the one that was on the page.
    :raises NothingNew: it says what is published already.
    """
    draft = draft_of(name)
    # Of two who publish at once, one deletes the draft; the other waits for that and finds nothing left to publish.
    if draft is None or not PageDraft.objects.filter(pk=draft.pk, revision=revision).delete()[0]:
        raise PageDraftChanged
    former = current_texts(name)
    if (former.text_sl.strip(), former.text_en.strip()) == (draft.text_sl.strip(), draft.text_en.strip()):
        raise NothingNew
    published = PageVersion.objects.create(
        name=name,
        version=former.version + 1,
        text_sl=draft.text_sl,
        text_en=draft.text_en,
        published_at=now,
        published_by=by,
    )
    about = f"{title_of(draft.text_sl)}, {published.version}"
    access_log.record(whose=None, what=AccessEvent.What.PUBLIC_PAGE_PUBLISHED, by=by, about=about, now=now, ip=ip)
    return published
