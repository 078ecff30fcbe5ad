"""Files handed out, for every door: no browser may run anything from them."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify

from mojplin.foundation.files import Damaged, opened

FILE_POLICY = "sandbox; default-src 'none'"
"""What a file may do in the browser: nothing."""
log = structlog.get_logger(__name__)


def download(file: IO[Any], name: str, content_type: str) -> FileResponse:
    """Stream an open file, closed when all of it has been sent."""
    response = FileResponse(file, as_attachment=True, filename=name.replace("/", "-"), content_type=content_type)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def picture(path: str) -> HttpResponse:
    """Show a picture of the document storage, which keeps them as JPEG; one that is not there is a 404."""
    if not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        return HttpResponse(file.read(), content_type="image/jpeg", headers={"Content-Security-Policy": FILE_POLICY})


def zip_download(pieces: Iterable[bytes], *, made_at: datetime, size_bytes: int) -> StreamingHttpResponse:
    """Stream a ZIP that was made for the person, named by the portal and the day it was made."""
    portal = slugify(settings.SUPPLIER["portal_name"]) or "portal"
    headers = {
        "Content-Disposition": f'attachment; filename="{portal}-{timezone.localdate(made_at)}.zip"',
        "Content-Length": str(size_bytes),
        "Content-Security-Policy": FILE_POLICY,
    }
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)


def kept_download(path: str, name: str, content_type: str) -> FileResponse:
    """Stream a file kept by its content, as it came; one that is not there, or was changed since, is a 404."""
    try:
        return download(opened(path), name, content_type)
    except Damaged:
        log.exception("kept_file_damaged", path=path)
    except FileNotFoundError:
        log.warning("kept_file_missing", path=path)
    raise Http404
