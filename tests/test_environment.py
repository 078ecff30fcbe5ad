"""What comes from the environment: a wrong value is named with its variable, and nothing starts."""

import pytest

from mojplin.config.environment import WrongEnvironment, environment


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
