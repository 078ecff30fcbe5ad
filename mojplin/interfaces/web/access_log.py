"""The access log of the signed-in person, newest first."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mojplin.domain.accounts.access_log import about_told, described, events_of, reason_told
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.foundation.keyset import mark_of, read_mark
from mojplin.interfaces.web.doors import page

EVENTS_ON_PAGE = 25


@require_safe
def access_log(request: HttpRequest) -> HttpResponse:
    before = read_mark(request.GET.get("before", ""))
    found = events_of(request.user, before=before, count=EVENTS_ON_PAGE + 1)
    events = [
        {
            "what": described(each),
            "about": about_told(each),
            "reason": reason_told(each),
            "who": _who(each, request.user),
            "at": each.at,
        }
        for each in found[:EVENTS_ON_PAGE]
    ]
    last = found[EVENTS_ON_PAGE - 1] if len(found) > EVENTS_ON_PAGE else None
    address = reverse("web:access_log")
    context = {
        "events": events,
        "older_url": f"{address}?{urlencode({'before': mark_of(last.at, last.pk)})}" if last else None,
        "newest_url": address if before else None,
    }
    return page(request, "web/profile/access_log.html", context, active="more")


def _who(event: AccessEvent, reader: User) -> str:
    """Return who it was, in words: people of the supplier by their role, other customers not by name."""
    if event.by_id == reader.pk:
        return _("you")
    if event.by_id is None:
        return _("the portal by itself")
    if event.by_role in ("", User.Role.CUSTOMER):
        return _("another user of the supply point")
    return _("the supplier's office (%(role)s)") % {"role": str(User.Role(event.by_role).label).lower()}
