"""The office can stand under a path of its own: the settings say which."""

import importlib.util

import pytest
from django.test import override_settings
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from mojplin.config import urls


def test_the_office_stands_under_the_path_of_the_settings_in_every_language_and_nowhere_else():
    """The addresses are read once, at the start; here they are read anew, for this test alone."""
    spec = importlib.util.spec_from_file_location("addresses_with_another_path", urls.__file__)
    elsewhere = importlib.util.module_from_spec(spec)
    with override_settings(OFFICE_PATH="notranje-2/"):
        spec.loader.exec_module(elsewhere)
    for language, office in (("sl", "/notranje-2/"), ("en", "/en/notranje-2/")):
        with translation.override(language):
            assert reverse("staff:office", urlconf=elsewhere) == office
            assert resolve(office, urlconf=elsewhere).view_name == "staff:office"
    with pytest.raises(Resolver404):
        resolve("/urad/", urlconf=elsewhere)
