"""The security headers of every answer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


WITHOUT_PATH = "strict-origin"
"""For pages whose address is a secret. With no-referrer browsers send forms with `Origin: null`, and the check against
forged forms refuses them (tried in Chromium); this one tells the site alone, never the path."""
LEADING_TO_SECRETS = ("invitation=", "next=")


def has_secret_address(request: HttpRequest) -> bool:
    """Return whether the address of the page holds, or leads on to, the secret of a mailed link."""
    match = request.resolver_match
    query = request.META.get("QUERY_STRING", "")
    return (match is not None and "token" in match.kwargs) or any(name in query for name in LEADING_TO_SECRETS)


class SecurityHeadersMiddleware:
    """Set what the answer has not set itself: policy of content, no sniffing, no framing, no caching, no index."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        policy = "; ".join(f"{name} {value}".strip() for name, value in settings.SECURE_CSP.items())
        self.always = [
            ("Content-Security-Policy", policy),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", PERMISSIONS),
            ("Cache-Control", "no-store"),
            ("X-Robots-Tag", "noindex"),
        ]
        if settings.SECURE_HSTS_SECONDS:
            value = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
            self.always.append(("Strict-Transport-Security", value))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if has_secret_address(request):
            response.headers.setdefault("Referrer-Policy", WITHOUT_PATH)
        for name, value in self.always:
            response.headers.setdefault(name, value)
        return response
