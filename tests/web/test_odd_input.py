"""What no form of ours sends is answered like anything else that is not there, never with a broken page."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from mojplin.domain.accounts.models import KeptForm, Session
from tests.cast import Customer, PortalTestCase

NUL = "\0"


class OddInput(PortalTestCase):
    def setUp(self) -> None:
        self.ana = Customer("Ana")

    def test_control_characters_in_addresses_name_nothing(self):
        for route in (
            "document",
            "rename",
            "sharing",
            "reading_sent",
            "order_sent",
            "enquiry",
            "enquiry_file",
            "invited",
        ):
            with self.subTest(route):
                self.ana.opens(reverse(f"web:{route}", args=["X"]).replace("/X/", "/%00/"), status=404)

    def test_control_characters_in_forms_without_fields_name_nothing(self):
        self.ana.sends(reverse("web:devices"), {"session": NUL}, status=302)
        self.ana.sends(reverse("web:passkeys"), {"remove": NUL}, status=302)
        self.ana.sends(reverse("web:places"), {"act": "undo", "link": NUL}, status=302)
        self.ana.sends(reverse("web:places"), {"act": "move", "place": NUL, "where": "up"}, status=404)

    def test_control_characters_in_a_search_are_as_if_nobody_had_typed_them(self):
        page = self.ana.opens(reverse("web:places"), q=f"do{NUL}m{chr(7)}", group=NUL)
        self.assertEqual(page.wsgi_request.GET["q"], "dom")

    def test_control_characters_in_addresses_name_nothing_where_a_form_is_kept_either(self):
        Session.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
        self.ana.sends(reverse("web:support"), {"message": "Dober dan"}, status=302)
        self.ana.is_signed_in()
        self.ana.opens("/racuni/%00/", status=404)
        self.ana.opens(reverse("web:support"), place=NUL)

    def test_a_form_for_a_very_long_address_is_not_kept_when_the_session_has_run_out(self):
        Session.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
        self.ana.sends(reverse("web:rename", args=["x" * 600]), {"name": "Dom"}, status=302)
        self.assertFalse(KeptForm.objects.exists())

    def test_a_form_that_leads_to_a_very_long_address_is_remembered_whole(self):
        searched = {"act": "group", "name": "Doma", "q": "č" * 60, "group": "š" * 60, "form_key": "the-same"}
        first = self.ana.sends(reverse("web:places"), searched, status=302)
        again = self.ana.sends(reverse("web:places"), searched, status=302)
        self.assertEqual(again["Location"], first["Location"])
        self.assertGreater(len(first["Location"]), 500)
