"""My supply points: the list with its search, groups and order; how one looks; removing one and undoing that."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from mojplin.domain.linking.access import Place, place_of, places_of
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.places import (
    change_look,
    groups_of,
    move_place,
    move_place_next_to,
    put_into_group,
    remove_place,
    removed_lately,
    undo_removal,
)
from mojplin.domain.linking.sharing import invitations_for
from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.interfaces.web.doors import OperationForm, in_frame, page
from mojplin.interfaces.web.step_up import confirmed_recently

ON_PAGE = 50
SEARCHED_FROM = 6
"""With fewer places a search and groups would only be in the way."""
LONGEST_SEARCH = 60
MODES = ("order", "groups")
WAYS = ("up", "down", "first", "last")


class LookForm(OperationForm):
    name = forms.CharField(
        label=gettext_lazy("Your name for it"),
        help_text=gettext_lazy("Up to 60 characters. Only you see the name."),
        error_messages={"required": gettext_lazy("The name must have 1 to 60 characters.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    icon = forms.ChoiceField(label=gettext_lazy("Picture"), choices=Link.Icon)
    colour = forms.ChoiceField(label=gettext_lazy("Colour"), choices=Link.Colour)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def places(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        acts = {"move": move, "before": move_next_to, "after": move_next_to, "group": group, "undo": undo}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        return act(request)
    mine, now = places_of(request.user.pk), timezone.now()
    in_frame(request, mine)
    groups = groups_of(request.user) if mine else {}
    found, query = asked_for(request, mine, groups)
    number = min(max(_number(request.GET.get("p", "")), 1), max(1, -(-len(found) // ON_PAGE)))
    context = {
        "shown": found[(number - 1) * ON_PAGE : number * ON_PAGE],
        "count": len(found),
        "all_count": len(mine),
        "groups": groups,
        "group_names": sorted(set(groups.values()), key=str.casefold),
        "query": query,
        "mode": request.GET.get("mode") if request.GET.get("mode") in MODES else "",
        "number": number,
        "has_more": number * ON_PAGE < len(found),
        "searched_from": SEARCHED_FROM,
        "removed": removed_lately(by=request.user, now=now),
        "invitations": invitations_for(user=request.user, now=now),
        "new_form_key": new_form_key,
    }
    return page(request, "web/places/places.html", context)


def asked_for(request: HttpRequest, mine: list[Place], groups: dict[int, str]) -> tuple[list[Place], dict[str, str]]:
    """Return the places that the search and the chosen group leave, and what was asked."""
    words = " ".join(request.GET.get("q", "")[:LONGEST_SEARCH].split())
    chosen = request.GET.get("group", "")
    found = [each for each in mine if not chosen or groups.get(each.link_id) == chosen]
    for word in words.casefold().split():
        found = [each for each in found if word in f"{each.name} {each.address} {each.number}".casefold()]
    return found, {name: value for name, value in (("q", words), ("group", chosen)) if value}


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


def back_to_list(request: HttpRequest, place: Place | None = None) -> HttpResponse:
    """Lead back to where on the list the person was, to the place they moved."""
    kept = {name: request.POST[name] for name in ("q", "group", "mode", "p") if request.POST.get(name)}
    address = f"{reverse('web:places')}?{urlencode(kept)}" if kept else reverse("web:places")
    return redirect(f"{address}#p-{place.public_id}" if place else address)


def own(request: HttpRequest, public_id: str) -> Place:
    """Return the user's place; somebody else's is a 404, as one that never was."""
    place = place_of(request.user.pk, public_id)
    if place is None:
        raise Http404
    return place


def move(request: HttpRequest) -> HttpResponse:
    place, where = own(request, request.POST.get("place", "")), request.POST.get("where", "")
    if where not in WAYS:
        raise Http404
    move_place(link=place.link_id, where=where, by=request.user)
    return back_to_list(request, place)


def move_next_to(request: HttpRequest) -> HttpResponse:
    place, other = own(request, request.POST.get("place", "")), own(request, request.POST.get("other", ""))
    is_after = request.POST["act"] == "after"
    move_place_next_to(link=place.link_id, other=other.link_id, is_after=is_after, by=request.user)
    return back_to_list(request, place)


def group(request: HttpRequest) -> HttpResponse:
    chosen = set(request.POST.getlist("places"))
    links = [each.link_id for each in places_of(request.user.pk) if each.public_id in chosen]
    try:
        put_into_group(links=links, name=request.POST.get("name", ""), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(num)s supply point is sorted.", "%(num)s supply points are sorted.", len(links))
        messages.success(request, text % {"num": len(links)})
    return back_to_list(request)


def undo(request: HttpRequest) -> HttpResponse:
    try:
        link = undo_removal(link=request.POST.get("link", ""), by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The supply point %(name)s is back on your list.") % {"name": link.name})
    return redirect("web:places")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def rename(request: HttpRequest, public_id: str) -> HttpResponse:
    place = own(request, public_id)
    initial = {"name": place.name, "icon": place.icon, "colour": place.colour}
    form = LookForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(change_look, link=place.link_id, by=request.user):
        messages.success(request, _("The supply point is changed."))
        return redirect("web:places")
    return page(request, "web/places/rename.html", {"form": form, "renamed": place})


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
@once
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    place = own(request, public_id)
    if request.method == "POST":
        remove_place(link=place.link_id, by=request.user, now=timezone.now())
        messages.success(request, _("The supply point %(name)s is removed from your list.") % {"name": place.name})
        return redirect("web:places")
    context: dict[str, Any] = {"removed": place, "form": OperationForm()}
    return page(request, "web/places/remove.html", context)
