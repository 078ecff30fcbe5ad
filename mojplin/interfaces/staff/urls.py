"""The back office, under one address; whoever is not staff finds nothing there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from mojplin.interfaces.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.office, name="office"),
    path(_("exports/<int:run>/"), views.export, name="export"),
]
