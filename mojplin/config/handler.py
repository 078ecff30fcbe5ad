"""How a request finds its page: addresses without a changing part are looked up once and remembered."""

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils.translation import get_language


class PortalHandler(WSGIHandler):
    """Django's own handler, which tries some fifty translated addresses one after the other for every request."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[tuple[str | None, str], ResolverMatch] = {}
        """By language and path; only of addresses that hold no id, so there are never more than there are pages."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        asked = get_language(), request.path_info
        match = self.known.get(asked)
        if match is None:
            match = super().resolve_request(request)
            if not match.args and not match.captured_kwargs:
                self.known[asked] = match
        request.resolver_match = match
        return match
