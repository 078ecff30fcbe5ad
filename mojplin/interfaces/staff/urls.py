"""The back office, under one address; whoever is not staff finds nothing there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from mojplin.interfaces.staff import office

app_name = "staff"
urlpatterns = [
    path("", office.office, name="office"),
    path(_("exports/<int:run>/"), office.export, name="export"),
]
