"""What comes from the environment: every wrong value is named with its variable, all at once, and nothing starts."""

import os
from contextlib import contextmanager
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pydantic import SecretStr

from mojplin.config.environment import PREFIX, Environment, WrongEnvironment, environment
from mojplin.foundation import web_push

FIELDS = Environment.model_fields
SECRET_FIELDS = sorted(name for name, field in FIELDS.items() if field.annotation is SecretStr)
WRONG = {
    "MOJPLIN_DEMO": "perhaps", "MOJPLIN_SECRET_KEY": "short", "MOJPLIN_DATA_KEY": "shorter",
    "MOJPLIN_BASE_URL": "moj.si",
    "MOJPLIN_OFFICE_URL": "urad", "MOJPLIN_OFFICE_PATH": "a b", "MOJPLIN_OFFICE_NETWORKS": "all",
    "MOJPLIN_DATABASE_URL": "sqlite:///geheim", "MOJPLIN_TRUSTED_PROXIES": "-1", "MOJPLIN_LOG_LEVEL": "loud",
    "MOJPLIN_DATA_DIR": "/dev/null", "MOJPLIN_ERP_OUTGOING_DIR": "/dev/null",
    "MOJPLIN_SMTP_PORT": "70000", "MOJPLIN_SMTP_SECURITY": "ssl", "MOJPLIN_MAIL_FROM": "nobody",
    "MOJPLIN_ANSWERS_MAILBOX": "imap://geheim", "MOJPLIN_NAME": "x", "MOJPLIN_PUSH_KEY": "geheim",
    "MOJPLIN_PUSH_SERVICES": "push",
}  # fmt: skip


@contextmanager
def variables(said):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with patch.dict(os.environ, clean | said, clear=True):
        yield


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
        ("MOJPLIN_DATABASE_URL", "postgresql://moj@db:port/moj"),
        ("MOJPLIN_DATABASE_URL", "postgresql://moj@db"),
        ("MOJPLIN_MAIL_FROM", "Moj Butan plin\n<a@example.si>"),
        ("MOJPLIN_DATA_DIR", "x" * 5_000),
        ("MOJPLIN_SUPPLIERFILE", "/etc/moj.toml"),
    ],
)
def test_a_wrong_value_is_named(variable, value):
    said = {"MOJPLIN_DEMO": "1", "MOJPLIN_BASE_URL": "https://moj.example.si", variable: value}
    with variables(said), pytest.raises(WrongEnvironment, match=f"^{variable}"):
        environment()


@pytest.mark.parametrize(
    ("said", "sender"),
    [
        ("a@example.si", '"Moj \\"čisti\\" plin, d. o. o." <a@example.si>'),
        ("Obvestila <a@example.si>", "Obvestila <a@example.si>"),
    ],
)
def test_mails_are_sent_under_the_portals_name_unless_another_is_given(said, sender):
    with variables({"MOJPLIN_DEMO": "1", "MOJPLIN_MAIL_FROM": said}):
        assert environment().sender('Moj "čisti" plin, d. o. o.') == sender


def test_all_that_is_wrong_is_named_at_once_and_no_secret_with_it():
    with variables(WRONG), pytest.raises(WrongEnvironment) as refused:
        environment()
    lines = str(refused.value).splitlines()
    assert {line.partition(":")[0].partition(" = ")[0] for line in lines} == {*WRONG, "MOJPLIN_SUPPLIER_FILE"}
    assert "MOJPLIN_TRUSTED_PROXIES = '-1': Input should be greater than or equal to 0" in lines
    assert not [line for line in lines if "geheim" in line or "short'" in line]


TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
LIKELY = st.sampled_from(
    [
        "",
        "1",
        "http://[",
        "https://a:b@c:99999/d",
        "imaps://u:p@h/F",
        "maildir:/x",
        "\udcff",
        "::1/128",
        "a@b",
        "~",
        ".",
    ]
)


@tried(max_examples=60, deadline=None)
@given(said=st.dictionaries(st.sampled_from(sorted(FIELDS)), TEXTS | LIKELY, min_size=1, max_size=6))
def test_any_values_are_taken_or_named_and_secrets_stay_hidden(said):
    said = {name: f"geheim{value}" if name in SECRET_FIELDS else value for name, value in said.items()}
    with variables({f"{PREFIX}{name.upper()}": value for name, value in said.items()}):
        try:
            environment()
        except WrongEnvironment as refused:
            told = refused.wrong
        else:
            told = []
    assert all(each.name.removeprefix(PREFIX).lower() in FIELDS and each.reason for each in told)
    assert all(str(each).isprintable() and "geheim" not in str(each) for each in told)


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
def test_a_key_or_service_of_notifications_that_cannot_be_is_named_and_no_key_with_its_value(
    monkeypatch, variable, value
):
    monkeypatch.setenv("MOJPLIN_DEMO", "1")
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongEnvironment, match=variable) as wrong:
        environment()
    assert (value in str(wrong.value)) == (variable == "MOJPLIN_PUSH_SERVICES")


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
