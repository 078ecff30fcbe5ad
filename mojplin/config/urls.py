"""All addresses: Slovene at the root and English under /en/; customers' pages, the back office, the demo's mailbox."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from mojplin.interfaces.web.mailbox import mailbox

urlpatterns = i18n_patterns(
    path("", include("mojplin.interfaces.web.urls")),
    path(_("office/"), include("mojplin.interfaces.staff.urls")),
    path(_("demo/mail/"), mailbox, name="demo_mailbox"),
    prefix_default_language=False,
)

handler400 = "mojplin.interfaces.web.faults.bad_request"
handler404 = "mojplin.interfaces.web.faults.not_found"
handler500 = "mojplin.interfaces.web.faults.broken"
