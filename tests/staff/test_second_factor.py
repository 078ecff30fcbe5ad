"""The second factor of staff: set up once, shown at every sign-in, each code good once; without it nothing opens."""

import re
from datetime import timedelta

import pyotp
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, AuthenticatorApp, Passkey, RecoveryCode, Session
from mojplin.interfaces.erp.demo.users import give_apps
from tests.authenticator import Authenticator
from tests.cast import PASSWORD, Customer, Visitor
from tests.mailbox import link_in, mails_to, newest_mail_to
from tests.web.sign_in_case import SignInCase, address

DOOR = "/urad/drugi-dejavnik/"
SITE = override_settings(BASE_URL="http://127.0.0.1:8000", OFFICE_URL="http://127.0.0.1:8000")


class DoorCase(SignInCase):
    def setUp(self) -> None:
        super().setUp()
        self.nika = Customer("Nika", role="clerk", signed_in=False)

    def signs_in(self, *, next_path: str = "", who: Customer | None = None):
        """Go through the office's own sign-in and press the mail's button; return where that leads."""
        who = who or self.nika
        who.browser.cookies.clear()
        sent = who.sends("/urad/prijava/", {"identifier": who.user.username, "password": PASSWORD, "next": next_path})
        assert sent["Location"] == address("waiting"), sent.content.decode()
        links = (link_in(mail) for mail in mails_to(who.user.email) if "/prijava/potrdi/" in mail.text)
        return who.presses(next(links))["Location"]

    def secret(self) -> str:
        """Return the secret the page shows to be typed into the app."""
        page = self.nika.opens(DOOR).content.decode()
        return "".join(re.findall(r'<span class="num">(\w{4})</span>', page))

    def code(self, secret: str, *, steps: int = 0) -> str:
        return pyotp.TOTP(secret).at(timezone.now() + timedelta(seconds=30 * steps))

    def set_up(self) -> str:
        """Sign in for the first time and set the app up; return its secret."""
        self.signs_in()
        secret = self.secret()
        self.nika.sends(DOOR, {"code": self.code(secret)}, status=302)
        self.later(seconds=60)
        return secret


class SettingUp(DoorCase):
    def test_the_first_sign_in_leads_through_setting_up_an_app_to_recovery_codes(self):
        self.assertEqual(self.signs_in(), "/urad/")
        door = self.nika.opens("/urad/", status=302)
        self.assertEqual(door["Location"], f"{DOOR}?next=%2Furad%2F")
        page = self.nika.follows(door)
        self.assertContains(page, "Nastavite drugi dejavnik")
        self.assertContains(page, "<svg")
        secret = self.secret()
        self.assertEqual(self.secret(), secret)
        self.assertNotIn(secret, AuthenticatorApp.objects.get().secret_encrypted)

        own = self.nika.follows(self.nika.sends(DOOR, {"code": f" {self.code(secret)[:3]} {self.code(secret)[3:]} "}))

        self.assertContains(own, "Zdaj ustvarite še obnovitvene kode")
        codes = self.nika.sends("/urad/moja-prijava/kode/", status=200)
        self.assertEqual(len(re.findall(r"<li>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}</li>", codes.content.decode())), 10)
        self.nika.opens("/urad/")
        self.assertIn("aplikacija s kodami", mails_to("nika@example.si")[1].text)
        kinds = AccessEvent.objects.filter(whose=self.nika.user).values_list("what", flat=True)
        self.assertEqual(set(kinds), {"signed_in", "app_added", "recovery_codes_made"})

    def test_it_is_set_up_in_the_ten_minutes_after_a_full_sign_in_alone(self):
        self.signs_in()
        secret = self.secret()
        self.later(minutes=11)
        page = self.nika.sends(DOOR, {"code": self.code(secret)}, status=200)
        self.assertContains(page, "se morate na novo prijaviti")
        self.assertFalse(AuthenticatorApp.objects.filter(proven_at__isnull=False).exists())

    def test_a_secret_another_session_has_seen_is_worth_nothing(self):
        self.signs_in()
        seen = self.secret()
        self.signs_in()
        self.assertNotEqual(self.secret(), seen)
        self.assertContains(self.nika.sends(DOOR, {"code": self.code(seen)}, status=200), "Koda ni prava")

    def test_a_wrong_or_missing_code_is_said_beside_its_field(self):
        self.signs_in()
        self.assertContains(self.nika.sends(DOOR, {"code": ""}, status=200), "Vpišite kodo.")
        for wrong in ("000000", "１２３４５６", "š" * 6, "12345", "x" * 41):
            self.assertContains(self.nika.sends(DOOR, {"code": wrong}, status=200), "id_code_error")

    def test_a_new_phone_takes_the_place_of_the_old_one_and_signs_others_out(self):
        old = self.set_up()
        self.nika.sends(DOOR, {"code": self.code(old)}, status=302)
        other = Session.objects.create(
            key_hash="x", user=self.nika.user, device="d", created_at=timezone.now(), confirmed_at=timezone.now(),
            last_seen_at=timezone.now(),
        )  # fmt: skip
        page = self.nika.opens("/urad/moja-prijava/aplikacija/").content.decode()
        fresh = "".join(re.findall(r'<span class="num">(\w{4})</span>', page))
        self.nika.sends("/urad/moja-prijava/aplikacija/", {"code": self.code(fresh)}, status=302)
        self.assertEqual(AuthenticatorApp.objects.filter(user=self.nika.user).count(), 1)
        self.assertFalse(Session.objects.filter(pk=other.pk).exists())
        self.later(minutes=1)
        self.assertContains(self.nika.sends(DOOR, {"code": self.code(old)}, status=200), "Koda ni prava")


