"""What the office publishes for anybody, on one page: crisis notices now, to come and over, and the pages."""

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
    now = timezone.now()
    context = {"notices": [(each, each.state(now)) for each in notices], "pages": titles()}
    return page(request, "staff/publishing/publishing.html", context, active="publishing")
