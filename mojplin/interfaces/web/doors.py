"""What every customer page says the same way: whose place, which form, which template."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mojplin.domain.linking.access import Place, place_of, places_of
from mojplin.domain.publishing.running import any_local, notices_for
from mojplin.foundation.operation_form import OperationForm as OperationForm  # the doors take it from here
from mojplin.interfaces.web.addresses import plain_url
from mojplin.interfaces.web.page_code import text_of

PLACES_IN_SWITCHER = 8
OF_A_PLACE = ("home", "consumption", "readings", "documents", "contracts", "orders")
"""Menu items whose page is that of one place."""


def own_place(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the chosen place of the user (`?place=`), else the first; without any, go to linking.

    A place that is not the user's answers 404, as one that never was.
    """

    @wraps(view)
    def with_place(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        places = first_places(request)
        if not places:
            return redirect("web:home")
        chosen = request.GET.get("place")
        place = next((each for each in places if each.public_id == chosen), None) if chosen else places[0]
        place = place or place_of(request.user.pk, chosen)
        if place is None:
            raise Http404
        request.place = place
        return view(request, place, *args, **kwargs)

    return with_place


def place_of_thing(request: HttpRequest, supply_point_id: int, payer_id: int) -> Place:
    """Return the user's place at which a thing of that payer is shown; elsewhere it answers as one that never was."""
    places = places_of(request.user.pk)
    place = place_among(places, supply_point_id, payer_id)
    if place is None:
        raise Http404
    in_frame(request, places, place)
    return place


def places_in_frame(request: HttpRequest) -> list[Place]:
    """Return all places of the user; the frame of the page shows the first of them and asks for no more."""
    places = places_of(request.user.pk)
    in_frame(request, places)
    return places


def first_places(request: HttpRequest) -> list[Place]:
    """Return the places of the switcher; while a notice holds in some municipalities, look at the others too."""
    places = places_of(request.user.pk, limit=None if any_local() else PLACES_IN_SWITCHER)
    in_frame(request, places)
    return places[:PLACES_IN_SWITCHER]


def in_frame(request: HttpRequest, places: list[Place], place: Place | None = None) -> None:
    """Give the frame of the page the user's places and the one that is shown."""
    request.places, request.place = places[:PLACES_IN_SWITCHER], place
    request.municipalities = {each.municipality for each in places}


def place_among(places: Iterable[Place], supply_point_id: int | None, payer_id: int) -> Place | None:
    """Return the one of these places at which a thing of that payer is shown, or None."""
    here = (each for each in places if (each.supply_point_id, each.payer_id) == (supply_point_id, payer_id))
    return next(here, None)


def allow(is_allowed: bool) -> None:
    """Answer as for a thing that never was, unless the role of the user's link lets them do this at the place."""
    if not is_allowed:
        raise Http404


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, active: str = "", status: int = 200
) -> HttpResponse:
    """Render a signed-in page with what its frame needs: the places of the switcher and the active menu item."""
    places: list[Place] | None = getattr(request, "places", None)
    if places is None:
        places = first_places(request)
    place = getattr(request, "place", None)
    frame = {
        "places": places,
        "place": place,
        "switcher": switcher(places, place, active),
        "active": active,
        "data_as_of": places[0].data_as_of if places else None,
        "crisis_notices": notices_for(getattr(request, "municipalities", ()), timezone.now()),
    }
    return render(request, template, frame | (context or {}), status=status)


class SwitcherPlace(NamedTuple):
    """A line of the switcher, as `web/_switcher_place.html` draws it."""

    href: str
    name: str
    address: str
    look: str

    def texts(self, _language: str) -> dict[str, str]:
        return {"href": self.href, "name": text_of(self.name), "address": text_of(self.address)}


def switcher(places: list[Place], chosen: Place | None, active: str) -> list[SwitcherPlace]:
    """Return the lines that lead to the same kind of page for each place."""
    page_of_place = plain_url(f"web:{active if active in OF_A_PLACE else 'home'}")
    return [
        SwitcherPlace(
            f"{page_of_place}?place={each.public_id}",
            each.name,
            each.address,
            f"{each.icon} {each.colour}{' current' if each == chosen else ''}",
        )
        for each in places
    ]


def today() -> Any:
    """Return the calendar day in Ljubljana: the doors read the clock, the rooms are told."""
    return timezone.localdate()
