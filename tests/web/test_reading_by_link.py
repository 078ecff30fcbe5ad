"""The reminder of a reading, and sending it straight from the mail."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import time_machine
from django.test import override_settings

from mojplin.domain.accounts.models import NoticeChoice
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.reading_links import reading_link_token
from mojplin.domain.metering.models import SubmittedReading
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.delivery import drain
from tests.cast import Visitor, moment
from tests.web.test_readings import OPEN_DAY, ReadingCase

FIRST_MORNING = moment(2026, 11, 25, 8)


class LinkCase(ReadingCase):
    def reminds(self, at=FIRST_MORNING):
        """Let the worker do its hourly chore and send what waits; return the mails of that."""
        before = set(DemoMail.objects.values_list("pk", flat=True))
        with time_machine.travel(at, tick=False):
            tell_everyone(at)
            drain()
        return list(DemoMail.objects.exclude(pk__in=before).filter(subject__startswith="Oddajte").order_by("to"))

    def link(self):
        """Return the path of the link in Ana's reminder."""
        mail = next(each for each in self.reminds() if each.to == "ana@example.si")
        return urlsplit(re.search(r"https?://\S+/stanje/iz-opomnika/\S+", mail.text).group()).path

    def with_nobody(self, method, path, *arguments, on=OPEN_DAY, **more):
        with time_machine.travel(on, tick=False):
            return getattr(self.somebody, method)(path, *arguments, **more)

    def setUp(self):
        super().setUp()
        self.somebody = Visitor()


class ReminderTest(LinkCase):
    def test_it_comes_once_on_the_first_morning_with_all_places_of_a_person(self):
        mails = self.reminds()
        assert [each.to for each in mails] == ["ana@example.si", "bojan@example.si"]
        assert mails[0].subject == "Oddajte stanje števca, še 5 dni"
        assert "zadnje stanje je 4312\xa0m³" in mails[0].text
        assert "Apartma 1" in mails[1].text and "Apartma 2" in mails[1].text
        assert self.reminds() == [] and self.reminds(moment(2026, 11, 26, 9)) == []

    def test_a_second_one_comes_two_days_before_the_end_to_whoever_sent_nothing(self):
        self.reminds()
        self.submits("4399")
        assert self.reminds(moment(2026, 11, 27, 12)) == []
        assert [each.to for each in self.reminds(moment(2026, 11, 28, 8))] == ["bojan@example.si"]
        assert self.reminds(moment(2026, 11, 30, 8)) == []

    def test_it_never_comes_at_night_nor_outside_the_window(self):
        for at in (moment(2026, 11, 25, 7, 59), moment(2026, 11, 25, 20), moment(2026, 11, 24, 12)):
            assert self.reminds(at) == []

    def test_whoever_does_not_want_it_and_whoever_may_not_send_get_none(self):
        NoticeChoice.objects.create(user=self.ana.user, topic="reading_due", is_wanted=False)
        Link.objects.filter(user=self.bojan.user).update(ended_at=FIRST_MORNING)
        assert self.reminds() == []

    def test_the_supplier_can_switch_it_off(self):
        with override_settings(READING_REMINDERS=False):
            assert self.reminds() == []

    def test_each_place_is_reminded_within_its_own_window(self):
        self.anas_house.reading_first_day, self.anas_house.reading_last_day = 5, 9
        self.anas_house.save()
        assert [each.to for each in self.reminds()] == ["bojan@example.si"]
        assert [each.to for each in self.reminds(moment(2026, 12, 5, 8))] == ["ana@example.si"]


