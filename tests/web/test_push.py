"""Messages as notifications: a device is turned on and off on the page of messages, and ends when it is signed out."""

from datetime import timedelta
from unittest.mock import ANY

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from mojplin.domain.accounts.devices import forget_old_devices
from mojplin.domain.accounts.models import AccessEvent, KnownDevice, PushDevice, Session
from mojplin.domain.accounts.sessions import forget_ended_sessions, sign_out_by_office
from mojplin.domain.own_data.of_account import push_devices
from tests.cast import PASSWORD, Customer, Visitor
from tests.mailbox import link_in, mails_to
from tests.push_service import PushBrowser
from tests.web.sign_in_case import SignInCase, address

NEW_PASSWORD = "kolovrat-oblak-sukno-brin"


class PushCase(SignInCase):
    """Ana signs in with her phone and her laptop, and turns notifications on in both."""

    def setUp(self) -> None:
        super().setUp()
        self.laptop, self.in_phone, self.in_laptop = Visitor(), PushBrowser("phone"), PushBrowser("laptop")
        self.turns_on(self.phone, self.in_phone)
        self.turns_on(self.laptop, self.in_laptop)

    def signs_in(self, visitor: Visitor, name: str = "ana") -> None:
        visitor.sends(address("sign_in"), {"identifier": name, "password": PASSWORD}, status=302)
        letter = next(each for each in mails_to(f"{name}@example.si") if each.subject == "Potrdite prijavo")
        visitor.presses(link_in(letter))

    def turns_on(self, visitor: Visitor, browser: PushBrowser, name: str = "ana") -> None:
        self.signs_in(visitor, name)
        visitor.sends(address("push_on"), browser.fields, status=302)
        self.later(minutes=1)

    def on(self) -> list[str]:
        """Return the devices of Ana that are on, the newest first."""
        mine = PushDevice.objects.filter(user=self.ana.user).order_by("-added_at")
        return [each.rpartition("/")[2] for each in mine.values_list("endpoint", flat=True)]


class Choosing(PushCase):
    def test_the_page_lists_the_devices_marks_this_one_and_needs_no_script_to_end_one(self):
        html = self.phone.opens(address("notices")).content.decode()
        assert html.count("vklopljena 23.\xa0novembra ob 10.0") == 2 and html.count("ta naprava") == 1
        assert f'data-push="{PushDevice.objects.first().server_key}"' in html and "data-push-off" in html
        self.phone.sends(address("push_off"), {"device": self.public_id("laptop")}, status=302)
        assert self.on() == ["phone"]
        assert "Naprava ne kaže več obvestil." in self.phone.opens(address("notices")).content.decode()
        assert AccessEvent.objects.filter(whose=self.ana.user, what="notices_changed").count() == 3

    def public_id(self, name: str) -> str:
        return PushDevice.objects.get(endpoint__endswith=name).public_id

    def test_the_same_device_again_is_one_and_another_address_takes_the_place_of_the_former(self):
        self.phone.sends(address("push_on"), self.in_phone.fields, status=302)
        self.phone.sends(address("push_on"), PushBrowser("phone-2").fields, status=302)
        assert self.on() == ["phone-2", "laptop"]

    def test_the_eleventh_device_ends_the_one_that_was_added_longest_ago(self):
        for number in range(9):
            PushDevice.objects.create(
                user=self.ana.user, added_at=timezone.now(), endpoint_hash=str(number), endpoint=f"/{number}",
                browser=KnownDevice.objects.create(user=self.ana.user, secret_hash=number, last_used_at=timezone.now()),
            )  # fmt: skip
        self.laptop.sends(address("push_on"), self.in_laptop.fields, status=302)
        assert len(self.on()) == 10 and "phone" not in self.on() and "laptop" in self.on()

    def test_a_strangers_device_cannot_be_ended_or_seen(self):
        cilka = Customer("Cilka")
        cilka.sends(address("push_off"), {"device": self.public_id("phone")}, status=302)
        assert self.on() == ["laptop", "phone"]
        assert "vklopljena" not in cilka.opens(address("notices")).content.decode()

    def test_whoever_asks_last_in_a_shared_browser_is_told_there_and_the_other_no_longer(self):
        cilka = Customer("Cilka", signed_in=False)
        self.phone.browser.cookies.pop(settings.SESSION_COOKIE_NAME)
        self.turns_on(self.phone, self.in_phone, "cilka")
        assert self.on() == ["laptop"] and PushDevice.objects.filter(user=cilka.user).count() == 1

    def test_an_address_into_our_own_network_is_refused_with_a_sentence(self):
        for wrong in (
            {"endpoint": "https://127.0.0.1/a"},
            {"endpoint": "https://169.254.169.254/"},
            {"p256dh": "x"},
            {"auth": ""},
        ):
            self.phone.sends(address("push_on"), self.in_phone.fields | wrong, status=302)
            page = self.phone.opens(address("notices")).content.decode()
            assert "Ta brskalnik ni dal naslova" in page, wrong
        assert self.on() == ["laptop", "phone"]

    def test_without_our_key_nothing_is_spoken_of_and_nothing_can_be_turned_on(self):
        self.phone.opens(address("notices"))
        with override_settings(PUSH_KEY=""):
            html = self.phone.opens(address("notices")).content.decode()
            assert "push" not in html and "Obvestila" not in html and "Vklopite" not in html
            self.phone.sends(address("push_on"), self.in_phone.fields, status=404)

    def test_the_page_needs_the_same_statements_for_one_device_and_for_two(self):
        self.phone.opens(address("notices"))
        for count in (2, 1):
            with self.assertNumQueries(6):
                html = self.phone.browser.get(address("notices")).content.decode()
            assert html.count("vklopljena") == count
            PushDevice.objects.filter(endpoint__endswith="laptop").delete()

    def test_the_copy_of_ones_data_says_which_devices_and_whose_service_and_holds_no_key(self):
        told = {"device": "Chrome, Linux", "service": "fcm.googleapis.com", "added_at": ANY}
        assert push_devices(self.ana.user, []) == [told, told]


