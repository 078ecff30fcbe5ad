"""What the office publishes for anybody, on one page: crisis notices now, to come and over, and the pages."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mojplin.domain.publishing.models import CrisisNotice
from mojplin.interfaces.staff.doors import Role, page, staff_only
from mojplin.interfaces.staff.public_pages import titles

SHOWN_NOTICES = 50


@staff_only(Role.READER)
@require_safe
def publishing(request: HttpRequest) -> HttpResponse:
    notices = CrisisNotice.objects.select_related("published_by").order_by("-starts_at", "-pk")[:SHOWN_NOTICES]
    context = {"notices": [(each, state_of(each, timezone.now())) for each in notices], "pages": titles()}
    return page(request, "staff/publishing/publishing.html", context, active="publishing")


def state_of(notice: CrisisNotice, now: datetime) -> str:
    """Return "taken_back", "over", "coming" or "running"."""
    if notice.taken_back_at:
        return "taken_back"
    if notice.ends_at <= now:
        return "over"
    return "coming" if notice.starts_at > now else "running"
