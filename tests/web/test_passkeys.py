"""Passkeys: added, removed, used to confirm a sensitive step; everything forged, replayed or copied is refused."""

import json
import re
from datetime import timedelta

import cbor2
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, Passkey, RecoveryCode, Session
from mojplin.domain.accounts.recovery_codes import use_recovery_code
from tests import authenticator
from tests.authenticator import Authenticator
from tests.cast import Customer
from tests.mailbox import link_in, mails_to
from tests.web.sign_in_case import SignInCase, address, is_in

SITE = override_settings(BASE_URL="http://127.0.0.1:8000")


class PasskeyCase(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(SITE)
        self.ana.is_signed_in()
        self.telephone = Authenticator()

    def adds(self, key: Authenticator, *, name: str = "Moj telefon"):
        options = self.ana.sends(address("passkey_options"), status=200).json()
        return self.ana.sends(address("passkeys"), {"name": name, "credential": key.makes(options)})

    def challenge(self, customer: Customer | None = None) -> dict:
        return (customer or self.ana).sends(address("confirm_options"), status=200).json()

    def confirms(self, credential: str, customer: Customer | None = None):
        fields = {"credential": credential, "next": address("change_email")}
        return (customer or self.ana).sends(address("confirm_passkey"), fields)


class AddingAndRemoving(PasskeyCase):
    def test_a_key_is_added_named_and_removed(self):
        other_device = self.ana.browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.ana.is_signed_in()
        page = self.ana.follows(self.adds(self.telephone))
        self.assertContains(page, "Moj telefon")
        self.assertContains(page, "Ključ za dostop je dodan")
        former = Customer("Tablica", signed_in=False)
        former.browser.cookies[settings.SESSION_COOKIE_NAME] = other_device
        self.assertFalse(is_in(former))

        self.ana.sends(address("passkeys"), {"remove": Passkey.objects.get().public_id}, status=302)

        self.assertFalse(Passkey.objects.exists())
        told = set(AccessEvent.objects.values_list("what", flat=True))
        self.assertEqual(told, {"passkey_added", "passkey_removed"})

    def test_it_needs_a_name_and_an_answer(self):
        options = self.ana.sends(address("passkey_options")).json()
        page = self.ana.sends(address("passkeys"), {"name": " ", "credential": self.telephone.makes(options)})
        self.assertContains(page, "Poimenujte ključ")
        for credential in ("", "{}", "null", "[1]", '{"id": 5}', "ni json", "[" * 15_000):
            with self.subTest(credential):
                self.ana.sends(address("passkey_options"))
                page = self.ana.sends(address("passkeys"), {"name": "X", "credential": credential}, status=200)
                self.assertContains(page, "ni bilo mogoče preveriti")
        self.assertFalse(Passkey.objects.exists())

    def test_a_key_that_no_device_makes_is_refused(self):
        well = {"fmt": "none", "attStmt": {}, "authData": b""}
        of_packed = {"fmt": "packed", "attStmt": {"sig": b"s", "alg": -7, "x5c": 5}}
        for key, changed in ((None, {}), ({}, {}), ([], {}), ({1: 2, 3: -7}, {}), ({1: 2, 3: -7, -1: 1}, of_packed)):
            with self.subTest(key=key, changed=changed):
                options = self.ana.sends(address("passkey_options")).json()
                credential = json.loads(self.telephone.makes(options))
                data = self.telephone.authenticator_data(0x45) + bytes(16) + b"\0\x20" + self.telephone.credential_id
                attestation = well | {"authData": data + cbor2.dumps(key)} | changed
                credential["response"]["attestationObject"] = authenticator.text(cbor2.dumps(attestation))
                fields = {"name": "X", "credential": json.dumps(credential)}
                page = self.ana.sends(address("passkeys"), fields, status=200)
                self.assertContains(page, "ni bilo mogoče preveriti")
        self.assertFalse(Passkey.objects.exists())

    def test_a_key_whose_name_is_longer_than_the_standard_has_it_is_refused(self):
        self.telephone.credential_id = bytes(1_024)
        self.assertContains(self.adds(self.telephone), "ni bilo mogoče preveriti")
        self.telephone.credential_id = bytes(1_023)
        self.ana.follows(self.adds(self.telephone))
        self.assertEqual(len(Passkey.objects.get().credential_id), 1_364)

    def test_an_answer_given_to_another_site_is_refused(self):
        for key in (Authenticator(origin="http://example.com"), Authenticator(site="example.com")):
            self.assertContains(self.adds(key), "ni bilo mogoče preveriti")
        self.assertFalse(Passkey.objects.exists())

    def test_an_answer_is_good_once_and_for_five_minutes(self):
        options = self.ana.sends(address("passkey_options")).json()
        credential = self.telephone.makes(options)
        self.ana.sends(address("passkeys"), {"name": "Ena", "credential": credential}, status=302)
        self.ana.sends(address("passkeys"), {"name": "Dva", "credential": credential}, status=200)
        self.assertEqual(Passkey.objects.count(), 1)
        options = self.ana.sends(address("passkey_options")).json()
        self.later(minutes=5, seconds=1)
        late = Authenticator().makes(options)
        self.ana.sends(address("passkeys"), {"name": "Tri", "credential": late}, status=200)
        self.assertEqual(Passkey.objects.count(), 1)

    def test_a_wrong_answer_uses_the_challenge_up(self):
        options = self.ana.sends(address("passkey_options")).json()
        for key in (Authenticator(origin="http://example.com"), self.telephone):
            credential = key.makes(options)
            self.ana.sends(address("passkeys"), {"name": "Ena", "credential": credential}, status=200)
        self.assertFalse(Passkey.objects.exists())

    def test_a_key_belongs_to_one_person_and_strangers_cannot_remove_it(self):
        self.adds(self.telephone)
        cilka = Customer("Cilka")
        options = cilka.sends(address("passkey_options")).json()
        cilka.sends(address("passkeys"), {"name": "Moj", "credential": self.telephone.makes(options)}, status=200)
        cilka.sends(address("passkeys"), {"remove": Passkey.objects.get().public_id}, status=302)
        self.assertEqual(Passkey.objects.get().user, self.ana.user)


class Telling(PasskeyCase):
    def letter_about(self, subject: str, told: str) -> None:
        letter = self.ana.reads_mail("ana@example.si")
        self.assertEqual(letter.subject, subject)
        for text in (letter.text, letter.html):
            words = " ".join(text.replace("\u00a0", " ").split())
            self.assertIn(told, words)
            self.assertIn("23. novembra ob 10.00 (Chrome, Linux)", words)
            self.assertIn("To nisem jaz", words)
        self.assertEqual(link_in(letter), address("forgot_password"))

    def test_a_mail_tells_of_every_key_and_of_new_codes_and_leads_to_a_new_password(self):
        self.adds(self.telephone, name="Pokličite 090 12 34")
        self.letter_about("Vašemu računu je bil dodan ključ za dostop", "je bil vašemu računu dodan ključ za dostop")
        self.assertNotIn("090", self.ana.reads_mail("ana@example.si").text)
        self.ana.sends(address("passkeys"), {"remove": Passkey.objects.get().public_id}, status=302)
        self.letter_about("Iz vašega računa je bil odstranjen ključ za dostop", "odstranjen ključ za dostop. Vse druge")
        self.ana.sends(address("recovery_codes"))
        self.letter_about("Ustvarjene so nove obnovitvene kode", "Prejšnje kode ne veljajo več.")

    def test_what_was_refused_or_removed_nothing_is_not_told(self):
        self.adds(Authenticator(origin="http://example.com"))
        self.ana.sends(address("passkeys"), {"remove": "tuj"}, status=302)
        self.assertEqual(mails_to("ana@example.si"), [])

    def test_the_mail_comes_in_the_language_of_its_reader(self):
        self.ana.user.language = "en"
        self.ana.user.save()
        self.adds(self.telephone)
        letter = self.ana.reads_mail("ana@example.si")
        self.assertEqual(letter.subject, "A passkey was added to your account")
        self.assertIn("a passkey was added to your account on 23 November at 10:00", letter.text.replace("\u00a0", " "))


class Confirming(PasskeyCase):
    def setUp(self) -> None:
        super().setUp()
        self.adds(self.telephone)
        self.later(minutes=11)

    def test_the_step_goes_on_under_another_key_of_the_session(self):
        self.assertContains(self.ana.opens(address("step_up")), "Potrdite s ključem")
        before = Session.objects.get()
        self.assertEqual(self.confirms(self.telephone.signs(self.challenge()))["Location"], address("change_email"))
        after = Session.objects.get()
        self.assertEqual(after.pk, before.pk)
        self.assertNotEqual(after.key_hash, before.key_hash)
        self.ana.opens(address("change_email"))
        self.assertEqual(Passkey.objects.get().sign_count, 1)

    def test_a_replayed_answer_is_refused(self):
        credential = self.telephone.signs(self.challenge())
        self.confirms(credential)
        self.later(minutes=11)
        self.assertContains(self.confirms(credential), "ni bilo mogoče preveriti")
        self.challenge()
        self.assertContains(self.confirms(credential), "ni bilo mogoče preveriti")
        self.ana.opens(address("change_email"), status=302)

    def test_the_challenge_of_another_session_another_site_and_another_key_are_refused(self):
        self.ana.user.refresh_from_db()
        elsewhere = Customer("Cilka")
        foreign = self.challenge(elsewhere)
        self.challenge()
        self.assertEqual(self.confirms(self.telephone.signs(foreign)).status_code, 200)
        self.telephone.origin = "https://example.com"
        self.assertEqual(self.confirms(self.telephone.signs(self.challenge())).status_code, 200)
        self.assertEqual(self.confirms(Authenticator().signs(self.challenge())).status_code, 200)
        self.telephone.origin = "http://127.0.0.1:8000"
        mine = self.challenge(elsewhere)
        self.assertEqual(self.confirms(self.telephone.signs(mine), elsewhere).status_code, 200)
        self.ana.opens(address("change_email"), status=302)

    def test_a_copied_key_is_found_by_its_counter(self):
        self.telephone.count = 5
        self.confirms(self.telephone.signs(self.challenge()))
        self.later(minutes=11)
        self.telephone.count = 2
        self.assertContains(self.confirms(self.telephone.signs(self.challenge())), "ni bilo mogoče preveriti")

    def test_what_no_browser_sends_is_refused(self):
        for credential in ("", "null", "[]", '{"id": 5}', '{"id": "\\ud800"}', '{"id": "\\u0000"}', "[" * 100_000):
            with self.subTest(credential[:20]):
                self.challenge()
                self.assertContains(self.confirms(credential), "ni bilo mogoče preveriti")

    def test_it_does_not_sign_anybody_in(self):
        nobody = Customer("Nika", signed_in=False)
        nobody.sends(address("confirm_options"), status=302)
        nobody.sends(address("confirm_passkey"), {"credential": "{}"}, status=302)
        self.assertFalse(is_in(nobody))


class Codes(PasskeyCase):
    def test_ten_codes_are_shown_once_and_each_is_good_once(self):
        page = self.ana.sends(address("recovery_codes"), status=200)
        codes = re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>", page.content.decode())
        self.assertEqual(len(set(codes)), 10)
        self.assertEqual(AccessEvent.objects.get().what, "recovery_codes_made")
        stored = str(list(RecoveryCode.objects.values()))
        self.assertNotIn(codes[0].replace("-", ""), stored)
        typed = f" {codes[0].lower().replace('-', ' ')} "
        self.assertTrue(use_recovery_code(user=self.ana.user, code=typed, now=timezone.now()))
        self.assertFalse(use_recovery_code(user=self.ana.user, code=codes[0], now=timezone.now()))
        self.assertContains(self.ana.opens(address("passkeys")), "9 neporabljenih")

    def test_codes_of_another_wrong_ones_and_earlier_ones_open_nothing(self):
        self.ana.sends(address("recovery_codes"))
        earlier = self.ana.sends(address("recovery_codes"))
        code = re.search(r"<li>([0-9A-Z-]{14})</li>", earlier.content.decode())[1]
        cilka = Customer("Cilka", signed_in=False).user
        now = timezone.now() + timedelta(days=400)
        self.assertFalse(use_recovery_code(user=cilka, code=code, now=now))
        self.assertFalse(use_recovery_code(user=self.ana.user, code="0000-0000-0000", now=now))
        self.assertFalse(use_recovery_code(user=self.ana.user, code="", now=now))
        self.ana.sends(address("recovery_codes"))
        self.assertFalse(use_recovery_code(user=self.ana.user, code=code, now=now))

    def test_after_ten_minutes_the_button_is_there_again_once_one_has_confirmed(self):
        self.later(minutes=11)
        self.ana.sends(address("recovery_codes"), status=302)
        Session.objects.update(confirmed_at=timezone.now())
        self.assertContains(self.ana.opens(address("recovery_codes")), "Dokončajte, kar ste začeli")
        self.assertContains(self.ana.sends(address("recovery_codes")), "Vaše obnovitvene kode")
