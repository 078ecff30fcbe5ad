"""All addresses: customer pages in Slovene at the root and in English under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(path("", include("mojplin.interfaces.web.urls")), prefix_default_language=False)

handler400 = "mojplin.interfaces.web.faults.bad_request"
handler404 = "mojplin.interfaces.web.faults.not_found"
handler500 = "mojplin.interfaces.web.faults.broken"
