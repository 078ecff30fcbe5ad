"""What the office does with an enquiry: take it, answer it, note something, promise another day, close it.

Questions of its pages are on `Enquiry.objects`: `due_first()` (the overdue come first), `waiting()`, `overdue(today)`,
`unassigned()`, `assigned(member)`; `figures(today)` counts them; `conversation(enquiry, for_office=True)` is what was
said. Who may do it is checked at the door: clerks and administrators act, readers look. Whatever is done stands in the
customer's access log, by the number of the enquiry and never by what was written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.accounts.notices import there_may_be_news
from mojplin.domain.support import files
from mojplin.domain.support.models import AnswerTemplate, Enquiry, Entry
from mojplin.foundation.errors import Refused
from mojplin.foundation.uploads import SentFile

BANK_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[0-9A-Z]{4}){3,7}", re.IGNORECASE)
"""Something like an IBAN: no mail of ours names one, so that customers need not wonder which one is true."""
State, Side, What = Enquiry.State, Entry.Side, AccessEvent.What
COMPARED = timedelta(days=30)
FURTHEST_PROMISE = timedelta(days=365)


class NothingSaid(Refused):
    field = "text"
    message = _("Write the answer.")


class SaidMeanwhile(Refused):
    message = _("Something was said here while you were writing. Read it, then send your answer again.")


class NotOfOffice(Refused):
    field = "member"
    message = _("Choose somebody of the office.")


class DayIsPast(Refused):
    field = "promised_on"
    message = _("The promised day cannot be in the past.")


class DayIsFarOff(Refused):
    field = "promised_on"
    message = _("Promise a day within a year.")


class AlreadyClosed(Refused):
    message = _("This enquiry is closed already.")


class TitleTaken(Refused):
    field = "title"
    message = _("There is a text with this title already.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How many enquiries there are of each sort; `calls_today` are calls still to be made today."""

    waiting: int
    overdue: int
    unassigned: int
    answered: int
    calls_today: int


def figures(today: date) -> Figures:
    """Count them in one statement."""
    waits = Q(state=State.SENT)
    counts = Enquiry.objects.exclude(state=State.CLOSED).aggregate(
        waiting=Count("pk", filter=waits),
        overdue=Count("pk", filter=waits & Q(promised_on__lt=today)),
        unassigned=Count("pk", filter=waits & Q(assigned_to=None)),
        answered=Count("pk", filter=Q(state=State.ANSWERED)),
        calls_today=Count("pk", filter=waits & Q(call_on=today)),
    )
    return Figures(**counts)


@dataclass(frozen=True, kw_only=True)
class TopicFigures:
    """Enquiries about one topic: what waits, what of it is overdue, and what came in the last 30 days and before."""

    topic: Enquiry.Topic
    waiting: int
    overdue: int
    received: int
    received_before: int


def figures_by_topic(now: datetime, today: date) -> list[TopicFigures]:
    """Count them in one statement, in the order of the topics."""
    since, before = now - COMPARED, now - 2 * COMPARED
    waits = Q(state=State.SENT)
    # What came lately has been touched lately, and that is what the index knows.
    found = Enquiry.objects.filter(waits | Q(last_at__gt=before))
    rows = found.values("topic").annotate(
        waiting=Count("pk", filter=waits),
        overdue=Count("pk", filter=waits & Q(promised_on__lt=today)),
        received=Count("pk", filter=Q(sent_at__gt=since)),
        received_before=Count("pk", filter=Q(sent_at__gt=before, sent_at__lte=since)),
    )
    found_topics = {row["topic"]: row for row in rows.order_by()}
    nothing = dict.fromkeys(("waiting", "overdue", "received", "received_before"), 0)
    counted = {topic: nothing | found_topics.get(topic.value, {}) for topic in Enquiry.Topic}
    return [TopicFigures(**row | {"topic": topic}) for topic, row in counted.items()]


@transaction.atomic
def answer(
    *,
    enquiry: int,
    text: str,
    sent_files: Sequence[SentFile] = (),
    closes: bool = False,
    is_confidential: bool = False,
    last_seen: int | None = None,
    by: User,
    now: datetime,
    ip: str | None = None,
) -> Entry:
    """Answer the customer, in the portal and, unless they want none, by mail; whoever answers first has the enquiry.

    The mail holds the text, never the files; of a confidential answer, or one that names a bank account, it says only
    that there is one.

    :param enquiry: key of the enquiry; a closed one may be answered too.
    :param closes: the matter is settled with this.
    :param last_seen: key of the last entry the page showed.
    :raises NothingSaid, TooManyFiles, WrongFile: nothing was sent.
    :raises SaidMeanwhile: somebody has said something since, the customer or another member.
    """
    if not text.strip():
        raise NothingSaid
    kept = files.checked(sent_files)
    held = _held(enquiry)
    if last_seen is not None and held.entries.filter(pk__gt=last_seen).exclude(side=Side.NOTE).exists():
        raise SaidMeanwhile
    held.state = State.CLOSED if closes else State.ANSWERED
    held.closed_at = now if closes else None
    held.last_at = now
    if held.assigned_to_id is None:
        held.assigned_to = by
    held.save(update_fields=["state", "closed_at", "last_at", "assigned_to"])
    hides_text = is_confidential or bool(BANK_ACCOUNT.search(text))
    entry = Entry.objects.create(
        enquiry=held, side=Side.OFFICE, text=text.strip(), written_by=by, written_at=now, is_confidential=hides_text
    )
    files.keep(kept, entry=entry)
    there_may_be_news()
    _record(held, What.ENQUIRY_ANSWERED, by=by, now=now, ip=ip)
    return entry


