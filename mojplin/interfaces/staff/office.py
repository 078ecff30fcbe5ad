"""The first page of the office: is the portal well, what do customers see above pages, what came in, what waits."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mojplin.domain.accounts.sign_in_health import often_denied, sign_in_health
from mojplin.domain.office.health import checks, checks_of
from mojplin.domain.office.looking import note_listed
from mojplin.domain.publishing.running import running_notices
from mojplin.domain.supply.models import FeedRun
from mojplin.foundation.outbox.undelivered import undelivered_topics
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.staff.doors import Role, page, staff_only
from mojplin.interfaces.staff.exports import newest_runs
from mojplin.interfaces.staff.watching import in_words, with_ages

SHOWN_RUNS = 10


@staff_only(Role.READER)
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    now, topics, runs = timezone.now(), undelivered_topics(), newest_runs(SHOWN_RUNS)
    denied = often_denied(now)
    customers = [each.user for each in denied if not each.user.is_staff]
    note_listed(users=customers, by=request.user, now=now, ip=client_ip(request))
    context = {
        "failing": [check for check in in_words(checks_of(topics, now)) if not check.is_ok],
        "shown": running_notices(now),
        "held": [each["run"] for each in runs if each["run"].state == FeedRun.State.HELD],
        "runs": runs,
        "topics": with_ages(topics, now),
        "sign_in": sign_in_health(now),
        "often_denied": denied,
    }
    return page(request, "staff/office.html", context, active="office")


@staff_only(Role.READER)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The checks of the address for machines, in words."""
    return page(request, "staff/health.html", {"checks": in_words(checks(timezone.now()))}, active="office")
