"""Pages travel compressed: fast rather than small, and never with the same length twice."""

import gzip
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from isal import isal_zlib

WORTH_FROM_BYTES = 200
LEVEL = 2
"""Of ISA-L, which packs a page of 22 KB in 0.04 ms; zlib needs five times as long for the same size, and with level 6,
which Django takes, nine times as long for a page a tenth smaller (decisions/0016)."""
FILL_BYTES = 100
CONTAINER = 31
"""zlib's word for: a gzip container, the largest window."""
HEADER = slice(0, 10)


class CompressionMiddleware:
    """Compress what is not streamed, with a file name of random length in front.

    The name hides how long the compressed page really is, so that nobody learns a secret on it letter by letter from
    what they made it repeat (BREACH); Django's own middleware defends itself in the same way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or len(response.content) < WORTH_FROM_BYTES or "Content-Encoding" in response.headers:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            response.content = compressed(response.content)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response


def compressed(content: bytes) -> bytes:
    packed = isal_zlib.compress(content, LEVEL, CONTAINER)
    header = bytearray(packed[HEADER])
    header[3] = gzip.FNAME
    return bytes(header) + b"a" * secrets.randbelow(FILL_BYTES) + b"\0" + packed[HEADER.stop :]
