"""The portal as a customer sees it, read only: the customer's pages asked the same questions, and made harmless.

Nobody signs in as the customer: there is no session of theirs, nothing can be sent, and a statement that would write
is refused while a page is made. It stands in a frame, so that nobody takes it for anything else.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.linking.access import places_of
from mojplin.domain.office.looking import look_that_holds
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.customers import account_or_404
from mojplin.interfaces.staff.doors import Role, page, staff_only
from mojplin.interfaces.staff.read_only import read_only

PAGES = (
    ("web:home", _("Home")),
    ("web:consumption", _("Usage")),
    ("web:readings", _("Readings")),
    ("web:documents", _("Invoices")),
    ("web:contracts", _("Contracts")),
    ("web:orders", _("Orders")),
    ("web:support", _("Support")),
)
FURTHER = frozenset(["web:document", "web:contract", "web:reading_sent", "web:order_sent"])
SHOWN = FURTHER | {name for name, _label in PAGES}
PLACES = 8
READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class WriteRefused(Exception):
    """A page that is only looked at tried to write."""


@staff_only(Role.READER)
@require_safe
def customer_view(request: HttpRequest, account: str, shown: str = "") -> HttpResponse:
    user, now = account_or_404(account), timezone.now()
    look = look_that_holds(by=request.user, now=now, user=user)
    if look is None:
        return redirect("staff:account", account=user.public_id)
    match = match_of(f"/{shown}" if shown else reverse("web:home"))
    if match is None:
        raise Http404
    answer = answer_as_seen(request, user, match)
    if answer.status_code != 200:
        raise Http404
    heading, inside = read_only(answer.content.decode(), lambda href: seen_address(account, href))
    what = AccessEvent.What.OFFICE_SAW_CUSTOMER_VIEW
    access_log.record(
        whose=user, what=what, by=request.user, about=heading, reason=look.reason, ip=client_ip(request), now=now
    )
    context = {
        "user": user,
        "heading": heading,
        "inside": Markup(inside),  # noqa: S704  # our own page, every tag of it written anew
        "pages": [(label, seen_address(account, reverse(name)), name == match.view_name) for name, label in PAGES],
        "places": [(each.name, each.public_id) for each in places_of(user.pk, limit=PLACES)],
    }
    return page(request, "staff/customers/seen.html", context, active="customers")


def match_of(path: str) -> ResolverMatch | None:
    """Return the page of the portal at that path, if it is one that is shown here."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if match.view_name in SHOWN else None


def seen_address(account: str, href: str) -> str | None:
    """Return where a link of the customer's page leads here, or None."""
    parts = urlsplit(href)
    if parts.netloc or not parts.path.startswith("/") or match_of(parts.path) is None:
        return None
    is_home = parts.path == reverse("web:home")
    name, where = ("staff:customer_view", []) if is_home else ("staff:customer_page", [parts.path.lstrip("/")])
    address = reverse(name, args=[account, *where])
    return f"{address}?{parts.query}" if parts.query else address


def answer_as_seen(request: HttpRequest, user: User, match: ResolverMatch) -> HttpResponse:
    """Return what the portal would answer the customer; nothing can be written meanwhile."""
    asked = stand_in(request, user, match)
    with connection.execute_wrapper(refuse_writing):
        answer = match.func(asked, *match.args, **match.kwargs)
    return answer.render() if hasattr(answer, "render") else answer


def stand_in(request: HttpRequest, user: User, match: ResolverMatch) -> Any:
    """Return a request without cookies, session and body, that asks for a page in a customer's name."""
    asked: Any = HttpRequest()
    asked.method, asked.user, asked.session, asked.ended_session, asked.htmx = "GET", user, None, None, False
    asked.GET, asked.resolver_match, asked.reference = QueryDict(request.GET.urlencode()), match, ""
    asked.path = asked.path_info = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    asked.META = {"SERVER_NAME": request.get_host(), "SERVER_PORT": "", "QUERY_STRING": request.GET.urlencode()}
    return asked


def refuse_writing(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not sql.lstrip("( ").upper().startswith(READS):
        raise WriteRefused(sql.split(maxsplit=1)[0])
    return execute(sql, params, many, context)
