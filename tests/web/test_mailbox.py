"""The mailbox of a demo: there in a demo without mail server, nowhere else."""

from django.test import override_settings
from django.utils import timezone

from mojplin.foundation.mail import DemoMail
from tests.cast import PortalTestCase, Visitor


class MailboxTests(PortalTestCase):
    def given_mail(self, **more: object) -> DemoMail:
        fields = {
            "message_id": f"m{DemoMail.objects.count()}", "to": "ana@example.si", "subject": "Potrdite prijavo",
            "text": "Pozdravljeni,\n\nPotrdite prijavo:\nhttp://127.0.0.1:8000/prijava/potrdi/abc/\n",
            "html": "<p></p>", "sent_at": timezone.now(),
        } | more  # fmt: skip
        return DemoMail.objects.create(**fields)

    def test_anybody_reads_the_mails_newest_first_and_follows_their_links(self):
        self.given_mail(subject="Prvo")
        self.given_mail(subject="Drugo")
        page = Visitor().opens("/demo/posta/").content.decode()
        assert page.index("Drugo") < page.index("Prvo")
        assert 'href="http://127.0.0.1:8000/prijava/potrdi/abc/"' in page

    def test_what_stands_in_a_mail_is_text(self):
        self.given_mail(subject="<script>1</script>", text="<img src=x onerror=alert(1)> javascript:alert(1)")
        page = Visitor().opens("/demo/posta/").content.decode()
        assert "<script>1" not in page and "<img src=x" not in page and 'href="javascript' not in page

    def test_an_empty_mailbox_says_when_mail_comes(self):
        assert "Sporočil še ni" in Visitor().opens("/demo/posta/").content.decode()
        assert "No mail yet" in Visitor().opens("/en/demo/mail/").content.decode()

    @override_settings(MAIL_GOES_TO_DEMO_MAILBOX=False)
    def test_with_a_mail_server_or_outside_a_demo_there_is_no_such_page(self):
        self.given_mail()
        Visitor().opens("/demo/posta/", status=404)
