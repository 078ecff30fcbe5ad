"""Sensitive steps ask once more who it is; what was typed survives that, and the end of a session."""

from django.conf import settings
from django.utils import timezone

from mojplin.domain.accounts.kept_forms import forget_old_forms
from mojplin.domain.accounts.models import KeptForm, PendingLogin, Session
from tests.cast import PASSWORD, Customer
from tests.mailbox import link_in, newest_mail_to
from tests.web.sign_in_case import SignInCase, address, is_in


class StepUp(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        self.ana.is_signed_in()
        self.email, self.support = address("change_email"), address("support")

    def confirms(self, next_path: str) -> str:
        """Type the password and press the mail's button in the same browser; return where that leads."""
        asked = self.ana.sends(address("step_up"), {"password": PASSWORD, "next": next_path})
        self.assertEqual(asked["Location"], address("waiting"))
        self.ana.opens(address("waiting"))
        return self.ana.presses(self.mailed_link())["Location"]

    def test_ten_minutes_after_signing_in_nothing_is_asked(self):
        self.later(minutes=9, seconds=59)
        self.ana.opens(self.email)
        self.later(seconds=2)
        asked = self.ana.opens(self.email, status=302)
        self.assertEqual(asked["Location"], f"{address('step_up')}?next={self.email.replace('/', '%2F')}")
        self.assertContains(self.ana.follows(asked), "Potrdite, da ste to vi")

    def test_what_was_typed_stands_in_the_form_afterwards_and_is_sent_once(self):
        self.later(minutes=11)
        self.ana.sends(self.email, {"email": "nova@example.si", "form_key": "kept-key"}, status=302)
        self.assertNotIn("nova@", KeptForm.objects.get().fields_encrypted)

        self.assertEqual(self.confirms(self.email), self.email)
        page = self.ana.opens(self.email)

        self.assertContains(page, 'value="nova@example.si"')
        self.assertContains(page, 'value="kept-key"')
        self.assertContains(page, "Kar ste vpisali, smo ohranili")
        self.ana.sends(self.email, {"email": "nova@example.si", "form_key": "kept-key"}, status=302)
        self.assertFalse(KeptForm.objects.exists())
        self.assertNotContains(self.ana.opens(self.email), "smo ohranili")

    def test_confirming_renews_the_same_session_under_another_key(self):
        session = Session.objects.get()
        before = self.ana.browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.later(minutes=11)
        self.confirms(self.email)
        after = Session.objects.get()
        self.assertEqual(after.pk, session.pk)
        self.assertNotEqual(after.key_hash, session.key_hash)
        self.assertEqual(after.confirmed_at, timezone.now())
        thief = Customer("Tat", signed_in=False)
        thief.browser.cookies[settings.SESSION_COOKIE_NAME] = before
        self.assertFalse(is_in(thief))

    def test_the_phone_confirms_with_the_number_and_the_tab_goes_on_without_scripts(self):
        self.later(minutes=11)
        self.ana.sends(address("step_up"), {"password": PASSWORD, "next": self.email})
        link, number = self.mailed_link(), self.number()
        self.assertContains(self.ana.presses(address("finish")), "Potrditve še ni")
        self.phone.sends(link, {"number": number})
        self.assertEqual(self.ana.presses(address("finish"))["Location"], self.email)
        self.ana.opens(self.email)

    def test_the_waiting_page_the_mail_and_its_page_say_what_is_confirmed(self):
        self.later(minutes=11)
        self.ana.sends(address("step_up"), {"password": PASSWORD, "next": self.email})
        self.assertContains(self.ana.opens(address("waiting")), "kliknite »Potrdite, da ste to vi«")
        letter = self.ana.reads_mail("ana@example.si")
        self.assertEqual(letter.subject, "Potrdite, da ste to vi")
        for text in (letter.text, letter.html):
            self.assertIn("želi opraviti nekaj pomembnega", text)
            self.assertNotIn("se z vašim geslom prijavlja", text)
            self.assertIn("To nisem jaz" if text == letter.html else address("deny", "x")[:-2], text)
        for visitor, says in ((self.ana, "Še en klik in nadaljujete"), (self.phone, "Preverite, ali ste to vi")):
            page = visitor.opens(link_in(letter))
            self.assertContains(page, says)
            self.assertContains(page, "Potrdite, da ste to vi")
            self.assertNotContains(page, "Potrdite prijavo")

    def test_a_wrong_password_confirms_nothing(self):
        self.later(minutes=11)
        page = self.ana.sends(address("step_up"), {"password": "ni pravo geslo", "next": self.email})
        self.assertContains(page, "Geslo ni pravo")
        self.assertContains(self.ana.sends(address("step_up"), {"next": self.email}), "Vpišite geslo")
        self.assertFalse(PendingLogin.objects.exists())
        self.ana.opens(self.email, status=302)

    def test_the_button_of_another_browser_confirms_only_with_the_number_and_another_user_never(self):
        self.later(minutes=11)
        self.ana.sends(address("step_up"), {"password": PASSWORD, "next": self.email})
        self.phone.sends(self.mailed_link(), status=400)
        self.ana.opens(self.email, status=302)
        self.assertEqual(self.state(), "waiting")

    def test_it_leads_nowhere_else(self):
        self.later(minutes=11)
        self.ana.sends(address("step_up"), {"password": PASSWORD, "next": "//example.com/"})
        self.assertEqual(self.ana.presses(self.mailed_link())["Location"], address("home"))

    def test_asking_first_is_not_remembered_as_the_answer_of_the_form(self):
        """Where one act of several is sensitive, it asks within the view that counts a form once."""
        path = address("my_data")
        self.later(minutes=11)
        fields = {"form_key": "one-form"}
        self.assertIn(address("step_up"), self.ana.sends(path, fields, status=302)["Location"])
        Session.objects.update(confirmed_at=timezone.now())
        self.assertNotIn(address("step_up"), self.ana.sends(path, fields, status=302)["Location"])

    def test_passwords_are_never_kept(self):
        self.later(minutes=11)
        fields = {"current_password": PASSWORD, "password": "novo dolgo geslo zdaj", "form_key": "k"}
        self.ana.sends(address("change_password"), fields, status=302)
        self.confirms(address("change_password"))
        page = self.ana.opens(address("change_password")).content.decode()
        self.assertNotIn("novo dolgo geslo", page)
        self.assertNotIn(PASSWORD, page)


class EndOfSession(SignInCase):
    """The session runs out while something is being typed."""

    def setUp(self) -> None:
        super().setUp()
        self.ana.is_signed_in()
        self.support = address("support")
        self.fields = {"topic": "other", "message": "Jeklenka pušča, pokličite me.", "form_key": "typed"}

    def signs_in_again(self, customer: Customer, next_path: str) -> str:
        self.types_password(customer, identifier=customer.user.username, next=next_path)
        return customer.presses(self.link_of(customer))["Location"]

    @staticmethod
    def link_of(customer: Customer) -> str:
        return link_in(newest_mail_to(customer.user.email))

    def test_the_form_is_filled_after_signing_in_again_and_counts_once(self):
        self.later(minutes=61)
        sent = self.ana.sends(self.support, self.fields, status=302)
        self.assertIn(address("sign_in"), sent["Location"])
        self.assertEqual(self.signs_in_again(self.ana, self.support), self.support)

        page = self.ana.opens(self.support)
        self.assertContains(page, "Jeklenka pušča")
        self.assertContains(page, 'value="typed"')
        first = self.ana.sends(self.support, self.fields, status=302)
        second = self.ana.sends(self.support, self.fields, status=302)
        self.assertEqual(first["Location"], second["Location"])
        self.assertNotContains(self.ana.opens(self.support), 'value="typed"')

    def test_somebody_else_in_the_same_browser_sees_nothing_of_it(self):
        self.later(minutes=61)
        self.ana.sends(self.support, self.fields)
        cilka = Customer("Cilka")
        cilka.browser.cookies[settings.KEPT_FORM_COOKIE_NAME] = self.ana.browser.cookies[
            settings.KEPT_FORM_COOKIE_NAME
        ].value
        self.assertNotContains(cilka.opens(self.support), "Jeklenka")

    def test_another_browser_of_the_same_person_sees_nothing_of_it(self):
        self.later(minutes=61)
        self.ana.sends(self.support, self.fields)
        self.ana.browser.cookies.pop(settings.KEPT_FORM_COOKIE_NAME)
        self.ana.is_signed_in()
        self.assertNotContains(self.ana.opens(self.support), "Jeklenka")

    def test_after_a_day_it_is_forgotten(self):
        self.later(minutes=61)
        self.ana.sends(self.support, self.fields)
        self.ana.is_signed_in()
        self.later(hours=24, minutes=1)
        self.ana.is_signed_in()
        self.assertNotContains(self.ana.opens(self.support), "Jeklenka")
        forget_old_forms(timezone.now())
        self.assertFalse(KeptForm.objects.exists())

    def test_who_was_never_signed_in_leaves_nothing_behind(self):
        self.phone.sends(self.support, self.fields, status=302)
        self.assertFalse(KeptForm.objects.exists())

    def test_a_button_without_a_page_of_its_own_is_shown_again(self):
        self.later(minutes=61)
        path = address("end_sessions")
        self.ana.sends(path, {"form_key": "all"}, status=302)
        self.assertEqual(self.signs_in_again(self.ana, path), path)
        page = self.ana.opens(path)
        self.assertContains(page, "Dokončajte, kar ste začeli")
        self.assertContains(page, 'value="all"')
        self.ana.sends(path, {"form_key": "all"}, status=302)
        self.assertFalse(KeptForm.objects.exists())

    def test_a_page_without_anything_kept_asks_nothing_more_of_the_database(self):
        self.ana.opens(self.support)
        with self.assertNumQueries(3):
            self.ana.browser.get(self.support)
