"""How a request comes to its page: one at a time, by addresses that are looked up once and remembered."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils.translation import get_language

from mojplin.foundation.turns import PatientBody, own_turn


class PortalHandler(WSGIHandler):
    """Django's own handler, which tries some fifty translated addresses one after the other for every request."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[tuple[str | None, str], ResolverMatch] = {}
        """By language and path; only of addresses that hold no id, so there are never more than there are pages."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = PatientBody(environ["wsgi.input"])
        with own_turn():
            answer: Iterable[bytes] = super().__call__(environ, start_response)
            return answer

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        asked = get_language(), request.path_info
        match = self.known.get(asked)
        if match is None:
            match = super().resolve_request(request)
            if not match.args and not match.captured_kwargs:
                self.known[asked] = match
        request.resolver_match = match
        return match
