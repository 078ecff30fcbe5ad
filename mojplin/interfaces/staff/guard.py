"""What stands before every page of the office: its own address, its networks, the second factor of whoever is staff."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from mojplin.foundation.requests import client_ip

AT_BOTH_ADDRESSES = frozenset(
    [
        "office_sign_in", "demo_mailbox", "web:waiting", "web:waiting_state", "web:finish", "web:enter_code",
        "web:resend", "web:confirm", "web:deny", "web:sign_out", "web:step_up", "web:confirm_options",
        "web:confirm_passkey", "web:session_state", "web:stay", "web:passkeys", "web:passkey_options",
        "web:recovery_codes", "web:change_password", "web:change_email", "web:devices", "web:end_sessions",
        "web:accept_terms", "web:terms", "web:terms_version", "web:terms_changes", "web:privacy", "web:cookies",
        "web:accessibility", "web:contact", "web:questions", "web:safety", "web:support", "web:profile",
        "web:offline", "web:invoice_picture", "web:service_worker", "web:manifest",
        "web:access_log", "web:forgot_password",
        "web:forgot_password_sent", "web:reset_password",
    ]
)  # fmt: skip
"""What of the portal is needed to sign in to an office with an address of its own, and to keep that sign-in safe."""
BEFORE_THE_SECOND_FACTOR = frozenset(["web:stay"])


class OfficeMiddleware:
    """Let the office be found where the settings say, and let staff do nothing before they showed a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    @staticmethod
    def process_view(
        request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name
        is_office = hasattr(view, "staff_role") or name == "office_sign_in"
        if name == "web:home" and is_elsewhere(request, name, is_office=False):
            return HttpResponseRedirect(reverse("staff:office"))
        if is_elsewhere(request, name, is_office=is_office) or (is_office and not is_in_network(request)):
            raise Http404
        if not (request.user.is_authenticated and request.user.is_staff) or request.session.second_factor_at:
            return None
        is_closed = getattr(view, "login_required", True) or hasattr(view, "staff_role")
        is_way_in = hasattr(view, "before_second_factor") or name in BEFORE_THE_SECOND_FACTOR
        return to_second_factor(request) if is_closed and not is_way_in else None


def is_elsewhere(request: HttpRequest, name: str, *, is_office: bool) -> bool:
    """Return whether this page is at the other address, when portal and office have one each."""
    if settings.OFFICE_URL == settings.BASE_URL:
        return False
    is_at_office = request.get_host() == urlsplit(settings.OFFICE_URL).netloc
    return not (is_office or name in AT_BOTH_ADDRESSES) if is_at_office else is_office


def is_in_network(request: HttpRequest) -> bool:
    networks = settings.OFFICE_NETWORKS
    if not networks:
        return True
    ip = client_ip(request)
    return ip is not None and any(ip_address(ip) in network for network in networks)


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """Lead to where the second factor is shown, which leads back here; a form on its way is not carried out."""
    query = urlencode({"next": request.get_full_path()}) if request.method in ("GET", "HEAD") else ""
    address = reverse("staff:second_factor") + (f"?{query}" if query else "")
    if settings.OFFICE_URL != settings.BASE_URL:
        address = settings.OFFICE_URL + address
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else HttpResponseRedirect(address)
