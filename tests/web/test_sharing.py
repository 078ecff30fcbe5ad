"""Sharing without numbers: invite, accept, see who sees, and either side ends it at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from unittest import mock

import time_machine
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, Session, User
from mojplin.domain.linking import sharing, sharing_mails
from mojplin.domain.linking.models import Invitation, Link
from mojplin.domain.own_data.erasing import erase
from mojplin.domain.supply.models import PayerPeriod
from mojplin.foundation import mail
from mojplin.foundation.models import Message
from mojplin.foundation.outbox.delivery import Undeliverable
from tests.cast import Customer, PortalTestCase, Scenes, Visitor
from tests.mailbox import link_in, mails_to

PLACES = "/odjemna-mesta/"


class SharingCase(PortalTestCase):
    def setUp(self):
        self.given_cast()
        self.anas_link = Link.objects.get(user=self.ana.user)
        self.bill = self.given_document(self.anas_payer, self.anas_house, "26-1")
        self.page = f"{PLACES}{self.anas_house.public_id}/deljenje/"

    def invites(self, email="cilka@example.si", role="see", by=None, **more):
        response = (by or self.ana).sends(self.page, {"email": email, "role": role} | more)
        return response

    def accepted(self, role="see", **more):
        """Ana invites Cilka, and Cilka accepts; return the share."""
        self.invites(role=role, **more)
        invitation = Invitation.objects.get(state="waiting")
        self.cilka.sends(f"/vabila/{invitation.public_id}/", {"name": "Babica", "answer": "accept"}, status=302)
        return Link.objects.get(user=self.cilka.user, ended_at=None)

    def html(self, customer, path, **query):
        return customer.opens(path, **query).content.decode()


class Inviting(SharingCase):
    def test_the_mailed_link_leads_to_accepting_and_both_sides_see_it(self):
        assert self.invites(role="readings").status_code == 302
        letter = self.cilka.reads_mail("cilka@example.si")
        assert "Kamnik" in letter.text and "Ob potoku" not in letter.text and "Dom" not in letter.text
        page = self.cilka.follows(self.cilka.opens(link_in(letter), status=302))
        assert "Ob potoku 14" in page.content.decode()
        answer = re.search(r"/vabila/[^/]+/", str(page.wsgi_request.path))[0]
        self.cilka.sends(answer, {"name": "Babica", "answer": "accept"}, status=302)
        assert "26-1" in self.html(self.cilka, "/racuni/")
        list_of_cilka = self.html(self.cilka, PLACES)
        assert "Babica" in list_of_cilka and "Deli: Ana" in list_of_cilka and "deljenje" not in list_of_cilka
        assert "cilka@example.si" in self.html(self.ana, self.page)  # only while it says where the invitation goes
        people = self.html(self.ana, self.page)
        assert "Cilka" in people and "cilka@example.si" not in people and "Pogled in oddaja stanj" in people
        assert "Cilka" in self.ana.reads_mail("ana@example.si").text

    def test_people_are_called_by_the_name_they_gave(self):
        User.objects.filter(pk=self.ana.user.pk).update(name="Gospa Novak, d. o. o.")
        User.objects.filter(pk=self.cilka.user.pk).update(name="Cilka Kos")
        self.invites()
        letter = self.cilka.reads_mail("cilka@example.si")
        shared = Invitation.objects.get()
        assert "Gospa Novak, d. o. o. vas vabi" in letter.text
        assert "Gospa Novak, d. o. o. deli" in self.html(Visitor(), link_in(letter))
        for path in (PLACES, "/", f"/vabila/{shared.public_id}/"):
            assert "Gospa Novak, d. o. o. deli" in self.html(self.cilka, path)
        self.cilka.sends(f"/vabila/{shared.public_id}/", {"name": "Babica", "answer": "accept"}, status=302)
        assert "Deli: Gospa Novak, d. o. o." in self.html(self.cilka, PLACES)
        assert "Cilka Kos" in self.html(self.ana, self.page)
        assert "Cilka Kos" in self.ana.reads_mail("ana@example.si").text

    def test_looking_at_the_mailed_link_changes_nothing_and_shows_no_address(self):
        self.invites()
        path = link_in(self.cilka.reads_mail("cilka@example.si"))
        for visitor in (Visitor(), self.bojan):
            for _look in range(3):
                html = visitor.opens(path).content.decode()
                assert "Ob potoku" not in html and "cilka@example.si" not in html
        assert Invitation.objects.get().state == "waiting"
        Visitor().opens(f"{path[:-5]}AAAA/", status=404)

    def test_only_the_account_of_the_invited_address_can_accept(self):
        self.invites()
        address = f"/vabila/{Invitation.objects.get().public_id}/"
        self.bojan.opens(address, status=404)
        self.bojan.sends(address, {"name": "", "answer": "accept"}, status=404)
        assert not Link.objects.exclude(shared_from=None).exists()

    def test_whoever_registers_later_finds_the_invitation_on_the_list(self):
        self.invites(email="nova@example.si")
        newcomer = Customer("Nova", email="nova@example.si")
        assert "/vabila/" in self.html(newcomer, PLACES) and "/vabila/" in self.html(newcomer, "/")

    def test_an_invitation_is_over_after_14_days_or_once_withdrawn_or_declined(self):
        self.invites()
        invitation = Invitation.objects.get()
        path = link_in(self.cilka.reads_mail("cilka@example.si"))
        with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1), tick=False):
            self.cilka.is_signed_in()
            self.cilka.opens(path, status=404)
            self.cilka.opens(f"/vabila/{invitation.public_id}/", status=404)
        self.ana.is_signed_in()
        self.cilka.is_signed_in()
        self.ana.sends(self.page, {"act": "withdraw", "which": invitation.public_id}, status=302)
        self.cilka.opens(path, status=404)
        self.invites()
        again = Invitation.objects.get(state="waiting")
        self.cilka.sends(f"/vabila/{again.public_id}/", {"answer": "decline"}, status=302)
        assert not Link.objects.filter(user=self.cilka.user).exists()

    def test_what_is_refused_says_why(self):
        yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
        refusals = {
            "To je vaš naslov": {"email": "Ana@example.si"},
            "ime@domena.si": {"email": "ni naslov"},
            "ne more biti v preteklosti": {"last_on": yesterday},
            "Vpišite dan": {"last_on": "jutri"},
            "Izberite": {"role": "holder"},
        }
        for text, fields in refusals.items():
            with self.subTest(text):
                html = self.ana.sends(self.page, {"email": "c@example.si", "role": "see"} | fields, status=200)
                if text != "Izberite":
                    assert text in html.content.decode()
        assert not Invitation.objects.exists()
        self.invites()
        assert "že ima" in self.invites().content.decode()

    def test_a_day_takes_ten_invitations_and_an_address_three(self):
        for number in range(10):
            assert self.invites(email=f"oseba{number}@example.si").status_code == 302
            Invitation.objects.update(state="withdrawn")
        assert "Danes ste poslali" in self.invites(email="enajsta@example.si").content.decode()

    def test_a_place_is_shared_with_ten_at_most(self):
        for number in range(10):
            self.given_share(Customer(f"Oseba{number}", signed_in=False), self.anas_link, "see")
        assert "z desetimi" in self.invites().content.decode()

    def test_an_address_that_refuses_mail_is_said_to_the_holder(self):
        self.invites(email="napacen@example.si")
        message = Message.objects.get(topic="invitation_mail")

        def refuses(**_letter):
            raise Undeliverable("550")

        sent, mail.send_now = mail.send_now, refuses
        try:
            with self.assertRaises(Undeliverable):
                sharing_mails.deliver_invitation(message)
        finally:
            mail.send_now = sent
        assert Invitation.objects.get().state == "undeliverable"
        assert "ni bilo mogoče dostaviti" in self.html(self.ana, self.page)
        assert "napacen@example.si" in mails_to("ana@example.si")[0].text

    def test_the_outbox_and_the_tables_hold_no_token(self):
        self.invites()
        token = link_in(self.cilka.reads_mail("cilka@example.si")).rstrip("/").rpartition("/")[2]
        assert token not in str(list(Message.objects.values())) + str(list(Invitation.objects.values()))


class Ending(SharingCase):
    def assert_gone(self, customer):
        customer.opens(f"/racuni/{self.bill.public_id}/", status=404)
        customer.opens("/stanje/", status=302)

    def test_the_holder_ends_it_and_the_next_request_finds_nothing(self):
        share = self.accepted()
        self.cilka.opens(f"/racuni/{self.bill.public_id}/")
        self.ana.sends(self.page, {"act": "end", "which": share.public_id}, status=302)
        self.assert_gone(self.cilka)
        assert "končala vaš dostop" in self.cilka.reads_mail("cilka@example.si").text

    def test_the_invited_one_leaves_and_the_holder_is_told(self):
        self.accepted()
        self.cilka.sends(f"{PLACES}{self.anas_house.public_id}/odstrani/", status=302)
        self.assert_gone(self.cilka)
        assert "Cilka" in mails_to("ana@example.si")[0].text
        assert "Cilka" not in self.html(self.ana, self.page)

    def test_a_change_of_role_and_day_holds_at_once(self):
        share = self.accepted(role="readings")
        fields = {"act": "change", "which": share.public_id, "role": "see", "last_on": "31. 12. 2030"}
        self.ana.sends(self.page, fields, status=302)
        share.refresh_from_db()
        assert (share.role, share.last_on) == ("see", date(2030, 12, 31))
        self.cilka.sends(f"/stanje/?place={self.anas_house.public_id}", {"typed": "1"}, status=404)

    def test_giving_more_or_ending_asks_once_more_who_it_is(self):
        share = self.accepted()
        Session.objects.filter(user=self.ana.user).update(confirmed_at=timezone.now() - timedelta(minutes=11))
        for act in ("change", "end"):
            fields = {"act": act, "which": share.public_id, "role": "everything", "last_on": ""}
            asked = self.ana.sends(self.page, fields, status=302)
            assert "/potrdite-da-ste-to-vi/" in asked["Location"] and "deljenje" in asked["Location"]
            assert "izberite še enkrat" in self.html(self.ana, asked["Location"])
        share.refresh_from_db()
        assert (share.role, share.ended_at) == ("see", None)

    def test_nobody_else_ends_changes_or_withdraws(self):
        share = self.accepted()
        self.invites(email="dana@example.si")
        invitation = Invitation.objects.get(state="waiting")
        self.given_link(self.bojan, self.anas_payer, self.anas_house)  # linked later with numbers: not the keeper
        for customer in (self.cilka, self.bojan):
            for act, which in (("end", share), ("change", share), ("withdraw", invitation), ("end", self.anas_link)):
                fields = {"act": act, "which": which.public_id, "role": "everything", "last_on": ""}
                customer.sends(self.page, fields, status=404)
        assert Link.objects.get(pk=share.pk).role == "see"
        assert Link.objects.filter(ended_at=None, payer=self.anas_payer).count() == 3

    def test_the_keeper_sees_and_ends_whoever_linked_later(self):
        others = self.given_link(self.bojan, self.anas_payer, self.anas_house)
        assert "Bojan" in self.html(self.ana, self.page) and "Ana" not in self.html(self.bojan, self.page)[5000:]
        self.ana.sends(self.page, {"act": "end", "which": others.public_id}, status=302)
        self.bojan.opens(f"/racuni/{self.bill.public_id}/", status=404)

    def test_a_confirmed_payer_is_the_keeper_whoever_came_first(self):
        confirmed = self.given_link(self.bojan, self.anas_payer, self.anas_house)
        Link.objects.filter(pk=confirmed.pk).update(proven_by="contact")
        self.ana.sends(self.page, {"act": "end", "which": confirmed.public_id}, status=404)
        self.bojan.sends(self.page, {"act": "end", "which": self.anas_link.public_id}, status=302)
        self.ana.opens(f"/racuni/{self.bill.public_id}/", status=404)

    def test_moving_out_ends_what_was_shared(self):
        from mojplin.domain.linking.ending import end_links_of_former_payers

        self.accepted(role="everything")
        PayerPeriod.objects.filter(supply_point=self.anas_house).update(ends_on=timezone.localdate())
        assert end_links_of_former_payers(now=timezone.now()) == 2
        self.assert_gone(self.cilka)

    def test_the_clock_ends_what_is_over_and_says_so(self):
        share = self.accepted(last_on=timezone.localdate().isoformat())
        sharing.end_what_is_over(timezone.now())
        assert Link.objects.get(pk=share.pk).ended_at is None
        sharing.end_what_is_over(timezone.now() + timedelta(days=2))
        assert Link.objects.get(pk=share.pk).ended_because == "expired"
        assert "Zadnji dan je mimo" in mails_to("cilka@example.si")[0].text
        assert "Cilka" in mails_to("ana@example.si")[0].text

    def test_what_cannot_be_said_is_not_ended_before_it_can(self):
        share = self.accepted(last_on=timezone.localdate().isoformat())
        tomorrow = timezone.now() + timedelta(days=2)
        with mock.patch.object(sharing_mails.mail, "post", side_effect=OSError), self.assertRaises(OSError):
            sharing.end_what_is_over(tomorrow)
        assert Link.objects.get(pk=share.pk).ended_at is None
        sharing.end_what_is_over(tomorrow)
        assert "Zadnji dan je mimo" in mails_to("cilka@example.si")[0].text

    def test_nothing_is_said_to_a_holder_who_was_erased_when_the_last_day_passes(self):
        self.accepted(last_on=timezone.localdate().isoformat())
        erase(self.ana.user, now=timezone.now())
        sharing.end_what_is_over(timezone.now() + timedelta(days=2))
        assert Link.objects.get(shared_from=self.anas_link).ended_because == "holder_left"
        assert not Message.objects.filter(topic=mail.TOPIC, payload__to__startswith="#").exists()

    def test_what_an_erased_holder_shared_is_ended_and_said(self):
        share = self.accepted()
        type(self.ana.user).objects.filter(pk=self.ana.user.pk).update(is_active=False, erased_at=timezone.now())
        sharing.end_what_is_over(timezone.now())
        assert Link.objects.get(pk=share.pk).ended_because == "holder_left"
        assert "nima več" in mails_to("cilka@example.si")[0].text

    def test_numbers_of_ones_own_take_the_place_of_a_share(self):
        share = self.accepted()
        sharing.give_way(
            user=self.cilka.user, payer_id=self.anas_payer.pk, point_ids=[self.anas_house.pk], now=timezone.now()
        )
        assert Link.objects.get(pk=share.pk).ended_because == "replaced"

    def test_every_act_is_in_the_access_log_of_both(self):
        share = self.accepted()
        fields = {"act": "change", "which": share.public_id, "role": "pay", "last_on": ""}
        self.ana.sends(self.page, fields, status=302)
        self.ana.sends(self.page, {"act": "end", "which": share.public_id}, status=302)
        of = {
            user: list(AccessEvent.objects.filter(whose=user).order_by("pk").values_list("what", flat=True))
            for user in (self.ana.user, self.cilka.user)
        }
        assert of[self.ana.user] == ["share_offered", "share_accepted", "share_changed", "share_ended"]
        assert of[self.cilka.user] == ["share_accepted", "share_changed", "share_ended"]
        about = set(AccessEvent.objects.values_list("about", flat=True))
        assert about == {"Dom", "Babica"}


class AtOnce(TransactionTestCase, Scenes):
    def test_one_invitation_accepted_many_times_at_once_is_one_share(self):
        self.given_cast()
        invitation = self.given_invitation(to=self.cilka.user)

        def accepts(_number):
            try:
                sharing.accept(invitation=invitation.public_id, name="", by=self.cilka.user, now=timezone.now())
                return True
            except sharing.InvitationGone:
                return False
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as people:
            assert sorted(people.map(accepts, range(4))) == [False, False, False, True]
        assert Link.objects.filter(user=self.cilka.user, ended_at=None).count() == 1


def test_every_mail_reads_well_in_both_languages():
    contexts = {
        "invitation": {
            "holder": "Ana", "town": "Kamnik", "role": "Samo pogled", "last_on": "31. 12. 2026", "until": "8. 12. 2026",
            "action_url": "https://portal.example.si/vabilo/x/",
        },
        "invitation_failed": {"place": "Dom 🏡", "address": "c@example.si"},
        "share_accepted": {"place": "Dom 🏡", "person": "Cilka", "address": "c••@example.si", "role": "Samo pogled"},
    }  # fmt: skip
    letters = [(name, context) for name, context in contexts.items()]
    for because in ("user", "expired"):
        letters.append(("share_ended", {"place": "Dom 🏡", "because": because, "person": "Cilka"}))
    for because in ("share_ended", "expired", "holder_left"):
        letters.append(("share_ended", {"place": "Dom 🏡", "because": because, "person": ""}))
    for name, context in letters:
        for language in ("sl", "en"):
            letter = mail.written(template=f"linking/mail/{name}", context=context, language=language)
            for body in (letter.text, letter.html):
                assert ("Dom 🏡" in body) == (name != "invitation")
                assert "None" not in body and len(letter.subject) > 10
