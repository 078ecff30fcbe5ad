"""The supplier's answers to renewals come by the feed: they move what was sent, once, and are told."""

from datetime import date

import pytest

from mojplin.domain.contracts.models import Contract, Offer, Renewal, RenewalAnswer
from mojplin.domain.supply.models import SupplyPoint
from tests.cast import Customer, Scenes
from tests.deals import given_renewal
from tests.erp.feeds import Feed, exit_code_of, found
from tests.mailbox import told_by_tomorrow

pytestmark = pytest.mark.django_db


@pytest.fixture
def renewal(tmp_path):
    """Ana renewed the contract of the first export."""
    assert exit_code_of(Feed().write(tmp_path / "0")) == 0
    ana = Customer("Ana")
    contract = Contract.objects.get()
    Scenes().given_link(ana, contract.payer, SupplyPoint.objects.get())
    return given_renewal(contract, ana.user)


def answer(tmp_path, sequence, renewal, **values):
    feed = Feed()
    feed.add("renewal_answers.csv", renewal_number=renewal.number, **values)
    return exit_code_of(feed.write(tmp_path / str(sequence), sequence=sequence))


def test_an_accepted_renewal_says_so_once(tmp_path, renewal):
    for sequence in (2, 3):
        assert answer(tmp_path, sequence, renewal) == 0
        letters = told_by_tomorrow("ana@example.si", "Pogodba")
    renewal.refresh_from_db()
    assert renewal.state == "accepted"
    (letter,) = letters
    assert "sprejel" in letter.text and "31.\xa0januarja 2029" in letter.text


def test_a_refused_one_says_why_and_leaves_the_way_to_another_offer_open(tmp_path, renewal):
    assert answer(tmp_path, 2, renewal, outcome="refused", reason="Odprt je neplačan račun.") == 0
    renewal.refresh_from_db()
    assert renewal.state == "refused"
    assert "Odprt je neplačan račun." in told_by_tomorrow("ana@example.si", "Pogodba")[0].text
    given_renewal(renewal.contract, renewal.agreed_by)
    assert Renewal.objects.holding().count() == 1


def test_the_office_may_refuse_what_it_had_accepted(tmp_path, renewal):
    answer(tmp_path, 2, renewal)
    answer(tmp_path, 3, renewal, outcome="refused", reason="Pomota.")
    renewal.refresh_from_db()
    assert renewal.state == "refused"


def test_what_was_withdrawn_meanwhile_stays_withdrawn(tmp_path, renewal):
    Renewal.objects.update(state="withdrawn", withdrawn_at=renewal.agreed_at)
    assert answer(tmp_path, 2, renewal) == 0
    renewal.refresh_from_db()
    assert renewal.state == "withdrawn" and told_by_tomorrow("ana@example.si", "Pogodba") == []


def test_an_answer_to_nothing_and_a_refusal_without_a_reason_are_set_aside(tmp_path, renewal):
    assert answer(tmp_path, 2, renewal, outcome="refused", reason="") == 2
    assert found() == [("renewal_answers.csv", 2, "reason", "A refusal needs a reason that the customer can read.")]
    renewal.number = "PO-2026-999999"
    assert answer(tmp_path, 3, renewal) == 2
    assert found() == [("renewal_answers.csv", 2, "renewal_number", "The portal sent no such renewal.")]
    assert not RenewalAnswer.objects.exists()


def test_a_price_that_moves_with_the_list_is_known_of_an_offer(tmp_path):
    feed = Feed()
    feed.change("offers.csv", price_basis="price_list", valid_until="2027-01-31")
    assert exit_code_of(feed.write(tmp_path)) == 0
    offer = Offer.objects.get()
    assert (offer.price_basis, offer.valid_until) == ("price_list", date(2027, 1, 31))
