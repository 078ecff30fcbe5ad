"""Sign-in: guessing stops, secrets do not leak, and leaving is leaving."""

import re

from django.apps import apps
from django.conf import settings

from mojplin.domain.accounts.models import PendingLogin, Session, SignInToken
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.models import Message
from tests.cast import Visitor
from tests.mailbox import link_in
from tests.web.sign_in_case import SignInCase, address


class SignInLimits(SignInCase):
    # Guessing

    def test_a_wrong_password_and_a_user_who_is_not_there_are_answered_alike(self):
        answers = []
        for identifier, password in (("ana", "napačno"), ("nobody", "napačno"), ("ana", "x" * 5000), ("", "")):
            page = Visitor().sends(address("sign_in"), {"identifier": identifier, "password": password}, status=200)
            self.assertContains(page, "geslo se ne ujemata")
            answers.append(page.status_code)
        self.assertEqual(set(answers), {200})
        self.assertFalse(PendingLogin.objects.exists())

    def test_after_five_wrong_passwords_even_the_right_one_must_wait(self):
        for _try in range(5):
            self.types_password(self.ana, password="napačno")
        self.assertContains(self.types_password(self.ana), "Poskusov je bilo preveč")
        self.later(minutes=16)
        self.assertEqual(self.types_password(self.ana).status_code, 302)

    def test_guessing_users_from_one_network_stops_at_thirty(self):
        for n in range(30):
            self.types_password(self.phone, identifier=f"nobody{n}", password="napačno")
        self.assertContains(self.types_password(self.phone), "Poskusov je bilo preveč")

    def test_six_sign_in_mails_in_an_hour_are_too_many(self):
        for _time in range(5):
            self.assertEqual(self.types_password(Visitor()).status_code, 302)
        self.assertContains(self.types_password(self.ana), "preveč sporočil")

    def test_only_pages_of_the_portal_are_gone_on_to(self):
        evil = ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)", "/a\r\nX: y",
                "http://testserver:81/", "/" + "a" * 300]  # fmt: skip
        for path in evil:
            with self.subTest(path=path):
                page = self.ana.opens(address("sign_in"), next=path)
                self.assertContains(page, '<input type="hidden" name="next" value="">')

    # What is kept and shown

    def test_neither_link_nor_code_nor_number_of_the_tab_leaks(self):
        self.types_password(self.ana)
        PendingLogin.objects.update(number="47")  # no other 47 stands in the letter
        letter = self.ana.reads_mail("ana@example.si")
        token = link_in(letter).rstrip("/").rpartition("/")[2]
        code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", letter.text)[0]
        kept = repr([list(model.objects.values()) for model in (PendingLogin, SignInToken, Message)])
        for secret in (
            token,
            code,
            code.replace("-", ""),
            self.ana.browser.cookies[settings.SIGN_IN_COOKIE_NAME].value,
        ):
            self.assertNotIn(secret, kept)
        for model in apps.get_models():  # all of a dump but the demo's mailbox, which is the mail itself
            if model is not DemoMail:
                rows = repr(list(model._base_manager.values()))
                self.assertFalse(any(secret in rows for secret in (token, code, code.replace("-", ""))), model)
        self.assertEqual(letter.to, "ana@example.si")
        self.assertEqual(letter.subject, "Potrdite prijavo")
        self.assertEqual(self.number(), "47")
        self.assertNotIn("47", letter.text.replace(token, "").replace(code, ""))

    def test_cookies_cannot_be_read_by_scripts_or_sent_by_other_sites(self):
        begun = self.types_password(self.ana)
        done = self.ana.presses(self.mailed_link())
        for cookie in (begun.cookies[settings.SIGN_IN_COOKIE_NAME], done.cookies[settings.SESSION_COOKIE_NAME]):
            self.assertTrue(cookie["httponly"])
            self.assertEqual((cookie["samesite"], cookie["path"], cookie["domain"]), ("Lax", "/", ""))

    def test_signing_out_ends_the_session_and_clears_the_browser(self):
        self.ana.is_signed_in()
        left = self.ana.presses(address("sign_out"))
        self.assertEqual(left["Clear-Site-Data"], '"cache", "storage"')
        self.assertFalse(Session.objects.exists())
        self.ana.opens(address("sign_out"), status=405)

    def test_unknown_links_are_over(self):
        for path in (address("confirm", "x" * 43), address("deny", "x"), address("confirm", "č")):
            self.phone.opens(path, status=410)
            self.phone.presses(path)
        self.assertEqual(self.phone.opens(address("waiting"), status=302)["Location"], address("sign_in"))
