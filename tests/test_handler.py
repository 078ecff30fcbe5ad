"""An address finds the same page the second time, in its own language."""

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import translation

from mojplin.config.handler import PortalHandler


def found(handler: PortalHandler, path: str, language: str) -> str:
    with translation.override(language):
        return handler.resolve_request(RequestFactory().get(path)).view_name


def test_a_page_is_found_again_and_again_in_each_language():
    handler = PortalHandler()
    for _ in range(2):
        assert found(handler, "/racuni/", "sl") == "web:documents"
        assert found(handler, "/en/documents/", "en") == "web:documents"
        with pytest.raises(Http404):
            found(handler, "/racuni/", "en")


def test_every_id_is_looked_up_anew_and_none_is_remembered():
    handler = PortalHandler()
    for public_id in ("a" * 22, "b" * 22):
        request = RequestFactory().get(f"/racuni/{public_id}/")
        with translation.override("sl"):
            assert handler.resolve_request(request).kwargs == {"public_id": public_id}
        assert request.resolver_match.kwargs == {"public_id": public_id}
    assert handler.known == {}
