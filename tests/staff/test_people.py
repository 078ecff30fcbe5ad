"""Who works in the office: the first administrator by a command, others invited there; nobody registers into it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, AuthenticatorApp, Registration, Session, User
from mojplin.foundation.protected import encrypted
from tests.cast import PASSWORD, Customer, PortalTestCase, Visitor
from tests.mailbox import link_in, mails_to, newest_mail_to

PEOPLE = "/urad/zaposleni/"


class People(PortalTestCase):
    def setUp(self) -> None:
        call_command("publish_terms", verbosity=0)
        self.ada, self.nika = Customer("Ada", role="admin"), Customer("Nika", role="clerk")
        User.objects.update(terms_version=1)

    def registers(self, mail, username: str) -> User:
        page, link = Visitor(), link_in(mail)
        self.assertContains(page.opens(link), 'name="username"')
        fields = {"username": username, "password": PASSWORD, "terms": "on", "terms_version": "1"}
        page.sends(link, fields, status=302)
        return User.objects.get(username=username)

    def test_the_first_administrator_is_invited_by_a_command(self):
        output = StringIO()
        call_command("create_staff", "Vodja@Example.si", stdout=output)
        self.assertIn("on its way", output.getvalue())
        mail = newest_mail_to("vodja@example.si")
        self.assertEqual(mail.subject, "Vabilo v urad portala Moj Butan plin")
        vodja = self.registers(mail, "vodja")
        self.assertEqual(vodja.role, "admin")
        event = AccessEvent.objects.get(whose=vodja, what="role_changed")
        self.assertEqual((event.by, event.about), (None, "admin"))
        with pytest.raises(CommandError, match="ime@domena"):
            call_command("create_staff", "ni naslov")

    def test_who_is_registered_has_the_role_at_once_and_is_told(self):
        Customer("Rok")
        output = StringIO()
        call_command("create_staff", "rok@example.si", "--role", "reader", stdout=output)
        self.assertIn("Rok is now: reader.", output.getvalue())
        self.assertIn("/urad/prijava/", newest_mail_to("rok@example.si").text)

    def test_an_administrator_invites_and_the_invited_one_chooses_name_and_password(self):
        page = self.ada.follows(self.ada.sends(PEOPLE, {"email": "tine@example.si", "role": "clerk"}))
        self.assertContains(page, "Vabilo je na poti")
        self.assertContains(page, "tine@example.si")
        tine = self.registers(newest_mail_to("tine@example.si"), "tine")
        self.assertEqual((tine.role, tine.email), ("clerk", "tine@example.si"))
        self.assertEqual(AccessEvent.objects.get(whose=tine, what="role_changed").by, self.ada.user)
        self.assertContains(self.ada.opens(PEOPLE), "še ni nastavljen")

    def test_an_invitation_ends_when_it_is_withdrawn_sent_again_or_old(self):
        self.ada.sends(PEOPLE, {"email": "tine@example.si", "role": "clerk"})
        first = link_in(newest_mail_to("tine@example.si"))
        self.ada.sends(PEOPLE, {"email": "tine@example.si", "role": "reader"})
        Visitor().opens(first, status=410)
        second = newest_mail_to("tine@example.si")
        waiting = Registration.objects.get(used_at=None, expires_at__gt=timezone.now())
        page = self.ada.follows(self.ada.sends(f"{PEOPLE}vabilo/{waiting.public_id}/"))
        self.assertContains(page, "Vabilo je preklicano.")
        Visitor().opens(link_in(second), status=410)
        page = self.ada.follows(self.ada.sends(f"{PEOPLE}vabilo/{waiting.public_id}/"))
        self.assertContains(page, "ne velja več")

    def test_a_withdrawn_invitation_is_not_mailed(self):
        self.ada.sends(PEOPLE, {"email": "tine@example.si", "role": "clerk"})
        self.ada.sends(f"{PEOPLE}vabilo/{Registration.objects.get().public_id}/")
        self.assertEqual(mails_to("tine@example.si"), [])

    def test_what_is_missing_or_cannot_be_is_said(self):
        self.assertContains(self.ada.sends(PEOPLE, {"email": "", "role": "clerk"}), "ime@domena.si")
        self.assertContains(self.ada.sends(PEOPLE, {"email": "x@example.si", "role": "customer"}), "Napaka")
        self.assertContains(self.ada.sends(PEOPLE, {"email": "ada@example.si", "role": "reader"}), "drug skrbnik")
        self.assertFalse(Registration.objects.exists())

    def test_a_role_is_changed_and_taken_away_but_not_ones_own(self):
        for role in ("admin", "customer"):
            self.ada.sends(f"{PEOPLE}{self.nika.user.public_id}/vloga/", {"role": role}, status=302)
            self.nika.user.refresh_from_db()
            self.assertEqual(self.nika.user.role, role)
            self.assertFalse(Session.objects.filter(user=self.nika.user).exists())
        page = self.ada.follows(self.ada.sends(f"{PEOPLE}{self.ada.user.public_id}/vloga/", {"role": "reader"}))
        self.assertContains(page, "Vašo vlogo spremeni drug skrbnik.")
        self.ada.sends(f"{PEOPLE}{self.nika.user.public_id}/vloga/", {"role": "reader"}, status=404)
        self.ada.sends(f"{PEOPLE}{self.ada.user.public_id}/vloga/", {"role": "king"}, status=404)

    def test_a_lost_second_factor_is_taken_away_with_a_reason_and_the_owner_is_told(self):
        now = timezone.now()
        AuthenticatorApp.objects.create(
            user=self.nika.user, secret_encrypted=encrypted("A" * 32), made_at=now, proven_at=now
        )
        address = f"{PEOPLE}{self.nika.user.public_id}/drugi-dejavnik/"
        self.assertContains(self.ada.follows(self.ada.sends(address)), "navede razlog")
        self.assertTrue(AuthenticatorApp.objects.exists())
        self.ada.sends(address, {"reason": "Izgubljen telefon, klicala sem jo"}, status=302)
        self.assertFalse(AuthenticatorApp.objects.exists())
        self.assertIn("odvzel drugi dejavnik", newest_mail_to("nika@example.si").text)
        event = AccessEvent.objects.get(what="second_factor_reset")
        self.assertEqual((event.by, event.whose), (self.ada.user, self.nika.user))
        self.assertEqual(event.reason, "Izgubljen telefon, klicala sem jo")
        own = f"{PEOPLE}{self.ada.user.public_id}/drugi-dejavnik/"
        self.assertContains(self.ada.follows(self.ada.sends(own, {"reason": "x"})), "drug skrbnik")

    def test_the_list_costs_a_fixed_number_of_statements(self):
        with self.assertNumQueries(3):
            self.ada.opens(PEOPLE)
        for n in range(4):
            Customer(f"Vpogled{n}", role="reader", signed_in=False)
        with self.assertNumQueries(3):
            self.ada.opens(PEOPLE)
