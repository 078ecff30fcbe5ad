"""What the portal shows without a network: what to do when it smells of gas, and nothing of anybody.

A small service worker keeps one page in each language, the style sheets and the mark; nothing that is asked for with a
session ever gets into its store.
"""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mojplin.foundation.formats import active_language
from mojplin.interfaces.web.brand import COLOURS, MARK, brand_url
from mojplin.interfaces.web.public_pages import safety_text

KEPT_SECONDS = 3_600
"""For how long browsers ask for no newer worker: they would do it at every page."""
ICONS = (
    (MARK, "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
)
"""The supplier's mark as phones want it: as PNG, too, and once with ground to the edges, where each cuts its shape."""


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "web/public/offline.html", {"read": safety_text(active_language())})


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the worker; with another text, style sheet or number to call it is another one, and keeps them anew."""
    files, pages, texts = [static("portal/portal.css"), brand_url(COLOURS), brand_url(MARK)], {}, [settings.SUPPLIER]
    for language in ("sl", "en"):
        with translation.override(language):
            pages[language] = reverse("web:offline")
            texts.append([str(each) for each in safety_text(language).pieces])
    version = hashlib.sha256(json.dumps([files, pages, texts]).encode()).hexdigest()[:16]
    told = {"files": files, "pages": pages, "icon": brand_url("icon-192.png"), "name": settings.SUPPLIER["portal_name"]}
    kept = {"version": version} | {name: json.dumps(value) for name, value in told.items()}
    script = loader.render_to_string("web/public/sw.js", kept)
    headers = {"Cache-Control": f"max-age={KEPT_SECONDS}"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Return what a phone asks for when the portal is put among its apps."""
    told = {
        "name": settings.SUPPLIER["portal_name"],
        "description": _("Invoices, meter readings and usage of your gas at home."),
        "lang": active_language(),
        "id": "/",
        "start_url": reverse("web:home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": settings.BRAND["light"]["brand"],
        "icons": [
            {"src": brand_url(name), "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "max-age=3600"})


for each in (offline, service_worker, manifest):
    each.leaves_session_idle = True  # the browser fetches them, at moments of its own
