"""Who is told of a new link, and ends it by what the mail carries."""

from datetime import timedelta

from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.linking.models import ClosedPayer, Link, LinkNotice
from mojplin.foundation.models import Message
from tests.cast import Customer
from tests.mailbox import link_in, mails_to, newest_mail_to
from tests.web.test_linking import NO_MATCH, LinkingCase


class Notices(LinkingCase):
    def test_the_contact_and_everybody_linked_are_told_and_may_end_the_link(self):
        self.given_link(self.bojan, self.payer, self.point)
        self.tries(self.cilka)
        for address in ("bojan@example.si", "dragica@example.si"):
            mail = newest_mail_to(address)
            assert "Log 7" in mail.text and "cilka@" not in mail.text
            assert "/prekini/" in link_in(mail)
        assert "/prekini/" not in str(list(Message.objects.values_list("payload")))

    def test_looking_ends_nothing_and_the_ticked_button_ends_it_without_signing_in(self):
        self.tries(self.cilka)
        address = link_in(newest_mail_to("dragica@example.si"))
        stranger = Customer("Nihče", signed_in=False)
        for _look in range(3):
            assert "Log 7" in stranger.opens(address).content.decode()
        stranger.sends(address, status=200)
        assert Link.objects.get(user=self.cilka.user).ended_at is None
        assert "Povezava je prekinjena" in stranger.sends(address, {"certain": "on"}).content.decode()
        assert Link.objects.get(user=self.cilka.user).ended_because == "notice"
        assert "prekinil" in newest_mail_to("cilka@example.si").text
        stranger.opens(address, status=410)
        assert AccessEvent.objects.filter(whose=self.cilka.user, what="point_unlinked").count() == 1
        assert NO_MATCH in self.refused(self.cilka), "whoever was thrown out needs a code to come back"

    def test_removing_the_link_for_a_while_does_not_dodge_the_notice(self):
        self.tries(self.cilka)
        address = link_in(newest_mail_to("dragica@example.si"))
        link = Link.objects.get(user=self.cilka.user)
        self.cilka.sends(f"/odjemna-mesta/{self.point.public_id}/odstrani/", status=302)
        stranger = Customer("Nihče", signed_in=False)
        assert "Povezava je prekinjena" in stranger.sends(address, {"certain": "on"}).content.decode()
        self.cilka.sends("/odjemna-mesta/", {"act": "undo", "link": link.public_id}, status=302)
        link.refresh_from_db()
        assert link.ended_at and link.ended_because == "notice"
        assert ClosedPayer.objects.filter(payer=self.payer, reopened_at=None).exists()
        stranger.opens(address, status=410)

    def test_a_notice_holds_ninety_days_and_a_wrong_one_nothing(self):
        self.tries(self.cilka)
        address = link_in(newest_mail_to("dragica@example.si"))
        LinkNotice.objects.update(made_at=timezone.now() - timedelta(days=91))
        self.cilka.opens(address, status=410)
        self.cilka.opens("/odjemna-mesta/prekini/ni-tak/", status=410)

    def test_a_notice_ends_nothing_for_who_is_no_longer_concerned(self):
        bojans = self.given_link(self.bojan, self.payer, self.point)
        self.tries(self.cilka)
        addresses = [link_in(newest_mail_to(to)) for to in ("bojan@example.si", "dragica@example.si")]
        Link.objects.filter(pk=bojans.pk).update(ended_at=timezone.now(), ended_because="staff")
        type(self.payer).objects.filter(pk=self.payer.pk).update(email="nova@example.si")
        for address in addresses:
            self.bojan.sends(address, {"certain": "on"}, status=410)
        assert Link.objects.get(user=self.cilka.user).ended_at is None

    def test_a_notice_still_waiting_is_not_sent_to_who_is_no_longer_concerned(self):
        bojans = self.given_link(self.bojan, self.payer, self.point)
        self.tries(self.cilka)
        Link.objects.filter(pk=bojans.pk).update(ended_at=timezone.now(), ended_because="staff")
        assert not mails_to("bojan@example.si")
        assert mails_to("dragica@example.si")

    def test_a_user_cannot_end_whom_the_payers_contact_confirmed(self):
        self.given_link(self.bojan, self.payer, self.point)
        self.tries(Customer("Dragica", email="dragica@example.si"))
        assert "/prekini/" not in newest_mail_to("bojan@example.si").text
        assert "/prekini/" in newest_mail_to("dragica@example.si").text

    def test_without_a_contact_the_erp_is_asked_for_a_line_on_the_next_invoice(self):
        type(self.payer).objects.filter(pk=self.payer.pk).update(email="")
        self.tries(self.cilka)
        message = Message.objects.get(topic="erp.link.created")
        assert message.payload["payer"] == "20420001" and "1043-0001" in message.payload["line"]
        assert "cilka" not in str(message.payload).casefold()
