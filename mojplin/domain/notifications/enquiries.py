"""Messages about enquiries: what the office answered, and that its answer comes later than it was promised.

Whoever switches them off reads the answers in the portal all the same: the conversation is there, not in the ledger.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.notifications.kinds import Found, Kind, Letter, own_link, register_kind, to_tell
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.support.models import Enquiry, Entry
from mojplin.domain.support.reply_address import reply_address
from mojplin.domain.support.telling import words_of_answer, words_of_delay
from mojplin.foundation import formats

TOPIC = Topic(
    code="enquiry_answer",
    label=_("Answers of support"),
    hint=_("Also when an answer comes later than promised. In the portal you can read every answer at any time."),
)
IS_NEWS_FOR = timedelta(days=30)
ANSWER, LATER = "answer", "later"


def find(now: datetime) -> list[Found]:
    """Return whose enquiry was answered, or whose answer was put off, in two statements."""
    since = now - IS_NEWS_FOR
    # What was said lately lies in an enquiry that was touched lately, and that is what the index knows.
    said = Entry.objects.filter(side=Entry.Side.OFFICE, written_at__gte=since, enquiry__last_at__gte=since)
    answers = said.annotate(
        thing=Concat(Value(f"{ANSWER}:"), Cast("pk", CharField()), output_field=CharField()),
        about=F("enquiry__number"),
        place_link=own_link(user="enquiry__sent_by", of="enquiry__"),
    )
    put_off = Enquiry.objects.waiting().filter(is_put_off=True, promised_on__gte=timezone.localdate(now))
    key, day = Cast("pk", CharField()), Cast("promised_on", CharField())
    delays = put_off.annotate(
        thing=Concat(Value(f"{LATER}:"), key, Value(":"), day, output_field=CharField()),
        about=F("number"),
        place_link=own_link(user="sent_by"),
    )
    return [
        *to_tell(answers, TOPIC, user="enquiry__sent_by"),
        *to_tell(delays, TOPIC, user="sent_by"),
    ]


def letter(_user: User, notices: Sequence[SentNotice], _language: formats.Language) -> Letter | None:
    """Return the mail with the answer, or with the later day while the enquiry still waits for it."""
    what, key, *day = notices[0].thing.split(":")
    if what == ANSWER:
        entry = Entry.objects.select_related("enquiry__sent_by").get(pk=int(key))
        return Letter("support/mail/answer", words_of_answer(entry), reply_address(entry.enquiry))
    waiting = Enquiry.objects.waiting().select_related("sent_by")
    enquiry = waiting.filter(pk=int(key), promised_on=day[0]).first()
    if enquiry is None:
        return None
    return Letter("support/mail/answer_later", words_of_delay(enquiry), reply_address(enquiry))


register_kind(Kind(topic=TOPIC, find=find, letter=letter, page="web:enquiries", stands_alone=True))