class Demo(DoorCase):
    def test_the_demos_staff_come_in_with_the_code_its_mailbox_shows(self):
        give_apps(now=timezone.now())
        self.assertEqual(self.signs_in(), "/urad/")
        shown = Visitor().opens("/demo/posta/").content.decode()
        code = re.search(r"<dt>Nika</dt><dd[^>]*>(\d{6})</dd>", shown)[1]
        self.nika.sends(DOOR, {"code": code}, status=302)
        self.nika.opens("/urad/")
        give_apps(now=timezone.now())
        self.assertEqual(AuthenticatorApp.objects.count(), 1)


class Showing(DoorCase):
    def test_every_sign_in_asks_and_leads_on_to_where_one_wanted(self):
        secret = self.set_up()
        self.nika.browser.cookies.clear()
        way_in = self.nika.opens("/urad/povezave/", status=302)["Location"]
        self.assertEqual(way_in, "/urad/prijava/?next=%2Furad%2Fpovezave%2F")
        self.assertEqual(self.signs_in(next_path="/urad/povezave/"), "/urad/povezave/")
        door = self.nika.opens("/urad/povezave/", status=302)
        self.assertContains(self.nika.follows(door), "Šest števk")
        before = self.nika.browser.cookies[settings.SESSION_COOKIE_NAME].value
        led = self.nika.sends(DOOR, {"code": self.code(secret), "next": "/urad/povezave/"})
        self.assertEqual(led["Location"], "/urad/povezave/")
        self.nika.opens("/urad/povezave/")
        thief = Customer("Tat", signed_in=False)
        thief.browser.cookies[settings.SESSION_COOKIE_NAME] = before
        thief.opens("/urad/", status=302)

    def test_a_code_that_was_used_is_refused_and_so_is_an_earlier_one(self):
        secret = self.set_up()
        self.signs_in()
        code = self.code(secret)
        self.nika.sends(DOOR, {"code": code}, status=302)
        self.signs_in()
        for replayed in (code, self.code(secret, steps=-1)):
            self.assertContains(self.nika.sends(DOOR, {"code": replayed}, status=200), "Koda ni prava")
        self.later(seconds=30)
        self.nika.sends(DOOR, {"code": self.code(secret)}, status=302)

    def test_a_phone_may_be_half_a_minute_off_and_no_more(self):
        secret = self.set_up()
        self.signs_in()
        for steps in (-2, 2):
            self.nika.sends(DOOR, {"code": self.code(secret, steps=steps)}, status=200)
        self.nika.sends(DOOR, {"code": self.code(secret, steps=1)}, status=302)

    def test_after_five_wrong_codes_the_right_one_waits_and_the_owner_reads_of_it(self):
        secret = self.set_up()
        self.signs_in()
        for _ in range(5):
            self.nika.sends(DOOR, {"code": "000000"}, status=200)
        for _ in range(2):
            self.assertContains(self.nika.sends(DOOR, {"code": self.code(secret)}, status=200), "kod je bilo preveč")
        self.assertEqual(AccessEvent.objects.filter(what="second_factor_guessed").count(), 1)
        self.later(minutes=15)
        self.nika.sends(DOOR, {"code": self.code(secret)}, status=302)

    def test_a_recovery_code_opens_once(self):
        self.set_up()
        page = self.nika.sends("/urad/moja-prijava/kode/", status=200).content.decode()
        code = re.search(r"<li>([0-9A-Z-]{14})</li>", page)[1]
        for opens in (302, 200):
            self.signs_in()
            self.nika.sends(DOOR, {"code": code.lower()}, status=opens)
        self.assertEqual(RecoveryCode.objects.filter(used_at=None).count(), 9)

    def test_ten_minutes_later_sensitive_acts_ask_again_and_others_do_not(self):
        self.set_up()
        self.nika.opens("/urad/moja-prijava/aplikacija/")
        self.later(minutes=11)
        asked = self.nika.opens("/urad/moja-prijava/aplikacija/", status=302)
        self.assertEqual(asked["Location"], f"{DOOR}?next=%2Furad%2Fmoja-prijava%2Faplikacija%2F")
        self.nika.sends("/urad/moja-prijava/kode/", status=302)
        self.assertFalse(RecoveryCode.objects.exists())
        self.nika.opens("/urad/")


