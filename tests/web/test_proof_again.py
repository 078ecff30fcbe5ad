"""Proving a link again: after another address, a replaced password or two years; what waits until then, who proves."""

import re
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, DataExport, User
from mojplin.domain.accounts.revocation import doubt_proofs
from mojplin.domain.billing.models import Document
from mojplin.domain.linking import closing, codes
from mojplin.domain.linking.access import place_of, places_of
from mojplin.domain.linking.models import ClosedPayer, Link, LinkAttempt, LinkCode, LinkProposal, Role
from mojplin.domain.linking.proof import newest_numbers
from mojplin.domain.linking.recheck_mails import ask_for_proofs
from mojplin.domain.linking.roles import is_proof_due
from mojplin.domain.own_data.export import is_open
from mojplin.domain.supply.models import Payer
from mojplin.foundation.files import kept_path
from tests.cast import Customer, PortalTestCase, moment
from tests.letters import code_of_letter
from tests.mailbox import mails_to
from tests.web.test_email_change import EmailChangeCase
from tests.web.test_linking_defences import code_in
from tests.web.test_recovery import RecoveryCase

TODAY = moment(2026, 11, 24)
NEWEST, EARLIER = "ZD-2026-778842", "ZD-2026-770001"
WRONG = "se ne ujema ali pa je bilo poskusov preveč"
ORDER = {"gauge_percent": "20", "how": "fill_up", "phone": "040 000 000"}


