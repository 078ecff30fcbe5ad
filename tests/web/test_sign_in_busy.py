"""At most four passwords are hashed at once on a machine; who comes then may come again, and nothing is lost."""

from contextlib import ExitStack

import pytest

from mojplin.domain.accounts import passwords
from mojplin.domain.accounts.models import PendingLogin, User
from mojplin.domain.accounts.publishing import publish_first_terms
from mojplin.foundation.slots import slot
from tests.cast import PASSWORD, Customer, Visitor, moment
from tests.mailbox import link_in
from tests.web.sign_in_case import address

GOOD = {"username": "Neza", "password": PASSWORD, "terms": "on", "terms_version": "1"}


@pytest.fixture
def busy(db, settings, tmp_path, monkeypatch):
    """Somebody hashes four passwords all the while; `busy.close()` lets them finish."""
    settings.DATA_DIR = tmp_path
    ana = Customer("Ana", signed_in=False)  # with the fast hash of the tests
    settings.PASSWORD_HASHERS = ["mojplin.domain.accounts.passwords.PortalArgon2Hasher"]
    ana.user.set_password(PASSWORD)
    ana.user.save()
    monkeypatch.setattr(passwords, "HASH_WAIT_SECONDS", 0.05)
    with ExitStack() as held:
        for _each in range(passwords.HASHES_AT_ONCE):
            held.enter_context(slot("argon2", count=passwords.HASHES_AT_ONCE, wait_seconds=0))
        yield held


def asks_in_vain(path: str, fields: dict[str, str]) -> None:
    visitor = Visitor()
    visitor.browser.raise_request_exception = False
    answer = visitor.sends(path, fields, status=503)
    assert answer["Retry-After"] == "30"
    assert "Nič ni bilo shranjeno." in answer.content.decode()


@pytest.mark.parametrize("identifier", ["ana", "nobody"])
def test_signing_in_is_put_off_when_four_hash_already(busy, identifier):
    for _more_often_than_one_may_be_wrong in range(6):
        asks_in_vain(address("sign_in"), {"identifier": identifier, "password": PASSWORD})
    assert not PendingLogin.objects.exists()
    busy.close()
    Visitor().sends(address("sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)


def test_registering_is_put_off_as_well_and_the_link_stays_good(busy):
    publish_first_terms(today=moment(2026, 1, 1).date(), now=moment(2026, 1, 1))
    neza = Visitor()
    neza.sends(address("register"), {"email": "neza@example.si"}, status=302)
    link = link_in(neza.reads_mail("neza@example.si"))
    asks_in_vain(link, GOOD)
    assert not User.objects.filter(username="Neza").exists()
    busy.close()
    neza.sends(link, GOOD, status=302)
