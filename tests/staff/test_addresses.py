"""A lost mailbox: two members of staff, the new mailbox confirms, the former one is told and may undo it in time."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from mojplin.domain.accounts.email_change import link_token
from mojplin.domain.accounts.models import AccessEvent, EmailChange, EmailProposal, Session, User
from mojplin.domain.linking.access import places_of
from mojplin.foundation.formats import masked_email
from tests.cast import PASSWORD, Customer, PortalTestCase, Visitor, moment
from tests.mailbox import link_in, mails_to
from tests.web.sign_in_case import address

OFFICE = "/urad/e-naslovi/"
OLD, NEW = "ana@example.si", "ana.nova@example.com"
YES = {"certain": "on"}


class LostMailbox(PortalTestCase):
    def setUp(self) -> None:
        clock = time_machine.travel(moment(2026, 11, 23, 10), tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.nika, self.oto = Customer("Nika", role="clerk"), Customer("Oto", role="clerk")
        self.phone = Visitor()

    def proposes(self, by=None, **more):
        fields = {"user": "ana", "email": NEW, "reason": "Prišla je v pisarno z osebno izkaznico."} | more
        return (by or self.nika).sends(OFFICE, fields)

    def decides(self, by, decision="make"):
        proposal = EmailProposal.objects.latest("pk").public_id
        return by.follows(by.sends(f"{OFFICE}{proposal}/", {"decision": decision})).content.decode()

    def agreed(self, **more) -> str:
        """Let the office agree and return the link in the new mailbox."""
        self.proposes(**more)
        assert "Pisali smo na oba naslova." in self.decides(self.oto)
        return link_in(mails_to(NEW)[0])

    def email(self) -> str:
        return User.objects.get(username="Ana").email

    def test_two_people_and_the_new_mailbox_change_the_address(self):
        link = self.agreed()
        assert self.email() == OLD and Session.objects.filter(user=self.ana.user).exists()
        told = mails_to(OLD)[0]
        assert "izgubili" in told.text and masked_email(NEW) in told.text and "http" not in told.text
        html = self.phone.opens(link).content.decode()
        assert "ko se strinjate" in html and "obe" not in html.partition("<main")[2].partition("</main")[0]
        html = self.phone.follows(self.phone.sends(link, YES)).content.decode()
        assert "E-naslov je spremenjen" in html
        assert self.email() == NEW and not Session.objects.filter(user=self.ana.user).exists()
        done = mails_to(OLD)[0]
        assert "kot ste se dogovorili z nami" in done.text and "72 ur" in done.text
        assert places_of(self.ana.user.pk)[0].is_proof_due
        events = AccessEvent.objects.filter(whose=self.ana.user).order_by("pk")
        by_office = [("email_change_by_office", "Nika"), ("email_change_by_office", "Oto")]
        whats = [("email_change_proposed", "Nika"), *by_office, ("email_changed", "Ana")]
        assert list(events.values_list("what", "by__username")) == whats
        assert "osebno izkaznico" in events[0].about

    def test_the_former_mailbox_can_undo_it_for_three_days(self):
        self.phone.follows(self.phone.sends(self.agreed(), YES))
        undo = link_in(mails_to(OLD)[0])
        self.clock.shift(timedelta(hours=71, minutes=59))
        assert "Sprememba je preklicana" in self.phone.follows(self.phone.sends(undo, YES)).content.decode()
        assert self.email() == OLD and masked_email(OLD) in mails_to(NEW)[0].text
        assert AccessEvent.objects.filter(whose=self.ana.user, what="email_change_undone").count() == 1

    def test_three_days_later_nothing_is_undone(self):
        self.phone.follows(self.phone.sends(self.agreed(), YES))
        undo = link_in(mails_to(OLD)[0])
        self.clock.shift(timedelta(hours=72))
        self.phone.sends(undo, YES, status=410)
        assert self.email() == NEW

    def test_nobody_decides_alone_and_nothing_is_decided_twice(self):
        self.proposes()
        assert "Odloči nekdo drug." in self.nika.opens(OFFICE).content.decode()
        assert "odločiti nekdo drug" in self.decides(self.nika)
        assert mails_to(NEW) == [] and not EmailChange.objects.exists()
        assert "zavrnjen" in self.decides(self.oto, "refuse")
        assert "že odločeno" in self.decides(self.oto)
        assert not EmailChange.objects.exists() and mails_to(OLD) == []

    def test_what_cannot_be_proposed_is_said_beside_its_field(self):
        for more, said in (
            ({"user": "nihče"}, "Dejavnega uporabnika"),
            ({"user": "oto"}, "v uradu"),
            ({"email": "cilka@example.si"}, "drug uporabniški račun"),
            ({"email": OLD}, "že zdaj"),
            ({"email": "ni naslov"}, "ime@domena.si"),
            ({"reason": "  "}, "obvezno"),
        ):
            with self.subTest(said):
                response = self.proposes(**more)
                assert response.status_code == 200
                if said != "obvezno":
                    assert said in response.content.decode()
        assert not EmailProposal.objects.exists()
        self.proposes()
        assert "že čaka na odločitev" in self.proposes(self.oto, email="tretja@example.si").content.decode()

    def test_what_has_changed_meanwhile_can_only_be_refused(self):
        for change, said in (
            ({"email": "ana.sama@example.si"}, "medtem dobil drug naslov"),
            ({"is_active": False}, "Dejavnega uporabnika"),
            ({"closing_asked_at": timezone.now()}, "Dejavnega uporabnika"),
            ({"role": "clerk"}, "v uradu"),
        ):
            with self.subTest(said):
                before = User.objects.filter(pk=self.ana.user.pk).values(*change).get()
                self.proposes()
                User.objects.filter(pk=self.ana.user.pk).update(**change)
                assert said in self.decides(self.oto) and not EmailChange.objects.exists()
                assert "zavrnjen" in self.decides(self.oto, "refuse")
                User.objects.filter(pk=self.ana.user.pk).update(**before)

    def test_where_somebody_else_reads_the_old_mailbox_it_and_a_session_stop_nothing(self):
        link = self.agreed(is_taken_over="on")
        page = self.ana.sends(address("change_email"), {"email": "tat@example.com"})
        assert "Naslov vam na vašo željo spreminjamo mi" in page.content.decode()
        self.ana.sends(address("change_password"), {"current_password": PASSWORD, "password": "oreh klobuk vlak sneg"})
        self.phone.follows(self.phone.sends(link, YES))
        assert self.email() == NEW
        told = next(each for each in mails_to(OLD) if "kot ste se dogovorili z nami" in each.text)
        assert "http" not in told.text
        change = EmailChange.objects.get()
        for name, side in (("stop_email_change", "old"), ("undo_email_change", "undo")):
            token = link_token(side, change.public_id)
            self.phone.sends(address(name, token), YES, status=410)
        assert self.email() == NEW

    def test_an_own_change_that_waited_gives_way(self):
        self.ana.sends(address("change_email"), {"email": "tat@example.com"}, status=302)
        thiefs = link_in(mails_to("tat@example.com")[0])
        link = self.agreed()
        self.phone.sends(thiefs, YES, status=410)
        self.phone.follows(self.phone.sends(link, YES))
        assert self.email() == NEW

    def test_the_link_holds_a_day_and_a_taken_address_is_left_alone(self):
        link = self.agreed()
        self.clock.shift(timedelta(hours=25))
        self.phone.sends(link, YES, status=410)
        for each in (self.nika, self.oto):
            each.is_signed_in()
        self.proposes(email="druga@example.com")
        self.decides(self.oto)
        link = link_in(mails_to("druga@example.com")[0])
        User.objects.filter(pk=self.cilka.user.pk).update(email="druga@example.com")
        self.phone.sends(link, YES, status=409)
        assert self.email() == OLD

    def test_readers_and_customers_find_nothing(self):
        rok = Customer("Rok", role="reader")
        self.proposes()
        proposal = EmailProposal.objects.get().public_id
        for person in (rok, self.ana):
            person.opens(OFFICE, status=404)
            person.sends(f"{OFFICE}{proposal}/", {"decision": "make"}, status=404)
