"""Messages about single supply points: where something else was chosen than in general, and choosing it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mojplin.domain.accounts.notices import unwanted
from mojplin.domain.linking.access import Place, place_of, places_of
from mojplin.domain.linking.places import groups_of
from mojplin.domain.notifications.choices import Exceptions, choose_at, exceptions_of, wanted_at
from mojplin.domain.notifications.kinds import Kind, kinds_about
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import in_frame, page
from mojplin.interfaces.web.places import ON_PAGE, SEARCHED_FROM, asked_for


@dataclass(frozen=True, slots=True)
class OtherwiseAt:
    """A place, and the kinds of messages that come about it though not in general, or do not though they do."""

    place: Place
    comes: Sequence[str | Promise]
    does_not: Sequence[str | Promise]
    is_silent: bool

    @property
    def is_otherwise(self) -> bool:
        return bool(self.is_silent or self.comes or self.does_not)


def otherwise_at(places: Iterable[Place], in_general_not: Collection[str], chosen: Exceptions) -> list[OtherwiseAt]:
    told = []
    for place in places:
        wanted = wanted_at(place, in_general_not=in_general_not, exceptions=chosen)
        about = kinds_about(place)
        differing = [each.topic for each in about if (each.topic.code in wanted) == (each.topic.code in in_general_not)]
        comes = [each.label for each in differing if each.code in wanted]
        does_not = [each.label for each in differing if each.code not in wanted]
        told.append(OtherwiseAt(place, comes, does_not, is_silent=not wanted and place.link_id in chosen))
    return told


@require_http_methods(["GET", "HEAD", "POST"])
@once
def notices_by_place(request: HttpRequest) -> HttpResponse:
    """The places with what was chosen for each; found by words or a group, all of them can be chosen for at once."""
    mine, groups = places_of(request.user.pk), groups_of(request.user)
    in_frame(request, mine)
    found, query = asked_for(request, mine, groups)
    if request.method == "POST":
        if not query:
            raise Http404  # in general it is chosen elsewhere
        _choose(request, found)
        text = ngettext("Saved for %(num)s supply point.", "Saved for %(num)s supply points.", len(found))
        messages.success(request, text % {"num": len(found)})
        return redirect("web:notices_by_place")
    in_general_not = unwanted(request.user)
    number = request.GET.get("p", "")
    last = max(1, -(-len(found) // ON_PAGE))
    number = min(max(int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1, 1), last)
    kinds = {kind.topic.code: kind for each in found for kind in kinds_about(each)} if query else {}
    context = {
        "places": otherwise_at(
            found[(number - 1) * ON_PAGE : number * ON_PAGE], in_general_not, exceptions_of(request.user)
        ),
        "count": len(found),
        "is_searched": len(mine) >= SEARCHED_FROM,
        "group_names": sorted(set(groups.values()), key=str.casefold),
        "query": query,
        "number": number,
        "last": last,
        "choices": _choices(kinds.values(), set(kinds) - in_general_not),
        "form_key": new_form_key(),
    }
    return page(request, "web/profile/notices_by_place.html", context, active="more")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def notices_of_place(request: HttpRequest, public_id: str) -> HttpResponse:
    place = place_of(request.user.pk, public_id)
    if place is None:
        raise Http404
    if request.method == "POST":
        _choose(request, [place])
        messages.success(request, _("Your choice is saved."))
        return redirect("web:notices")
    chosen = exceptions_of(request.user)
    wanted = wanted_at(place, in_general_not=unwanted(request.user), exceptions=chosen)
    context = {
        "about": place,
        "choices": _choices(kinds_about(place), wanted),
        "is_chosen": place.link_id in chosen,
        "form_key": new_form_key(),
    }
    return page(request, "web/profile/notices_of_place.html", context, active="more")


def _choose(request: HttpRequest, places: Sequence[Place]) -> None:
    """Keep what was ticked; "in general" gives up every exception."""
    wanted = None if request.POST.get("act") == "general" else request.POST.getlist("wanted")
    choose_at(places, wanted=wanted, by=request.user, now=timezone.now(), ip=client_ip(request))


def _choices(kinds: Iterable[Kind], wanted: Collection[str]) -> list[tuple[Kind, bool]]:
    return [(each, each.topic.code in wanted) for each in kinds]
