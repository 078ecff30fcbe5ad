"""The portal among the apps of a phone: the icons are what the manifest says of them."""

from datetime import timedelta
from io import BytesIO

from django.test import Client, SimpleTestCase
from django.utils import timezone
from PIL import Image

from mojplin.domain.accounts.models import Session
from tests.cast import Customer, PortalTestCase


class Icons(SimpleTestCase):
    def test_each_picture_is_as_large_as_the_manifest_says_and_one_may_be_cut_to_any_shape(self):
        icons = Client().get("/portal.webmanifest").json()["icons"]
        pictures = [each for each in icons if each["type"] == "image/png"]
        self.assertEqual({each["sizes"] for each in pictures}, {"192x192", "512x512"})
        for each in pictures:
            self.assertEqual("x".join(map(str, picture(each["src"]).size)), each["sizes"])
        maskable = [picture(each["src"]) for each in icons if each["purpose"] == "maskable"]
        self.assertEqual([each.convert("RGB").getpixel((0, 0)) for each in maskable], [(0x0B, 0x55, 0x66)])

    def test_iphones_find_theirs_without_a_transparent_edge(self):
        page = Client().get("/prijava/").content.decode()
        address = page.partition('rel="apple-touch-icon" href="')[2].partition('"')[0]
        found = picture(address)
        self.assertEqual((found.size, found.convert("RGBA").getpixel((0, 0))), ((180, 180), (0x0B, 0x55, 0x66, 255)))


class FetchedByTheBrowser(PortalTestCase):
    def test_what_the_browser_fetches_by_itself_does_not_keep_anybody_signed_in(self):
        ana, an_hour_ago = Customer("Ana"), timezone.now() - timedelta(minutes=58)
        Session.objects.update(last_seen_at=an_hour_ago)
        for address in ("/sw.js", "/portal.webmanifest", "/brez-povezave/", "/en/offline/", "/seja/"):
            ana.browser.get(address)
            self.assertEqual(Session.objects.get().last_seen_at, an_hour_ago, address)
        ana.opens("/vec/")
        self.assertGreater(Session.objects.get().last_seen_at, an_hour_ago)


def picture(address):
    return Image.open(BytesIO(Client().get(address).content))
