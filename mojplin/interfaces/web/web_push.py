"""Messages as notifications of this device: on, by the script that asks the browser (push.js); off, for any device."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mojplin.domain.accounts.push_devices import NoAddress, push_devices_of, push_to_browser, stop_push
from mojplin.foundation import web_push
from mojplin.foundation.idempotency import once
from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.doors import OperationForm
from mojplin.interfaces.web.sign_in import DEVICE_COOKIE_SECONDS, set_secret_cookie
from mojplin.interfaces.web.visitors import visit_of

SECRET_LENGTH = 43


class PushForm(OperationForm):
    endpoint = forms.CharField(max_length=web_push.ENDPOINT_MAX, strip=False)
    p256dh = forms.CharField(max_length=90, strip=False)
    auth = forms.CharField(max_length=24, strip=False)


def push_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the page of messages shows of notifications; without our key they are not spoken of."""
    key = web_push.public_key()
    devices = push_devices_of(request.user) if key else []
    here = next((each for each in devices if each.session_id == request.session.pk), None)
    return {"push_key": key, "push_devices": devices, "push_here": here}


@require_POST
@once
def push_on(request: HttpRequest) -> HttpResponse:
    if not web_push.public_key():
        raise Http404
    form, visit = PushForm(request.POST), visit_of(request)
    secret = visit.device_secret or get_random_string(SECRET_LENGTH)
    is_done = form.carry_out(
        push_to_browser, session=request.session, device_secret=secret, visit=visit, now=timezone.now()
    )
    response = redirect("web:notices")
    if is_done:
        messages.success(request, _("This device shows messages as notifications."))
        set_secret_cookie(response, settings.DEVICE_COOKIE_NAME, secret, max_age=DEVICE_COOKIE_SECONDS)
    else:
        messages.error(request, str(NoAddress()))
    return response


@require_POST
@once
def push_off(request: HttpRequest) -> HttpResponse:
    # Another's device, or none, is answered alike.
    public_id = request.POST.get("device", "")
    stop_push(public_id=public_id, by=request.user, ip=client_ip(request), now=timezone.now())
    messages.success(request, _("The device shows no more notifications."))
    return redirect("web:notices")
