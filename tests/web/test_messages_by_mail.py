"""Choosing messages by kind, place and rhythm, stopping them by the link of a mail, and what was sent."""

import re
from datetime import date
from urllib.parse import urlsplit

import time_machine
from django.core import mail as sent_mail
from django.test import Client, override_settings

from mojplin.domain.accounts.models import AccessEvent, NoticeChoice
from mojplin.domain.linking.models import Link
from mojplin.domain.notifications.models import QuietPlace, Rhythm
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.unsubscribing import Stop, stop_url
from tests.cast import PortalTestCase, Visitor, moment

NOON = moment(2026, 11, 2)
PAGE = "/profil/sporocila/"


class MessagesCase(PortalTestCase):
    def setUp(self):
        self.enterContext(time_machine.travel(NOON, tick=False))
        self.enterContext(override_settings(READING_REMINDERS=False))
        self.given_cast()
        Link.objects.update(created_at=moment(2026, 1, 1))

    def received(self):
        """Send what is new as a real mail, and return it."""
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2026, 11, 2), due_on=None)
        with override_settings(
            MAIL_GOES_TO_DEMO_MAILBOX=False, EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"
        ):
            tell_everyone(NOON)
            drain()
        return sent_mail.outbox[0]


class OneClick(MessagesCase):
    def test_a_mail_program_stops_the_kind_with_one_post_without_a_session(self):
        mail = self.received()
        headers = mail.message()
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = re.fullmatch("<(.+)>", "".join(headers["List-Unsubscribe"].split()))[1]
        assert address in mail.body and address in mail.alternatives[0].content
        path = urlsplit(address).path
        program = Client(enforce_csrf_checks=True)
        for _twice in range(2):
            assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert list(NoticeChoice.objects.values_list("user", "topic", "is_wanted")) == [
            (self.ana.user.pk, "new_document", False)
        ]
        assert AccessEvent.objects.filter(whose=self.ana.user, what="notices_changed").count() == 1

    def test_opening_the_link_changes_nothing_and_its_button_does(self):
        path = urlsplit(stop_url(Stop(self.ana.user.pk, ["contract_ending"]))).path
        page = Visitor().opens(path)
        assert "Pogodba se kmalu izteče" in page.content.decode() and not NoticeChoice.objects.exists()
        assert "ne bodo več prihajala" in Visitor().sends(path, status=200).content.decode()
        assert NoticeChoice.objects.get().topic == "contract_ending"

    def test_a_forged_link_and_one_of_what_the_law_requires_do_not_exist(self):
        whole = urlsplit(stop_url(Stop(self.ana.user.pk, ["contract_ending"]))).path
        required = urlsplit(stop_url(Stop(self.ana.user.pk, ["renewal_answered"]))).path
        for path in (whole[:-2] + "/", required, "/sporocila/odjava/x/", "/sporocila/odjava/a:b/"):
            Visitor().opens(path, status=404)
            Visitor().sends(path, status=404)
        assert not NoticeChoice.objects.exists()

    def test_a_form_that_another_site_makes_a_browser_send_is_refused(self):
        path = urlsplit(stop_url(Stop(self.ana.user.pk, ["contract_ending"]))).path
        assert Client(headers={"sec-fetch-site": "cross-site"}).post(path).status_code == 403
        assert not NoticeChoice.objects.exists()


class Choosing(MessagesCase):
    def test_places_and_rhythm_are_kept_and_shown(self):
        first, second = self.bojans_points
        fields = {"shown": [first.public_id, second.public_id], "place": [second.public_id], "often": "weekly"}
        html = self.bojan.follows(self.bojan.sends(PAGE, fields)).content.decode()
        assert QuietPlace.objects.get().link.supply_point == first
        assert f'value="{first.public_id}">' in html and f'value="{second.public_id}" checked>' in html
        assert Rhythm.objects.get().often == "weekly" and 'value="weekly" checked' in html
        self.bojan.sends(PAGE, {"shown": [first.public_id], "place": [first.public_id], "often": "x" * 500})
        assert not QuietPlace.objects.exists() and Rhythm.objects.get().often == "weekly"

    def test_nobody_quietens_a_place_of_somebody_else(self):
        self.cilka.sends(PAGE, {"shown": [self.anas_house.public_id], "often": "daily"}, status=302)
        assert not QuietPlace.objects.exists()

    def test_what_the_law_requires_says_so_and_is_no_choice(self):
        html = self.ana.opens(PAGE).content.decode()
        assert 'value="contract_ending"' in html and 'value="renewal_answered"' not in html
        assert "Tako zahteva zakon: pisno imate, ali in do kdaj" in html

    def test_the_page_needs_the_same_statements_for_few_and_many_places(self):
        with self.assertNumQueries(7):
            self.ana.browser.get(PAGE)
        with self.assertNumQueries(7):
            self.bojan.browser.get(PAGE)


class Sent(MessagesCase):
    def test_it_lists_ones_own_newest_first_and_nobody_elses(self):
        assert "še nismo poslali" in self.ana.opens(f"{PAGE}poslana/").content.decode()
        self.received()
        html = self.ana.opens(f"{PAGE}poslana/").content.decode()
        assert "Nov račun ali dobropis" in html and "26-1" in html and "Dom" in html
        assert "še nismo poslali" in self.cilka.opens(f"{PAGE}poslana/").content.decode()
        assert "26-1" in self.ana.opens("/en/profile/messages/sent/").content.decode()
