"""What every page of the office says the same way: who may open it, what its menu offers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from mojplin.domain.accounts.models import User

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
    MenuItem(name="terms", route="staff:terms", label=pgettext_lazy("office menu", "Terms")),
    MenuItem(name="links", route="staff:links", label=pgettext_lazy("office menu", "Links")),
    MenuItem(
        name="addresses", route="staff:addresses", label=pgettext_lazy("office menu", "Addresses"), role=Role.CLERK
    ),
)
"""In the order of the header; whoever has not the role of an item does not see it."""


def staff_only(role: User.Role) -> Callable[[View], View]:
    """Open a page to that role and those above it; to everybody else, signed in or not, it does not exist.

    The answer is the page of an address that never was, byte for byte. Stands above the other decorators.
    """

    def opened_to_role(view: View) -> View:
        @wraps(view)
        def for_staff(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not (request.user.is_authenticated and request.user.may_act_as(role)):
                raise Http404
            return view(request, *args, **kwargs)

        for_staff.staff_role = role  # type: ignore[attr-defined]
        return login_not_required(for_staff)

    return opened_to_role


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, active: str = "", status: int = 200
) -> HttpResponse:
    """Render a page of the office with its menu; `active` is the name of the menu item it belongs to."""
    menu = [item for item in MENU if request.user.may_act_as(item.role)]
    return render(request, template, {"menu": menu, "active": active} | (context or {}), status=status)
