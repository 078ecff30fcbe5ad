"""One form, one effect: a form carries a key; sent twice it is done once and answered the same.

A view that changes something is decorated with `once`. The key is claimed in the transaction of the act, so a second
click waits for the first to commit and then gets its answer; a crash leaves neither the act nor the claim.
"""

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from mojplin.foundation.prepared import insert, update

FIELD = "form_key"
IGNORED_FIELDS = (FIELD, "csrfmiddlewaretoken")


class FormKey(models.Model):
    """A form that was carried out, and where its sender was sent then."""

    key_hash = models.CharField(max_length=64, unique=True)
    """Of the key, the path and who sent it: nobody can claim another's."""
    content_hash = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    """Empty: to the address that took the form, which may be a secret link."""
    claimed_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "foundation"


def new_form_key() -> str:
    return secrets.token_urlsafe(16)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view's POST take effect once for each form key; only answers that redirect are remembered."""

    @wraps(view)
    def carried_out_once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key_hash, content_hash = _key_hash(request), _content_hash(request)
        try:
            with transaction.atomic():
                claim = FormKey(key_hash=key_hash, content_hash=content_hash, claimed_at=timezone.now())
                insert([claim])
                response = view(request, *args, **kwargs)
                if isinstance(response, HttpResponseRedirect):
                    location = "" if response.url == request.path else response.url
                    update(FormKey, {"id": claim.pk}, location=location)
                else:
                    claim.delete()
                return response
        except IntegrityError:
            earlier = FormKey.objects.filter(key_hash=key_hash).first()
            if earlier is None:
                raise
        if earlier.content_hash != content_hash:
            return render(request, "409.html", status=409)
        return HttpResponseRedirect(earlier.location or request.path)

    carried_out_once.is_once = True  # type: ignore[attr-defined]
    return carried_out_once


def _key_hash(request: HttpRequest) -> str:
    sender = request.user.pk or request.META.get("CSRF_COOKIE", "")
    key = request.POST.get(FIELD) or secrets.token_urlsafe(16)
    return hashlib.sha256(f"{sender}\n{request.path}\n{key}".encode()).hexdigest()


def _content_hash(request: HttpRequest) -> str:
    content = hashlib.sha256()
    for name in sorted(request.POST):
        if name not in IGNORED_FIELDS:
            content.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            content.update(repr((name, file.name, _file_hash(file))).encode())
    return content.hexdigest()


def _file_hash(file: "UploadedFile[bytes]") -> str:
    """Return the hash of a sent file, which is read from its beginning afterwards."""
    content = hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
    return content.hexdigest()