class WithAPasskey(DoorCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(SITE)
        self.key = Authenticator()

    def answers(self, way, **fields):
        options = self.nika.sends(f"{DOOR}izziv/", status=200).json()
        return self.nika.sends(f"{DOOR}kljuc/", {"credential": way(options)} | fields)

    def test_a_passkey_is_set_up_instead_of_an_app_and_shown_at_the_next_sign_in(self):
        self.signs_in()
        self.answers(self.key.makes, name="Prenosnik")
        self.assertEqual(Passkey.objects.get().user, self.nika.user)
        self.nika.opens("/urad/")
        self.signs_in()
        self.nika.opens("/urad/", status=302)
        self.assertContains(self.nika.opens(DOOR), "data-passkey")
        self.assertEqual(self.answers(self.key.signs, next="/urad/pogoji/")["Location"], "/urad/pogoji/")
        self.nika.opens("/urad/")

    def test_another_key_or_an_answer_sent_twice_is_refused(self):
        self.signs_in()
        self.answers(self.key.makes, name="Prenosnik")
        self.signs_in()
        self.assertContains(self.answers(Authenticator().signs), "ni bilo mogoče preveriti")
        answer = self.key.signs(self.nika.sends(f"{DOOR}izziv/").json())
        for status in (302, 200):
            self.nika.sends(f"{DOOR}kljuc/", {"credential": answer}, status=status)

    def test_a_key_without_a_name_is_not_kept(self):
        self.signs_in()
        self.assertContains(self.answers(self.key.makes, name=""), "Napaka")
        self.assertFalse(Passkey.objects.exists())


class OwnAddress(DoorCase):
    def test_customers_do_not_come_in_at_the_offices_sign_in(self):
        page = self.ana.sends("/urad/prijava/", {"identifier": "ana", "password": PASSWORD}, status=200)
        self.assertContains(page, "se ne ujemata")
        self.assertEqual(mails_to("ana@example.si"), [])
        self.assertContains(Visitor().opens("/urad/prijava/"), "Prijava v urad")
        self.assertNotContains(Visitor().opens("/urad/prijava/"), "/registracija/")

    def test_signing_out_of_the_office_leads_to_its_own_sign_in(self):
        self.set_up()
        self.assertEqual(self.nika.presses(address("sign_out"))["Location"], "/urad/prijava/")

    @override_settings(
        OFFICE_NETWORKS=settings.ENVIRONMENT.model_copy(update={"office_networks": "192.0.2.0/24"}).networks_of_office()
    )
    def test_outside_its_networks_the_office_does_not_exist(self):
        nothing = Visitor().opens("/ni-take/", status=404).content
        for path in ("/urad/", "/urad/prijava/", "/urad/povezave/"):
            self.assertEqual(Visitor().opens(path, status=404).content, nothing)
        inside = Visitor()
        inside.inspected(inside.browser.get("/urad/prijava/", REMOTE_ADDR="192.0.2.7"), 200)

    @override_settings(OFFICE_URL="https://urad.example.si", ALLOWED_HOSTS=["testserver", "urad.example.si"])
    def test_an_office_with_a_host_of_its_own_is_found_there_alone(self):
        Visitor().opens("/urad/prijava/", status=404)
        at_office = {"headers": {"host": "urad.example.si"}}
        for path, status in (("/urad/prijava/", 200), ("/prijava/", 404), ("/racuni/", 404), ("/pogoji/", 404)):
            with self.subTest(path):
                self.nika.inspected(self.nika.browser.get(path, **at_office), status)
        self.nika.inspected(self.nika.browser.get("/", **at_office), 302)
        fields = {"identifier": "nika", "password": PASSWORD}
        self.nika.browser.post("/urad/prijava/", fields, **at_office)
        mail = newest_mail_to("nika@example.si")
        self.assertIn("https://urad.example.si/prijava/potrdi/", mail.text)
        self.nika.inspected(self.nika.browser.post(link_in(mail), **at_office), 302)
        self.nika.inspected(self.nika.browser.get(DOOR, **at_office), 200)
        # A cookie without a domain is sent to the host that set it alone: the two sign-ins never meet.
        self.assertEqual({each["domain"] for each in self.nika.browser.cookies.values()}, {""})
        led = self.nika.opens("/profil/", status=302)["Location"]
        self.assertTrue(led.startswith(f"https://urad.example.si{DOOR}"), led)