class ByLinkTest(LinkCase):
    def test_a_reading_is_sent_without_signing_in_and_nothing_is_shown_but_what_the_mail_said(self):
        path = self.link()
        html = self.with_nobody("opens", path).content.decode()
        assert "Dom" in html and 'name="typed"' in html
        for hidden in ("Ana", "Ob potoku", "4260", "97", "1042-7731", "20418837", "€"):
            assert hidden not in re.sub(r"<[^>]+>", "", html), hidden
        answer = self.with_nobody("sends", path, {"typed": "4399"}, status=302)
        assert answer["Location"] == path
        reading = SubmittedReading.objects.get()
        assert (int(reading.value_m3), reading.way, reading.submitted_by) == (4399, "reminder", self.ana.user)
        assert "Hvala, prejeli smo stanje 4399\xa0m³." in self.with_nobody("opens", path).content.decode()
        again = self.with_nobody("opens", path).content.decode()
        assert "Stanje smo prejeli." in again and "4399" not in again

    def test_it_asks_as_the_portal_does_but_tells_nothing_of_what_was_used(self):
        html = self.with_nobody("sends", self.link(), {"typed": "43990"}).content.decode()
        assert "Potem je pravo stanje 4399\xa0m³." in html and "pričakovali" not in html
        assert not SubmittedReading.objects.exists()

    def test_a_lower_counter_leads_to_what_it_can_be(self):
        path = self.link()
        html = self.with_nobody("sends", path, {"typed": "4299"}).content.decode()
        assert "Ste morda odčitali drug števec?" in html and "ta je za Dom" in html
        assert f'href="{path}zamenjava/?typed=4299"' in html
        self.with_nobody("sends", path, {"typed": "4299", "confirmed_m3": "4299"}, status=302)
        reading = SubmittedReading.objects.get()
        assert (int(reading.value_m3), reading.is_odd, reading.way) == (4299, True, "reminder")

    def test_an_exchanged_meter_is_reported_without_signing_in_and_nothing_is_shown(self):
        path = f"{self.link()}zamenjava/"
        page = self.with_nobody("opens", f"{path}?typed=41").content.decode()
        assert 'value="41"' in page
        exchange = {"old_final": "4350", "exchanged_on": "2026-11-12", "new_number": "G4-55501", "new_initial": "0"}
        refused = self.with_nobody("sends", path, exchange | {"old_final": "4300", "typed": "41"}).content.decode()
        for hidden in ("Ana", "Ob potoku", "4260", "97", "G4-1042-7731", "20418837", "€"):
            assert hidden not in re.sub(r"<[^>]+>", "", page + refused), hidden
        assert "Stari števec ne more kazati manj" in refused
        for _again in range(2):
            self.with_nobody("sends", path, exchange | {"typed": "41", "form_key": "k"}, status=302)
        reading = SubmittedReading.objects.get()
        assert (int(reading.value_m3), reading.is_odd, reading.way) == (41, True, "reminder")
        assert (reading.exchange.new_number, reading.submitted_by) == ("G4-55501", self.ana.user)
        with override_settings(READING_LINKS=False):
            self.with_nobody("opens", path, status=410)

    def test_it_is_good_from_the_first_to_the_last_minute_of_its_window_alone(self):
        path = self.link()
        for at, status in (
            (moment(2026, 11, 24, 23, 59), 410), (moment(2026, 11, 25, 0, 0), 200), (moment(2026, 11, 30, 23, 59), 200),
            (moment(2026, 12, 1, 0, 0), 410), (moment(2026, 12, 26), 410), (moment(2027, 11, 26), 410),
        ):  # fmt: skip
            with self.subTest(at=at):
                self.with_nobody("opens", path, on=at, status=status)

    def test_it_ends_with_the_link_of_the_place_with_the_account_and_with_the_setting(self):
        path = self.link()
        with override_settings(READING_LINKS=False):
            self.with_nobody("opens", path, status=410)
        self.ana.user.closing_asked_at = OPEN_DAY
        self.ana.user.save()
        self.with_nobody("opens", path, status=410)
        self.ana.user.closing_asked_at = None
        self.ana.user.save()
        self.with_nobody("opens", path, status=200)
        Link.objects.filter(user=self.ana.user).update(ended_at=OPEN_DAY)
        self.with_nobody("opens", path, status=410)
        assert self.with_nobody("sends", path, {"typed": "4399"}).status_code == 410
        assert not SubmittedReading.objects.exists()

    def test_a_forged_or_changed_one_opens_nothing(self):
        path = self.link()
        link = Link.objects.get(user=self.bojan.user, supply_point=self.bojans_points[0])
        other_month = reading_link_token(link.pk, (OPEN_DAY + timedelta(days=40)).date().replace(day=1))
        for token in ("x", "a:b:c", path.split("/")[-2][:-1], other_month, "é"):
            with self.subTest(token=token):
                self.with_nobody("opens", f"/stanje/iz-opomnika/{token}/", status=410)

    def test_the_same_form_sent_twice_counts_once(self):
        path = self.link()
        for _again in range(2):
            self.with_nobody("sends", path, {"typed": "4399", "form_key": "k"}, status=302)
        assert SubmittedReading.objects.count() == 1

    def test_with_the_links_off_the_mail_leads_to_signing_in(self):
        with override_settings(READING_LINKS=False):
            mail = self.reminds()[0]
        assert "/stanje/?place=" in mail.text and "iz-opomnika" not in mail.text
