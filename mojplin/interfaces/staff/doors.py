"""What every page of the office says the same way: who may open it, what its menu offers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.second_factor import is_shown_recently
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation.requests import client_ip

Role = User.Role
View = Callable[..., HttpResponse]


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """A page in the menu of the office; `name` is what the page calls itself in `page(active=...)`."""

    name: str
    route: str
    label: str | Promise
    role: User.Role = Role.READER


MENU = (
    MenuItem(name="office", route="staff:office", label=pgettext_lazy("office menu", "Overview")),
    MenuItem(name="customers", route="staff:search", label=pgettext_lazy("office menu", "Customers")),
    MenuItem(name="asked", route="staff:asked", label=pgettext_lazy("office menu", "Requests")),
    MenuItem(name="marked", route="staff:marked_readings", label=pgettext_lazy("office menu", "Readings")),
    MenuItem(name="publishing", route="staff:publishing", label=pgettext_lazy("office menu", "Publishing")),
    MenuItem(name="terms", route="staff:terms", label=pgettext_lazy("office menu", "Terms")),
    MenuItem(name="links", route="staff:links", label=pgettext_lazy("office menu", "Links")),
    MenuItem(
        name="addresses", route="staff:addresses", label=pgettext_lazy("office menu", "Addresses"), role=Role.CLERK
    ),
    MenuItem(name="audit", route="staff:audit", label=pgettext_lazy("office menu", "Log"), role=Role.ADMIN),
    MenuItem(name="people", route="staff:people", label=pgettext_lazy("office menu", "People"), role=Role.ADMIN),
)
"""In the order of the header; whoever has not the role of an item does not see it."""


def staff_only(role: User.Role) -> Callable[[View], View]:
    """Open a page to that role and those above it; to everybody else who is signed in it does not exist.

    The answer is the page of an address that never was, byte for byte. Whoever is not signed in is led to the office's
    own sign-in. Stands above the other decorators.
    """

    def opened_to_role(view: View) -> View:
        @wraps(view)
        def for_staff(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                query = urlencode({"next": request.get_full_path()})
                return HttpResponse(status=302, headers={"Location": f"{reverse('office_sign_in')}?{query}"})
            if not request.user.may_act_as(role):
                raise Http404
            return view(request, *args, **kwargs)

        for_staff.staff_role = role  # type: ignore[attr-defined]
        return login_not_required(for_staff)

    return opened_to_role


def shown_recently(view: View) -> View:
    """Let the view answer only when the second factor was shown in the last ten minutes; otherwise ask for it.

    Stands under `staff_only`. The page is asked before anything can be typed there.
    """

    @wraps(view)
    def asked_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_shown_recently(request.session, timezone.now()):
            return view(request, *args, **kwargs)
        path = request.get_full_path() if request.method in ("GET", "HEAD") else ""
        query = f"?{urlencode({'next': path})}" if path else ""
        # Not Django's redirect: `once` would remember it as the answer of the form, which is still to be carried out.
        return HttpResponse(status=302, headers={"Location": reverse("staff:second_factor") + query})

    asked_first.needs_second_factor = True  # type: ignore[attr-defined]
    return asked_first


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, active: str = "", status: int = 200
) -> HttpResponse:
    """Render a page of the office with its menu; `active` is the name of the menu item it belongs to."""
    menu = [item for item in MENU if request.user.may_act_as(item.role)]
    return render(request, template, {"menu": menu, "active": active} | (context or {}), status=status)


def visit_of(request: HttpRequest) -> Visit:
    """Return who is at the door; the browser is called as it was at the sign-in."""
    return Visit(ip=client_ip(request), device=request.session.device)


def keep_session(response: HttpResponse, secret: str) -> HttpResponse:
    """Give the browser the new secret of its session."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(settings.SESSION_COOKIE_NAME, secret, httponly=True, samesite="Lax", secure=secure)
    return response
