"""All addresses: Slovene at the root and English under /en/; customers' pages, the office, what only a demo has."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from mojplin.interfaces.web.demo_form import supplier_form
from mojplin.interfaces.web.mailbox import mailbox
from mojplin.interfaces.web.sign_in import office_sign_in

office = settings.OFFICE_PATH or _("office/")
office_pages = [
    path(_("sign-in/"), office_sign_in, name="office_sign_in"),
    path("", include("mojplin.interfaces.staff.urls")),
]
urlpatterns = i18n_patterns(
    path("", include("mojplin.interfaces.web.urls")),
    path(office, include(office_pages)),
    path(_("demo/mail/"), mailbox, name="demo_mailbox"),
    path(_("demo/form/"), supplier_form, name="demo_form"),
    prefix_default_language=False,
)

handler400 = "mojplin.interfaces.web.faults.bad_request"
handler404 = "mojplin.interfaces.web.faults.not_found"
handler500 = "mojplin.interfaces.web.faults.broken"
