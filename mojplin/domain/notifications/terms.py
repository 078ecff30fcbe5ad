"""Notice of new general terms: everybody who has not agreed to them is told what changes, before it holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import CharField, Value
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import TermsVersion, User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.accounts.terms_mails import words_of_announcement
from mojplin.domain.notifications.kinds import NOWHERE, Found, Kind, Letter, register_kind, to_tell
from mojplin.domain.notifications.models import SentNotice
from mojplin.foundation import formats

TOPIC = Topic(
    code="terms_changed",
    label=_("New version of the general terms"),
    hint=_("What changes, and from when: the law asks that you are told."),
    is_required=True,
)
IS_NEWS_FOR = timedelta(days=60)
"""After publishing. Whoever registers meanwhile agrees to the version that still holds, and is told of the next."""


def find(now: datetime) -> list[Found]:
    """Return whom to tell of which version; the first one, which has no summary, changes nothing for anybody."""
    news = TermsVersion.objects.exclude(summary_sl="").filter(published_at__gt=now - IS_NEWS_FOR)
    return [found for version in news.order_by("version") for found in _of_version(version.version)]


def _of_version(version: int) -> list[Found]:
    number = Value(str(version), output_field=CharField())
    people = User.objects.filter(terms_version__lt=version).annotate(thing=number, about=number, place_link=NOWHERE)
    return to_tell(people, TOPIC, user="")


def letter(user: User, notices: Sequence[SentNotice], _language: formats.Language) -> Letter:
    """Return the announcement of one version."""
    version = TermsVersion.objects.get(version=int(notices[0].thing))
    return Letter("accounts/mail/terms_announced", words_of_announcement(version, user))


register_kind(Kind(topic=TOPIC, find=find, letter=letter, page="web:terms", stands_alone=True))
