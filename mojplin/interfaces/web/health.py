"""Is the portal well, for machines that watch it: 200 or 503, and JSON with what was measured. No names, no paths."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mojplin.domain.office.health import checks, is_well


@login_not_required
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    found = checks(timezone.now())
    told = {
        check.name: {"ok": check.is_ok, "value": check.value, "limit": check.limit, "unit": check.unit}
        for check in found
    }
    is_ok = is_well(found)
    return JsonResponse({"ok": is_ok, "checks": told}, status=200 if is_ok else 503)
