"""What goes wrong is answered clearly: database gone, broken page, odd request; with the headers of every page."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.db.utils import ConnectionHandler
from django.test import Client
from django.urls import path

from mojplin.config.urls import *  # noqa: F403  # the handlers of errors, and every page beside the broken one
from mojplin.config.urls import urlpatterns as pages
from mojplin.domain.accounts.models import User
from mojplin.foundation import prepared
from mojplin.foundation.testing import faults_of_headers, faults_of_page
from tests.cast import Customer
from tests.logbook import log_kept

TOKEN = "Zx9_" * 11
SIGNED_IN = "kolacek-nekoga"


@login_not_required
def broken(request):
    raise ValueError("Key (email)=(ana@example.si) already exists")


urlpatterns = [*pages, path(f"broken/{TOKEN}/", broken, name="broken")]


@pytest.fixture
def visitor() -> Client:
    return Client(
        raise_request_exception=False, headers={"cookie": f"{django_settings.SESSION_COOKIE_NAME}={SIGNED_IN}"}
    )


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What the product's own logging writes."""
    with log_kept("WARNING") as lines:
        yield lines


def is_good_error_page(response, status: int) -> bool:
    assert response.status_code == status
    assert faults_of_headers(response.headers) == []
    assert faults_of_page(response.content.decode()) == []
    return True


DEAD_POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql", "NAME": "portal", "USER": "portal", "HOST": "127.0.0.1", "PORT": "9",
    "OPTIONS": {"connect_timeout": 2},
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
@pytest.mark.parametrize("address", ["/", "/en/", "/prijava/", "/racuni/"])
def test_a_database_that_is_gone_gives_503_from_page_and_middleware_alike(
    visitor, monkeypatch, tmp_path, kind, address
):
    (tmp_path / "portal.sqlite3").mkdir()
    dead = DEAD_POSTGRESQL if kind == "postgresql" else {
        "ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "portal.sqlite3"
    }  # fmt: skip
    handler = ConnectionHandler({"default": dead})
    monkeypatch.setattr(connections, "settings", handler.settings)
    kept = connections["default"]
    connections["default"] = handler["default"]
    try:
        response = visitor.get(address)
    finally:
        connections["default"] = kept
        prepared._statement.cache_clear()  # statements built for the database that is gone are not for this one
    assert is_good_error_page(response, 503)
    assert response["Retry-After"] == "30"


@pytest.mark.django_db
def test_a_broken_page_gives_a_reference_that_stands_on_its_one_line_of_the_log(visitor, settings, log_lines):
    settings.ROOT_URLCONF = __name__
    response = visitor.get(f"/broken/{TOKEN}/")
    assert is_good_error_page(response, 500)
    (line,) = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    assert line["reference"] in response.content.decode() and "ValueError" in line["exception"]
    assert TOKEN not in log_lines.getvalue() and "/broken/***/" in line["event"]
    assert "ana@example.si" not in log_lines.getvalue()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_methods_no_page_knows_are_refused(visitor, method):
    response = visitor.generic(method, "/prijava/")
    assert is_good_error_page(response, 405)
    assert response["Allow"] == "GET, HEAD, POST"


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(visitor):
    response = visitor.post("/prijava/", {"username": "a" * 1_100_000})
    assert is_good_error_page(response, 413)


@pytest.mark.django_db
def test_too_many_fields_are_refused(visitor):
    response = visitor.post("/prijava/", {f"field{n}": "x" for n in range(3000)})
    assert is_good_error_page(response, 400)


@pytest.mark.django_db
@pytest.mark.parametrize(("content_type", "body"), [("application/json", '{"name": "x"}'), ("text/plain", "name=x")])
def test_what_is_no_form_is_refused(visitor, content_type, body):
    assert is_good_error_page(visitor.generic("POST", "/prijava/", body, content_type=content_type), 415)


@pytest.mark.django_db
@pytest.mark.parametrize(("sent_from", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 302)])
def test_a_form_another_site_sent_is_refused_even_with_a_good_token(sent_from, status):
    ana = Customer("Ana")
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = ana.browser.cookies
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/profil/").content.decode())[1]
    fields = {"csrfmiddlewaretoken": token, "name": sent_from, "language": "sl", "theme": "auto"}
    answer = browser.post("/profil/", fields, headers={"sec-fetch-site": sent_from})
    assert answer.status_code == status
    assert User.objects.get().name == (sent_from if status == 302 else "")


def test_a_forged_host_is_refused(visitor):
    assert is_good_error_page(visitor.get("/prijava/", headers={"host": "evil.example.com"}), 400)


@pytest.mark.django_db
def test_an_unknown_address_answers_404_in_the_language_of_the_address(visitor):
    assert "Strani ni mogoče najti" in visitor.get("/ni-je/").content.decode() or is_good_error_page(
        visitor.get("/ni-je/"), 404
    )
    assert is_good_error_page(visitor.get("/en/no-such/"), 404)


def test_static_files_carry_the_headers_too(settings, tmp_path):
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal/portal.0123456789ab.css").write_text(
        Path("mojplin/interfaces/web/static/portal/portal.css").read_text(encoding="utf-8"), encoding="utf-8"
    )
    settings.STATIC_ROOT = tmp_path
    response = Client().get("/static/portal/portal.0123456789ab.css")
    assert response.status_code == 200 and b"".join(response.streaming_content).startswith(b"/* The visual system")
    assert (
        response["X-Content-Type-Options"] == "nosniff" and "default-src 'none'" in response["Content-Security-Policy"]
    )
    assert response["Cache-Control"] == "max-age=31536000, public"
    missing = Client().get("/static/portal/none.css")
    assert missing.status_code == 404 and faults_of_headers(missing.headers) == []
