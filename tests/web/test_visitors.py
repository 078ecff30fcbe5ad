"""What a request tells about its sender, and what is believed of it."""

import pytest
from django.test import RequestFactory

from mojplin.foundation.requests import client_ip
from mojplin.interfaces.web.visitors import device_name, safe_next

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome, Windows"),
        (CHROME + " Edg/156.0", "Edge, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ('{"x": 1}\x1b[31m', "Neznan brskalnik"),
        ("", "Neznan brskalnik"),
    ],
)
def test_a_browser_is_named_by_two_known_words(user_agent, name):
    assert device_name(user_agent) == name


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9, 203.0.113.10", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "evil", None),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert client_ip(request) == address


@pytest.mark.parametrize("path", ["/racuni/", "/en/?place=a%20b"])
def test_pages_of_the_portal_are_gone_on_to(path):
    assert safe_next(path) == path


@pytest.mark.parametrize("path", ["", "racuni/", "//a", "///a", "/\\a", "http:///a", "/\ta", "/\u202ea"])
def test_nothing_else_is(path):
    assert safe_next(path) == ""