@transaction.atomic
def add_note(*, enquiry: int, text: str, by: User, now: datetime, ip: str | None = None) -> Entry:
    """Write something that only the office sees; the state stays.

    :raises NothingSaid: only spaces.
    """
    if not text.strip():
        raise NothingSaid
    held = _held(enquiry)
    _record(held, What.ENQUIRY_NOTED, by=by, now=now, ip=ip)
    return Entry.objects.create(enquiry=held, side=Side.NOTE, text=text.strip(), written_by=by, written_at=now)


@transaction.atomic
def assign(*, enquiry: int, member: User | None, by: User, now: datetime, ip: str | None = None) -> None:
    """Give the enquiry to a member of the office, or back to nobody; the customer reads who has it.

    :raises NotOfOffice: a customer, or a reader, who may not answer.
    """
    if member is not None and not (member.is_active and member.may_act_as(User.Role.CLERK)):
        raise NotOfOffice
    held = _held(enquiry)
    Enquiry.objects.filter(pk=held.pk).update(assigned_to=member)
    _record(held, What.ENQUIRY_ASSIGNED, by=by, now=now, ip=ip)


@transaction.atomic
def promise(*, enquiry: int, promised_on: date, today: date, by: User, now: datetime, ip: str | None = None) -> None:
    """Promise another day; a customer who waits is told by mail when it is later than they were told before.

    :raises DayIsPast, DayIsFarOff: neither yesterday can be promised nor a day after more than a year.
    """
    if promised_on < today:
        raise DayIsPast
    if promised_on - today > FURTHEST_PROMISE:
        raise DayIsFarOff
    held = _held(enquiry)
    is_later = held.state == State.SENT and held.promised_on is not None and held.promised_on < promised_on
    # Put off twice it is told of twice; a day that comes nearer again is told to nobody.
    is_put_off = is_later or (held.is_put_off and held.promised_on == promised_on)
    Enquiry.objects.filter(pk=held.pk).update(promised_on=promised_on, is_put_off=is_put_off)
    if is_later:
        there_may_be_news()
    _record(held, What.ENQUIRY_PROMISED, by=by, now=now, ip=ip)


@transaction.atomic
def close(*, enquiry: int, by: User, now: datetime, ip: str | None = None) -> None:
    """Close the enquiry without a further word, for example after a call.

    :raises AlreadyClosed: nothing changes.
    """
    opened = Enquiry.objects.filter(pk=enquiry).exclude(state=State.CLOSED)
    if not opened.update(state=State.CLOSED, closed_at=now, last_at=now):
        raise AlreadyClosed
    _record(_held(enquiry), What.ENQUIRY_CLOSED, by=by, now=now, ip=ip)


@transaction.atomic
def reopen(*, enquiry: int, by: User, now: datetime, ip: str | None = None) -> None:
    """Let a closed or answered enquiry wait for the office again."""
    done = Enquiry.objects.filter(pk=enquiry).exclude(state=State.SENT)
    if done.update(state=State.SENT, closed_at=None, last_at=now):
        _record(_held(enquiry), What.ENQUIRY_REOPENED, by=by, now=now, ip=ip)


def _record(held: Enquiry, what: AccessEvent.What, *, by: User, now: datetime, ip: str | None) -> None:
    access_log.record(whose=held.sent_by, what=what, by=by, about=held.number, ip=ip, now=now)


def _held(enquiry: int) -> Enquiry:
    return Enquiry.objects.select_for_update(of=("self",)).select_related("sent_by").get(pk=enquiry)


def answer_templates(topic: str = "") -> list[AnswerTemplate]:
    """Return the texts kept ready, those of the topic before those for every topic."""
    found = AnswerTemplate.objects.order_by("title")
    return sorted(found, key=lambda each: (each.topic != topic, each.topic != ""))


def filled_in(template: AnswerTemplate, enquiry: Enquiry) -> str:
    """Return the text in the customer's language with `{name}` and `{number}` filled in."""
    text = template.text(enquiry.sent_by.language)
    return text.replace("{name}", enquiry.sent_by.addressed_as).replace("{number}", enquiry.number)


@transaction.atomic
def save_template(
    *,
    template: int | None,
    title: str,
    topic: str,
    text_sl: str,
    text_en: str,
    by: User,
    now: datetime,
    ip: str | None = None,
) -> AnswerTemplate:
    """Write a text for later answers, or write an earlier one anew.

    :param template: key of the one to change; None: a new one.
    :raises TitleTaken: another one is called the same.
    """
    one = AnswerTemplate(title=title, topic=topic, text_sl=text_sl, text_en=text_en, saved_by=by, saved_at=now)
    same_title = AnswerTemplate.objects.filter(title=title)
    if template is not None:
        one.pk = AnswerTemplate.objects.select_for_update().get(pk=template).pk
        same_title = same_title.exclude(pk=template)
    if same_title.exists():
        raise TitleTaken
    one.save()
    access_log.record(whose=None, what=What.ANSWER_TEXT_KEPT, by=by, about=title, ip=ip, now=now)
    return one


@transaction.atomic
def delete_template(*, template: int, by: User, now: datetime, ip: str | None = None) -> None:
    gone = AnswerTemplate.objects.select_for_update().filter(pk=template).first()
    if gone is not None:
        gone.delete()
        access_log.record(whose=None, what=What.ANSWER_TEXT_DELETED, by=by, about=gone.title, ip=ip, now=now)
