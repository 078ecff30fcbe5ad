"""Links in the office: two members of staff make one, one ends it or reopens a payer; the customer reads all of it."""

import re
from datetime import timedelta

import time_machine
from django.utils import timezone

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.domain.linking.closing import close
from mojplin.domain.linking.models import ClosedPayer, Link, LinkCode, LinkProposal
from mojplin.foundation.housekeeping import do_hourly_chores
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import newest_mail_to

OFFICE = "/urad/povezave/"


class Links(PortalTestCase):
    def setUp(self):
        self.given_cast()
        self.nika, self.oto = Customer("Nika", role="clerk"), Customer("Oto", role="clerk")
        self.rok = Customer("Rok", role="reader")
        self.page = f"{OFFICE}placnik/{self.anas_payer.number}/"

    def says_why(self, by):
        """Say why one looks, on the page of the payer's links, and come back to it."""
        fields = {"why": "call", "then": "links"}
        return by.follows(by.sends(f"/urad/stranke/placnik/{self.anas_payer.number}/", fields)).content.decode()

    def proposes(self, by, **more):
        fields = {"user": "cilka", "supply_point": self.anas_house.number, "reason": "Ana jo je poslala osebno."}
        return by.sends(f"{self.page}predlagaj/", fields | more)

    def decides(self, by, decision="make"):
        proposal = LinkProposal.objects.get().public_id
        return by.follows(by.sends(f"{OFFICE}predlog/{proposal}/", {"decision": decision})).content.decode()

    def events(self, customer):
        acts = AccessEvent.objects.filter(whose=customer.user).exclude(what="office_listed")
        return sorted(acts.values_list("what", "by__username"))

    def test_a_payer_is_found_by_number_and_the_look_is_logged(self):
        html = self.rok.follows(self.rok.opens(OFFICE, status=302, payer=self.anas_payer.number)).content.decode()
        assert "an•" not in html and ">Ana<" not in html and "Ob potoku" not in html
        html = self.says_why(self.rok)
        assert ">Ana<" in html and "Številke z računa" in html and "Ob potoku" in html
        assert self.events(self.ana) == [("office_viewed", "Rok")]
        assert "ni." in self.rok.opens(OFFICE, payer="nič").content.decode()

    def test_whoever_sees_the_users_of_a_payer_is_logged_whatever_way_they_came(self):
        assert ">Ana<" not in self.proposes(self.nika, reason="").content.decode()
        self.says_why(self.nika)
        assert self.events(self.ana) == [("office_viewed", "Nika")]
        Link.objects.update(ended_at=timezone.now(), ended_because=Link.End.USER)
        assert ">Ana<" in self.says_why(self.rok)
        told = AccessEvent.objects.filter(whose=self.ana.user, what="office_listed", by=self.rok.user)
        assert told.count() == 1

    def test_one_proposes_and_only_another_makes_the_link(self):
        assert "predlagana" in self.nika.follows(self.proposes(self.nika)).content.decode()
        assert "Odloči nekdo drug." in self.nika.opens(OFFICE).content.decode()
        assert "odločiti nekdo drug" in self.decides(self.nika)
        assert not Link.objects.filter(user=self.cilka.user).exists()
        assert "je povezano" in self.decides(self.oto)
        assert Link.objects.get(user=self.cilka.user).proven_by == "staff"
        made = [("point_linked_by_office", "Nika"), ("point_linked_by_office", "Oto")]
        assert self.events(self.cilka) == [("link_proposed", "Nika"), *made]
        assert "/prekini/" not in newest_mail_to("ana@example.si").text
        told = newest_mail_to("cilka@example.si")
        assert self.anas_house.number in told.subject and "Ob potoku" in told.text
        assert "že odločeno" in self.decides(self.oto)

    def test_a_refused_proposal_links_nothing(self):
        self.proposes(self.nika)
        assert "zavrnjen" in self.decides(self.oto, "refuse")
        assert not Link.objects.filter(user=self.cilka.user).exists()
        assert LinkProposal.objects.get().decided_by == self.oto.user
        assert self.events(self.cilka) == [("link_proposed", "Nika"), ("link_refused", "Oto")]

    def test_a_proposal_waits_for_two_weeks_and_its_customer_reads_that_it_has_lapsed(self):
        with time_machine.travel(moment(2026, 11, 23, 10), tick=False) as clock:
            for each in (self.nika, self.oto):
                each.is_signed_in()
            self.proposes(self.nika)
            clock.shift(timedelta(days=14) - timedelta(minutes=1))
            self.oto.is_signed_in()
            assert "7.\xa012.\xa02026" in self.oto.opens(OFFICE).content.decode()
            clock.shift(timedelta(minutes=1))
            assert "cilka" not in self.oto.opens(OFFICE).content.decode().casefold()
            assert "je potekel" in self.decides(self.oto)
            assert not Link.objects.filter(user=self.cilka.user).exists()
            do_hourly_chores(timezone.now())
            assert self.events(self.cilka) == [("link_proposed", "Nika"), ("proposal_lapsed", None)]
            assert "je potekel" in self.decides(self.oto)
            self.nika.is_signed_in()
            assert "predlagana" in self.nika.follows(self.proposes(self.nika)).content.decode()

    def test_a_proposal_that_cannot_be_is_said_beside_its_field(self):
        assert "Dejavnega uporabnika" in self.proposes(self.nika, user="nihče").content.decode()
        assert "ne plačuje odjemnega mesta" in self.proposes(self.nika, supply_point="2000-1").content.decode()
        assert self.proposes(self.nika, reason="").status_code == 200
        assert "že obstaja" in self.proposes(self.nika, user="ana").content.decode()
        assert not LinkProposal.objects.exists()

    def test_who_linked_it_meanwhile_or_has_left_is_not_linked_again(self):
        self.proposes(self.nika)
        self.given_link(self.cilka, self.anas_payer, self.anas_house)
        assert "že na vašem seznamu" not in self.decides(self.oto)
        assert LinkProposal.objects.get().decision == "" and Link.objects.filter(user=self.cilka.user).count() == 1
        assert "zavrnjen" in self.decides(self.oto, "refuse")
        for gone in ({"is_active": False}, {"is_active": True, "closing_asked_at": timezone.now()}):
            LinkProposal.objects.all().delete()
            type(self.bojan.user).objects.filter(pk=self.bojan.user.pk).update(is_active=True, closing_asked_at=None)
            self.proposes(self.nika, user="bojan")
            type(self.bojan.user).objects.filter(pk=self.bojan.user.pk).update(**gone)
            assert "Dejavnega uporabnika" in self.decides(self.oto)
            assert not Link.objects.filter(user=self.bojan.user, payer=self.anas_payer).exists()

    def test_staff_end_a_link_with_a_reason_and_the_customer_is_told(self):
        link = Link.objects.get(user=self.ana.user)
        address = f"{OFFICE}{link.public_id}/prekini/"
        assert "razlog" in self.nika.follows(self.nika.sends(address)).content.decode()
        assert "prekinjena" in self.nika.follows(self.nika.sends(address, {"reason": "Na željo Ane"})).content.decode()
        link.refresh_from_db()
        assert link.ended_because == "staff"
        assert "Dobavitelj" in newest_mail_to("ana@example.si").text
        event = AccessEvent.objects.get(whose=self.ana.user, what="point_unlinked")
        assert event.by == self.nika.user and "Na željo Ane" in event.about

    def test_staff_reopen_a_closed_payer_with_a_reason(self):
        close(self.anas_payer.pk, ClosedPayer.Reason.NEAR_MISSES, timezone.now())
        assert self.anas_payer.number in self.rok.opens(OFFICE).content.decode()
        self.nika.sends(f"{self.page}odpri/")
        assert ClosedPayer.objects.get().reopened_at is None
        self.nika.sends(f"{self.page}odpri/", {"reason": "Stranka je poklicala"})
        closing = ClosedPayer.objects.get()
        assert (closing.reopened_by, closing.explanation) == (self.nika.user, "Stranka je poklicala")
        event = AccessEvent.objects.get(what="linking_reopened")
        assert (event.whose, event.by, event.reason) == (self.ana.user, self.nika.user, "Stranka je poklicala")

    def prints(self, by):
        html = by.sends(f"{self.page}pismo/", status=200).content.decode()
        return re.search(r"del kode: ([0-9A-Z]{5})<", html)[1]

    def test_a_sheet_shows_its_half_once_and_keeps_a_hash(self):
        half = self.prints(self.nika)
        kept = LinkCode.objects.get()
        assert kept.printed_by == self.nika.user and kept.made_at is None and half not in kept.code_hash
        assert half not in self.nika.opens(self.page).content.decode()
        assert "Drugi list natisne nekdo drug." in self.nika.opens(OFFICE).content.decode()
        assert "Natisnite drugi list" in self.oto.opens(OFFICE).content.decode()

    def test_a_letter_is_in_slovene_whatever_the_office_is_read_in(self):
        page = self.nika.sends(f"/en/office/links/payer/{self.anas_payer.number}/letter/", status=200).content.decode()
        assert "<h1>Letter with a code, sheet 1 of 2</h1>" in page and "Prvi del kode: " in page
        assert "First half of the code" not in page and 'lang="sl"' in page

    def redeemed(self, code):
        numbers = {"tax_number": self.anas_payer.tax_number, "payer_number": self.anas_payer.number}
        return self.cilka.sends("/odjemna-mesta/povezi/koda/", numbers | {"code": code}).status_code == 302

    def test_no_member_of_staff_knows_a_whole_code(self):
        first = self.prints(self.nika)
        assert not self.redeemed(first) and not self.redeemed(f"{first}-{first}")
        again = self.prints(self.nika)
        assert LinkCode.objects.get().second_printed_by is None
        second = self.prints(self.oto)
        assert not self.redeemed(f"{first}-{second}") and not self.redeemed(second)
        User.objects.filter(pk=self.cilka.user.pk).update(registered_at=timezone.now() - timedelta(days=2))
        assert self.redeemed(f"{again} {second}")
        printed = AccessEvent.objects.filter(what="code_printed", whose=self.ana.user).order_by("pk")
        expected = [("Nika", "1/2"), ("Nika", "1/2"), ("Oto", "2/2")]
        assert list(printed.values_list("by__username", "about")) == expected

    def test_whoever_an_administrator_has_just_appointed_is_not_the_second_person(self):
        ada = Customer("Ada", role="admin")
        access_log.record(
            whose=self.oto.user, what=AccessEvent.What.ROLE_CHANGED, by=ada.user, about="clerk", now=timezone.now()
        )
        self.proposes(ada)
        assert "v zadnjem tednu" in self.decides(self.oto)
        assert "v zadnjem tednu" in self.proposes(self.oto, user="bojan").content.decode()
        page = self.oto.follows(self.oto.sends(f"{self.page}pismo/", status=302)).content.decode()
        assert "v zadnjem tednu" in page and not LinkCode.objects.exists()
        with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
            self.oto.is_signed_in()
            assert "je povezano" in self.decides(self.oto)

    def test_a_third_printing_begins_a_new_letter(self):
        self.prints(self.nika)
        self.prints(self.oto)
        self.prints(self.nika)
        kept = LinkCode.objects.get()
        assert (kept.printed_by, kept.second_printed_by, kept.second_hash) == (self.nika.user, None, "")

    def test_a_reader_only_looks(self):
        link = Link.objects.get(user=self.ana.user)
        for address in ("odpri/", "pismo/", "predlagaj/"):
            self.rok.sends(f"{self.page}{address}", status=404)
        self.rok.sends(f"{OFFICE}{link.public_id}/prekini/", {"reason": "x"}, status=404)
        assert "Predlagajte" not in self.rok.opens(self.page).content.decode()