class ProofCase(PortalTestCase):
    def setUp(self) -> None:
        clock = time_machine.travel(TODAY, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.tank = self.given_supply_point(self.anas_payer, "3000-1", kind="bulk", tank_capacity_l=2700)
        self.link = self.given_link(self.ana, self.anas_payer, self.tank, "Cisterna")
        User.objects.update(registered_at=TODAY - timedelta(days=2))
        self.contract = self.given_contract(self.anas_payer, self.tank, ends_on=date(2026, 12, 10))
        self.given_document(self.anas_payer, self.tank, "26-1", external_number=EARLIER, issued_on=date(2026, 9, 12))
        self.bill = self.given_document(
            self.anas_payer, self.tank, "26-2", external_number=NEWEST, issued_on=date(2026, 10, 12), open_eur=90,
            payee_iban="SI56020170014356205", reference="SI00123", purpose="Plin",
        )  # fmt: skip
        self.page = f"/odjemna-mesta/{self.tank.public_id}/potrditev/"

    def doubted(self, customer: Customer | None = None) -> None:
        """Somebody may have come into the account; a minute passes."""
        customer = customer or self.ana
        doubt_proofs(customer.user, timezone.now())
        customer.user.refresh_from_db()
        self.clock.shift(timedelta(minutes=1))

    def is_due(self) -> bool:
        place = place_of(self.ana.user.pk, self.tank.public_id)
        return place is not None and place.is_proof_due

    def refused(self, number: str) -> str:
        html = self.ana.sends(self.page, {"document_number": number}, status=200).content.decode()
        assert WRONG in html
        return re.sub(r'(name="(?:form_key|csrfmiddlewaretoken)" value=")[^"]*|value="[^"]*"', r"\1", html)


class WhatWaits(ProofCase):
    def test_the_newest_number_opens_everything_again(self):
        self.doubted()
        home = self.ana.opens("/", place=self.tank.public_id).content.decode()
        assert "Potrdite: Cisterna" in home and self.page in home
        html = self.ana.opens(self.page).content.decode()
        assert "e-naslov spremenjen" in html and "S tem potrdite tudi: Dom." in html
        html = self.ana.follows(self.ana.sends(self.page, {"document_number": " zd -2026 - 778842"})).content.decode()
        assert "Spet vam je vse na voljo." in html and "Potrdite: " not in html
        assert not any(place.is_proof_due for place in places_of(self.ana.user.pk))
        assert AccessEvent.objects.filter(whose=self.ana.user, what="point_proven_again").count() == 2
        assert self.ana.opens(self.page, status=302)["Location"] == "/odjemna-mesta/"

    def test_looking_reading_and_paying_stay_and_the_rest_waits(self):
        self.doubted()
        at = {"place": self.tank.public_id}
        place = place_of(self.ana.user.pk, self.tank.public_id)
        assert (place.may_submit_readings, place.may_pay, place.may_write) == (True, True, True)
        assert (place.may_order, place.may_renew, place.may_share) == (False, False, False)
        assert "SI56" in self.ana.opens(f"/racuni/{self.bill.public_id}/").content.decode()
        self.ana.sends(f"/narocila/?place={self.tank.public_id}", ORDER, status=404)
        for path in ("/narocila/", f"/pogodbe/{self.contract.public_id}/"):
            html = self.ana.opens(path, **at).content.decode()
            assert self.page in html and "gauge_percent" not in html
        sharing = f"/odjemna-mesta/{self.tank.public_id}/deljenje/"
        assert self.page in self.ana.opens(sharing).content.decode()
        self.ana.sends(sharing, {"email": "tat@example.si", "role": "see"}, status=404)
        assert "Čaka na potrditev" in self.ana.opens("/odjemna-mesta/").content.decode()

    def test_shares_are_neither_raised_nor_ended_before_the_proof(self):
        share = self.given_share(self.cilka, self.link, Role.SEE)
        self.doubted()
        sharing = f"/odjemna-mesta/{self.tank.public_id}/deljenje/"
        for act in ({"act": "change", "role": "everything"}, {"act": "end"}, {"act": "confirm"}):
            self.ana.sends(sharing, act | {"which": share.public_id}, status=404)
        share.refresh_from_db()
        assert (share.role, share.ended_at) == (Role.SEE, None)

    def test_the_portal_does_not_tell_the_answer(self):
        path = kept_path(b"%PDF-ana", folder="own", suffix=".pdf")
        Document.objects.update(pdf_path=path, xml_path=path)
        address = f"/racuni/{self.bill.public_id}/"
        assert NEWEST in self.ana.opens(address).content.decode()
        self.doubted()
        for path in ("/", "/racuni/", address, self.page, "/pogodbe/", "/narocila/", "/odjemna-mesta/", "/podpora/"):
            html = self.ana.opens(path).content.decode()
            assert NEWEST not in html and EARLIER not in html and "/pdf/" not in html and "/xml/" not in html
        for kind in ("pdf", "xml"):
            assert self.ana.opens(f"{address}{kind}/", status=302)["Location"] == self.page
        self.ana.sends(self.page, {"document_number": NEWEST}, status=302)
        assert NEWEST in self.ana.opens(address).content.decode()
        assert b"".join(self.ana.opens(f"{address}pdf/").streaming_content) == b"%PDF-ana"

    def test_the_copy_of_ones_data_does_not_tell_it_and_one_made_before_is_gone(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = default_storage.save("own/ana2.pdf", ContentFile(b"%PDF-ana"))
        Document.objects.update(pdf_path=path)
        with override_settings(EXPORT_DIR=Path(folder.name)):
            self.ana.sends("/profil/moji-podatki/", status=302)
            mails_to("ana@example.si")
            export = DataExport.objects.get()
            assert is_open(export, timezone.now())
            self.doubted()
            assert not is_open(export, timezone.now())
            self.ana.sends("/profil/moji-podatki/", status=302)
            mails_to("ana@example.si")
            made = DataExport.objects.latest("pk")
            zipped = (Path(folder.name) / f"{made.public_id}.zip").read_bytes()
        assert b"documents/" not in zipped

    def test_to_a_stranger_there_is_nothing_to_confirm(self):
        self.doubted()
        unknown = self.cilka.opens("/odjemna-mesta/nikoli-nikjer-nihce-nic/potrditev/", status=404).content
        for more in ("", "koda/"):
            assert self.cilka.opens(f"{self.page}{more}", status=404).content == unknown
            self.cilka.sends(f"{self.page}{more}", {"document_number": NEWEST, "code": "X"}, status=404)


class WhoProves(ProofCase):
    def test_every_other_number_is_answered_alike_and_counts(self):
        self.given_document(self.bojans_firm, self.bojans_points[0], "26-9", external_number="ZD-2026-999")
        self.doubted()
        answers = {self.refused(number) for number in (EARLIER, "ZD-2026-999", "ZD-0", "9" * 99)}
        assert len(answers) == 1 and self.is_due()
        assert set(LinkAttempt.objects.values_list("outcome", flat=True)) == {"near_miss"}

    def test_after_five_wrong_numbers_the_right_one_proves_nothing_but_a_code_does(self):
        self.doubted()
        for number in range(5):
            self.clock.shift(timedelta(minutes=20))
            self.ana.is_signed_in()
            self.refused(f"ZD-2026-{number}")
        assert closing.is_closed(self.anas_payer.pk, timezone.now())
        self.clock.shift(timedelta(minutes=20))
        self.ana.is_signed_in()
        self.refused(NEWEST)
        self.sends_the_letter_code()
        assert not self.is_due() and not closing.is_closed(self.anas_payer.pk, timezone.now())

    def sends_the_letter_code(self) -> None:
        assert self.ana.sends(self.page, {"send": "1"})["Location"] == f"{self.page}koda/"
        assert LinkCode.objects.get().way == "letter"
        clerks = (Customer("Nika", role="clerk").user, Customer("Oto", role="clerk").user)
        code = code_of_letter(payer_id=self.anas_payer.pk, printed_by=clerks, now=timezone.now())
        assert "Koda se ne ujema" in self.ana.sends(f"{self.page}koda/", {"code": "AAAAA-AAAAA"}).content.decode()
        assert self.ana.sends(f"{self.page}koda/", {"code": code}).status_code == 302

    def test_ten_tries_in_a_day_also_here(self):
        self.doubted()
        LinkAttempt.objects.all().delete()
        for number in range(10):
            self.clock.shift(timedelta(minutes=16))
            self.ana.is_signed_in()
            self.refused(f"ZD-2026-{number}")
        ClosedPayer.objects.all().delete()
        closing.limits.start_anew(self.anas_payer.pk)
        self.clock.shift(timedelta(minutes=16))
        self.ana.is_signed_in()
        self.refused(NEWEST)
        assert LinkAttempt.objects.latest("pk").outcome == "paused"

    def test_every_failure_takes_as_many_statements(self):
        self.doubted()
        counts = set()
        for number in (EARLIER, "ZD-1", "ZD-2", "ZD-3", "ZD-4", NEWEST):  # the fifth closes, then a limit is used up
            with CaptureQueriesContext(connection) as captured:
                self.refused(number)
            counts.add(len(captured))
        self.clock.shift(timedelta(minutes=20))
        self.ana.is_signed_in()
        with CaptureQueriesContext(connection) as captured:
            self.refused(NEWEST)  # closed
        assert counts | {len(captured)} == {len(captured)}

    def test_a_code_to_a_mailbox_proves_nothing_for_who_may_hold_that_mailbox(self):
        Payer.objects.update(email="ana@example.si")
        codes.ask_for_code(payer_id=self.anas_payer.pk, now=timezone.now())
        code = code_in(mails_to("ana@example.si")[0])
        self.doubted()
        assert "po pošti" in self.ana.opens(f"{self.page}koda/").content.decode()
        assert "Koda se ne ujema" in self.ana.sends(f"{self.page}koda/", {"code": code}).content.decode()
        assert self.is_due()
        self.ana.sends(self.page, {"send": "1"})
        assert set(LinkCode.objects.values_list("way", flat=True)) == {"mail", "letter"}

    def test_after_two_years_a_code_comes_by_mail_to_the_contact_who_is_known(self):
        Payer.objects.update(email="placnik@example.si")
        Link.objects.update(created_at=moment(2024, 11, 24))
        assert self.is_due()
        assert "na plačnikov e-naslov" in self.ana.opens(self.page).content.decode()
        self.ana.sends(self.page, {"send": "1"})
        code = code_in(mails_to("placnik@example.si")[0])
        self.ana.sends(f"{self.page}koda/", {"code": code}, status=302)
        assert not self.is_due()

    def test_only_the_newest_day_counts_and_the_one_before_while_the_newest_is_in_the_post(self):
        here = (self.anas_payer.pk, self.tank.pk)
        assert newest_numbers(*here, date(2026, 10, 26)) == {NEWEST, EARLIER}
        assert newest_numbers(*here, date(2026, 10, 27)) == {NEWEST}
        self.given_document(self.anas_payer, None, "26-3", external_number="ZD-VSA", issued_on=date(2026, 11, 1))
        assert newest_numbers(*here, date(2026, 11, 24)) == {"ZD-VSA"}
        note = {"kind": "credit_note", "corrects_number": "26-3", "external_number": "", "amount_eur": "136.84"}
        self.given_document(self.anas_payer, None, "26-D", issued_on=date(2026, 11, 2), **note)
        assert newest_numbers(*here, date(2026, 11, 24)) == {NEWEST}
        assert newest_numbers(self.bojans_firm.pk, self.bojans_points[0].pk, date(2026, 11, 24)) == frozenset()

    def test_without_any_document_only_a_code_proves(self):
        Document.objects.all().delete()
        self.doubted()
        self.refused("ZD-1")
        self.sends_the_letter_code()
        assert not self.is_due()

    def test_two_members_of_staff_can_let_the_link_stand(self):
        nika, oto = Customer("Nika", role="clerk"), Customer("Oto", role="clerk")
        office = f"/urad/povezave/placnik/{self.anas_payer.number}/predlagaj/"
        proposal = {"user": "ana", "supply_point": "3000-1", "reason": "Prišla je z osebno izkaznico"}
        assert "že predlagana" in nika.sends(office, proposal).content.decode()
        self.doubted()
        nika.sends(office, proposal, status=302)
        oto.sends(f"/urad/povezave/predlog/{LinkProposal.objects.get().public_id}/", {"decision": "make"}, status=302)
        assert not self.is_due() and Link.objects.filter(user=self.ana.user, ended_at=None).count() == 2


class Shares(ProofCase):
    def setUp(self) -> None:
        super().setUp()
        self.share = self.given_share(self.cilka, self.link, Role.EVERYTHING, "Mamina cisterna")
        self.sharing = f"/odjemna-mesta/{self.tank.public_id}/deljenje/"

    def may_order(self) -> bool:
        return places_of(self.cilka.user.pk)[0].may_order

    def test_the_holder_is_asked_and_confirms(self):
        self.doubted(self.cilka)
        assert not self.may_order()
        html = self.cilka.opens(self.page).content.decode()
        assert (
            "Mamina cisterna: potrdi Ana" in html and "<form" not in html.partition("<main")[2].partition("</main")[0]
        )
        ask_for_proofs(timezone.now())
        mail = mails_to("ana@example.si")[0]
        assert mail.subject == "Ali Cilka še sme do odjemnega mesta Cisterna?"
        assert mails_to("cilka@example.si") == []
        assert 'value="confirm"' in self.ana.opens(self.sharing).content.decode()
        self.ana.follows(self.ana.sends(self.sharing, {"act": "confirm", "which": self.share.public_id}, status=302))
        assert self.may_order() and 'value="confirm"' not in self.ana.opens(self.sharing).content.decode()

    def test_a_share_that_may_little_or_is_old_is_not_asked_for(self):
        Link.objects.filter(pk=self.share.pk).update(created_at=moment(2020, 1, 1))
        assert self.may_order()
        Link.objects.filter(pk=self.share.pk).update(role=Role.PAY)
        self.doubted(self.cilka)
        assert not places_of(self.cilka.user.pk)[0].is_proof_due

    def test_another_holder_confirms_nothing(self):
        self.doubted(self.cilka)
        other = self.given_link(self.bojan, self.anas_payer, self.tank, "Tuja")
        address = f"/odjemna-mesta/{other.supply_point.public_id}/deljenje/"
        self.bojan.sends(address, {"act": "confirm", "which": self.share.public_id}, status=404)
        assert not self.may_order()


class WhoIsAsked(ProofCase):
    def test_one_mail_names_all_places_once_and_again_only_after_a_proof(self):
        self.doubted()
        ask_for_proofs(timezone.now())
        ask_for_proofs(timezone.now())
        (mail,) = mails_to("ana@example.si")
        assert "Cisterna" in mail.text and "Dom" in mail.text and "geslo zamenjano" in mail.text
        self.ana.sends(self.page, {"document_number": NEWEST})
        self.doubted()
        ask_for_proofs(timezone.now())
        assert len(mails_to("ana@example.si")) == 2

    def test_after_two_years_the_mail_speaks_of_no_change(self):
        Link.objects.update(created_at=moment(2024, 11, 24))
        ask_for_proofs(timezone.now())
        assert "geslo" not in mails_to("ana@example.si")[0].text
        assert "Že dolgo" in mails_to("ana@example.si")[0].text

    @override_settings(LINK_RECHECK_MONTHS=0)
    def test_a_supplier_may_ask_nobody_for_age(self):
        Link.objects.update(created_at=moment(2015, 1, 1))
        ask_for_proofs(timezone.now())
        assert mails_to("ana@example.si") == [] and not self.is_due()

    def test_nothing_is_said_to_who_leaves_and_for_what_has_ended(self):
        self.doubted()
        User.objects.filter(pk=self.ana.user.pk).update(closing_asked_at=timezone.now())
        ask_for_proofs(timezone.now())
        assert mails_to("ana@example.si") == []


class Doubt(EmailChangeCase):
    def test_another_address_asks_again_and_so_does_undoing_it(self):
        undo = self.changed()
        first = User.objects.get(username="Ana").prove_again_since
        assert first is not None
        self.later(minutes=5)
        self.phone.sends(undo, {"certain": "on"})
        assert User.objects.get(username="Ana").prove_again_since > first


class DoubtAfterRecovery(RecoveryCase):
    def test_a_replaced_password_asks_again_and_a_changed_one_does_not(self):
        assert not places_of(self.ana.user.pk)[0].is_proof_due
        self.sets(self.link())
        assert places_of(self.ana.user.pk)[0].is_proof_due


@pytest.mark.parametrize(
    ("role", "proven", "since", "due"),
    [
        ("holder", moment(2024, 11, 24, 12, 1), None, False),
        ("holder", moment(2024, 11, 24, 12, 0), None, True),
        ("everything", moment(2020, 1, 1), None, False),
        ("holder", moment(2026, 11, 1), moment(2026, 10, 31), False),
        ("holder", moment(2026, 11, 1), moment(2026, 11, 2), True),
        ("everything", moment(2026, 11, 1), moment(2026, 11, 2), True),
        ("pay", moment(2026, 11, 1), moment(2026, 11, 2), False),
    ],
)
def test_when_a_proof_is_due(role, proven, since, due):
    assert is_proof_due(role=role, proven_at=proven, prove_again_since=since, now=TODAY) == due
