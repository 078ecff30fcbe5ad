"""What comes from the environment: a wrong value is named with its variable, and nothing starts."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings

from mojplin.config.environment import WrongEnvironment, environment
from mojplin.foundation import web_push


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MOJPLIN_OFFICE_URL", "urad.example.si"),
        ("MOJPLIN_OFFICE_URL", "http://urad.example.si"),
        ("MOJPLIN_OFFICE_URL", "https://moj.example.si/urad"),
        ("MOJPLIN_OFFICE_PATH", "../urad"),
        ("MOJPLIN_OFFICE_PATH", "Urad"),
        ("MOJPLIN_OFFICE_NETWORKS", "192.0.2.0/24, vsi"),
        ("MOJPLIN_OFFICE_NETWORKS", "192.0.2.1/24"),
    ],
)
def test_a_wrong_address_of_the_office_is_named(monkeypatch, variable, value):
    monkeypatch.setenv("MOJPLIN_DEMO", "1")
    monkeypatch.setenv("MOJPLIN_BASE_URL", "https://moj.example.si")
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongEnvironment, match=variable):
        environment()


def test_an_office_at_an_address_of_its_own_is_taken(monkeypatch):
    monkeypatch.setenv("MOJPLIN_BASE_URL", "https://moj.example.si")
    monkeypatch.setenv("MOJPLIN_OFFICE_URL", "https://urad.example.si/")
    monkeypatch.setenv("MOJPLIN_OFFICE_NETWORKS", "192.0.2.0/24,2001:db8::/32")
    monkeypatch.setenv("MOJPLIN_OFFICE_PATH", "notranje-2")
    assert len(environment().networks_of_office()) == 2


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MOJPLIN_PUSH_KEY", "kratek"),
        ("MOJPLIN_PUSH_KEY", "č" * 43),
        ("MOJPLIN_PUSH_SERVICES", "https://fcm.googleapis.com"),
        ("MOJPLIN_PUSH_SERVICES", "localdomain"),
        ("MOJPLIN_PUSH_SERVICES", "*.googleapis.com"),
    ],
)
def test_a_key_or_service_of_notifications_that_cannot_be_is_named_without_its_value(monkeypatch, variable, value):
    monkeypatch.setenv("MOJPLIN_DEMO", "1")
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongEnvironment, match=variable) as wrong:
        environment()
    assert value not in str(wrong.value).removeprefix(variable)


def test_the_key_that_the_command_writes_is_taken_and_each_is_another(monkeypatch):
    written = [StringIO(), StringIO()]
    for each in written:
        call_command("make_push_key", stdout=each)
    first, second = (each.getvalue().strip() for each in written)
    monkeypatch.setenv("MOJPLIN_DEMO", "1")
    monkeypatch.setenv("MOJPLIN_PUSH_KEY", first)
    assert first != second and environment().push_key.get_secret_value() == first
    with override_settings(PUSH_KEY=first):
        assert len(web_push.public_key()) == 87
