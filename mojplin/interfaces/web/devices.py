"""My sign-ins: which browsers are signed in, ending one or all of them; and how long this one stays signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mojplin.domain.accounts.models import Session
from mojplin.domain.accounts.sessions import live_sessions_of, sign_out_device, sign_out_elsewhere, time_left
from mojplin.foundation.idempotency import new_form_key, once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import page


@require_http_methods(["GET", "HEAD", "POST"])
@once
def devices(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        # Another's session, or none, is answered alike.
        public_id = request.POST.get("session", "")
        sign_out_device(by=request.user, public_id=public_id, ip=client_ip(request), now=timezone.now())
        messages.success(request, _("The device is signed out."))
        return redirect("web:devices")
    context = {"sessions": live_sessions_of(request.user, timezone.now()), "form_key": new_form_key()}
    return page(request, "web/devices/devices.html", context, active="more")


@require_POST
@once
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End every other session and every sign-in that waits for its confirmation; this browser stays."""
    sign_out_elsewhere(by=request.user, session=request.session, ip=client_ip(request), now=timezone.now())
    messages.success(request, _("All other devices are signed out."))
    return redirect("web:devices")


@login_not_required
@require_safe
def session_state(request: HttpRequest) -> HttpResponse:
    """Tell an open tab how many seconds its session has left; asking does not count as use."""
    if request.session is None:
        return JsonResponse({"seconds_left": 0, "may_stay": False})
    idle, whole = time_left(request.session, timezone.now())
    return JsonResponse({"seconds_left": max(0, int(min(idle, whole).total_seconds())), "may_stay": idle < whole})


session_state.leaves_session_idle = True  # type: ignore[attr-defined]


@require_safe
def stay(request: HttpRequest) -> HttpResponse:
    """Use the session, so that it goes on; answers as `session_state` does."""
    request.session.last_seen_at = timezone.now()
    Session.objects.filter(pk=request.session.pk).update(last_seen_at=request.session.last_seen_at)
    return session_state(request)