class Ending(PushCase):
    def test_signing_out_here_ends_this_device_alone(self):
        self.phone.presses(address("sign_out"))
        assert self.on() == ["laptop"]

    def test_signing_a_device_out_from_another_ends_it_there(self):
        session = Session.objects.order_by("pk").first()
        self.laptop.sends(address("devices"), {"session": session.public_id}, status=302)
        assert self.on() == ["laptop"]

    def test_signing_out_everywhere_ends_all_but_this_one_also_where_the_session_had_run_out(self):
        self.later(days=40)
        forget_ended_sessions(timezone.now())
        assert self.on() == ["laptop", "phone"]
        self.signs_in(self.laptop)
        self.laptop.sends(address("end_sessions"), status=302)
        assert self.on() == ["laptop"]

    def test_a_session_that_runs_out_leaves_them_and_the_next_sign_in_ends_them(self):
        self.later(hours=13)
        self.signs_in(self.phone)
        assert self.on() == ["laptop", "phone"]
        self.phone.presses(address("sign_out"))
        assert self.on() == ["laptop"]

    def test_signing_in_once_more_while_one_is_in_ends_nothing(self):
        self.signs_in(self.phone)
        assert self.on() == ["laptop", "phone"]
        assert "data-push-off" in self.phone.opens(address("notices")).content.decode()

    def test_the_office_signs_out_a_customer_and_all_their_devices(self):
        sign_out_by_office(user=self.ana.user, reason="Ukraden telefon.", by=self.ana.user, ip=None, now=timezone.now())
        assert self.on() == []

    def test_a_new_password_and_closing_the_account_end_all(self):
        fields = {"current_password": PASSWORD, "password": NEW_PASSWORD}
        for acts in (
            lambda: self.phone.sends(address("change_password"), fields, status=302),
            lambda: self.phone.sends(address("close_account"), {"is_sure": "on"}, status=302),
        ):
            self.phone.sends(address("push_on"), self.in_phone.fields, status=302)
            assert "phone" in self.on()
            acts()
            assert self.on() == []

    def test_a_browser_nobody_has_signed_in_with_for_half_a_year_is_forgotten_with_them(self):
        self.later(days=100)
        self.signs_in(self.phone)
        self.later(days=100)
        forget_old_devices(timezone.now())
        assert self.on() == ["phone"]
        assert timezone.now() - PushDevice.objects.get().added_at > timedelta(days=180)
