"""All supply points of a firm in one table: type down the column, send what is good, go on with the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from mojplin.domain.linking.access import Place
from mojplin.domain.linking.glance import Glance, glances_at
from mojplin.domain.metering.bulk import PointKey, PointRow, Typed, read_already, rows_of
from mojplin.domain.metering.drafts import Entry, Sent, drafts_of, save_drafts, send_drafts, under_way
from mojplin.domain.metering.models import ReadingDraft, SubmittedReading
from mojplin.domain.metering.window import reading_window
from mojplin.foundation.folding import folded_words
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.interfaces.web.addresses import plain_url
from mojplin.interfaces.web.doors import page, places_in_frame, today

ON_A_PAGE = 50
TYPED, CONFIRMED = "counter-", "right-"
"""Begin the names of the fields; the public id of the supply point follows."""
MISSING, ENTERED, SENT, ALL, UNPAID, ENDING = "missing", "entered", "sent", "all", "unpaid", "ending"
SHOWN = (MISSING, ENTERED, SENT, ALL, UNPAID, ENDING)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: the place as its user knows it, and what the room of readings says of it."""

    place: Place
    row: PointRow
    glance: Glance


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of all places together, before a page of them is looked at."""

    places: list[Place]
    drafts: dict[PointKey, ReadingDraft]
    sent: frozenset[PointKey]
    glances: dict[int, Glance]
    under_way: int = 0
    """So many of the drafts were sent already as far as their user is concerned: the worker is at it."""

    def shown(self, show: str) -> list[Place]:
        if show == ENTERED:
            return [each for each in self.places if key_of_place(each) in self.drafts]
        if show == SENT:
            return [each for each in self.places if key_of_place(each) in self.sent]
        if show == MISSING:
            return [each for each in self.places if key_of_place(each) not in self.sent]
        if show == UNPAID:
            return [each for each in self.places if self.glances[each.link_id].unpaid_eur]
        if show == ENDING:
            return [each for each in self.places if self.glances[each.link_id].is_ending]
        return self.places

    def line(self, place: Place, row: PointRow) -> Line:
        return Line(place, row, self.glances[place.link_id])

    @property
    def bad(self) -> int:
        return sum(not each.is_good for each in self.drafts.values())

    @property
    def good(self) -> int:
        return self.entered - self.bad

    @property
    def entered(self) -> int:
        return len(self.drafts) - self.under_way


@require_http_methods(["GET", "HEAD", "POST"])
@once
def readings_table(request: HttpRequest) -> HttpResponse:
    places = places_to_read(request)
    if request.method == "POST":
        save_drafts(typed_in(request.POST, places), by=request.user, today=today(), now=timezone.now())
        if request.POST.get("act") != "keep":
            points = [each.to_read for each in places]
            tell(request, send_drafts(points, by=request.user, today=today(), now=timezone.now()))
        return redirect(f"{plain_url('web:readings_table')}?{request.GET.urlencode()}".rstrip("?"))
    table = with_under_way(request, table_of(request, places))
    show, found, number = asked_for(request.GET, table)
    on_page = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    typed = {key: Typed(each.typed, each.is_confirmed) for key, each in table.drafts.items()}
    rows = rows_of([each.to_read for each in on_page], typed, today())
    context = {
        "table": table,
        "lines": [table.line(place, row) for place, row in zip(on_page, rows, strict=True)],
        "window": reading_window(today(), places[0].window_days) if places else None,
        "show": show,
        "query": {"show": show} | ({"q": request.GET["q"]} if request.GET.get("q") else {}),
        "words": request.GET.get("q", ""),
        "found": len(found),
        "number": number,
        "pages": max(1, -(-len(found) // ON_A_PAGE)),
        "form_key": new_form_key(),
        "uses_htmx": True,
    }
    return page(request, "web/readings/table.html", context, active="readings")


@require_POST
def readings_table_row(request: HttpRequest) -> HttpResponse:
    """Keep one row when it is left, and return it with what has to be said about it."""
    places = places_to_read(request)
    entries = typed_in(request.POST, places)
    if len(entries) != 1:
        raise Http404
    entry = entries[0]
    kept = save_drafts([entry], by=request.user, today=today(), now=timezone.now())
    rows = kept or rows_of([entry.point], {}, today())
    place = next(each for each in places if each.to_read == entry.point)
    table = table_of(request, places)
    context = {"line": table.line(place, rows[0]), "table": table, "is_fragment": True}
    return render(request, "web/readings/_table_answer.html", context)


def places_to_read(request: HttpRequest) -> list[Place]:
    """Return the places with a meter that the user may read for, in their own order."""
    return [each for each in places_in_frame(request) if each.has_meter and each.may_submit_readings]


def key_of_place(place: Place) -> PointKey:
    return place.supply_point_id, place.payer_id


def table_of(request: HttpRequest, places: list[Place]) -> Table:
    """Return what was typed and sent for the months that are read now, in three statements."""
    months = {key_of_place(each): reading_window(today(), each.window_days).month for each in places}
    drafts = drafts_of(request.user, [each.to_read for each in places], today())
    return Table(places, drafts, read_already(months), glances_at(places, today()))


def with_under_way(request: HttpRequest, table: Table) -> Table:
    """Return the table with how many rows the worker is sending now; one statement, and only where it may be so."""
    if not table.good:
        return table
    keys = under_way(request.user, dealt_with=len(table.sent) + table.bad)
    return replace(table, under_way=sum(each.is_good and each.pk in keys for each in table.drafts.values()))


def asked_for(query: QueryDict, table: Table) -> tuple[str, list[Place], int]:
    """Return which places are asked for, those places, and the page of them."""
    is_done = len(table.sent) == len(table.places) and not table.drafts
    show = query.get("show", ALL if is_done else MISSING)
    show = show if show in SHOWN else MISSING
    words = folded_words(query.get("q", "")[:60])
    found = [each for each in table.shown(show) if not words or is_found(each, words)]
    asked = query.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    return show, found, min(max(1, number), max(1, -(-len(found) // ON_A_PAGE)))


def is_found(place: Place, words: Sequence[str]) -> bool:
    text = " ".join(folded_words(f"{place.name} {place.address} {place.number}"))
    return all(word in text for word in words)


def typed_in(sent: QueryDict, places: list[Place]) -> list[Entry]:
    """Return what the form says about the places it may say something about."""
    entries = []
    for place in places:
        name = f"{TYPED}{place.public_id}"
        if name in sent:
            text = sent[name].strip()
            is_confirmed = bool(text) and sent.get(f"{CONFIRMED}{place.public_id}", "").strip() == text
            entries.append(Entry(place.to_read, Typed(text, is_confirmed), SubmittedReading.Way.TABLE))
    return entries


def tell(request: HttpRequest, sent: Sent) -> None:
    """Say how many went and what is left to do."""
    counts: dict[str, Any] = {"num": sent.taken}
    if sent.taken:
        text = ngettext("%(num)s reading is submitted.", "%(num)s readings are submitted.", sent.taken) % counts
        messages.success(request, text)
    if sent.to_look_at:
        counts = {"num": sent.to_look_at}
        text = ngettext("Look again at %(num)s row.", "Look again at %(num)s rows.", sent.to_look_at) % counts
        messages.warning(request, text)
    if sent.waiting:
        counts = {"num": sent.waiting}
        text = ngettext(
            "%(num)s more is being submitted now. One mail confirms all when it is in.",
            "%(num)s more are being submitted now. One mail confirms all when they are in.",
            sent.waiting,
        ) % counts  # fmt: skip
        messages.info(request, text)
    if not (sent.taken or sent.to_look_at or sent.waiting):
        messages.info(request, _("There was nothing to submit. Type the counters first."))
