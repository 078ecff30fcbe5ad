"""The picture of the invoice for linking: an administrator publishes one of the supplier's own, or goes back."""

import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mojplin.domain.accounts.models import AccessEvent
from tests.cast import Customer, PortalTestCase, Visitor

PAGE = "/urad/objave/slika-racuna/"
WORDS = {"description_sl": "Desno zgoraj pod 1, 2 in 3.", "description_en": "Top right, under 1, 2 and 3."}


class InvoicePictures(PortalTestCase):
    def setUp(self):
        self.given_cast()
        self.ada, self.nika = Customer("Ada", role="admin"), Customer("Nika", role="clerk")

    def publishes(self, **more):
        drawn = io.BytesIO()
        Image.new("RGB", (40, 30), "white").save(drawn, "PNG")
        fields = {"file": SimpleUploadedFile("racun.png", drawn.getvalue())} | WORDS | more
        return self.ada.sends(PAGE, fields)

    def shown(self, path="/pomoc/tri-stevilke/", who=None):
        return (who or Visitor()).opens(path).content.decode()

    def test_without_one_the_portal_draws_it(self):
        self.assertIn('<svg class="inv', self.shown())
        self.assertIn("Portal jo nariše sam", self.ada.opens(PAGE).content.decode())

    def test_a_published_one_stands_where_the_drawn_one_stood_in_the_readers_language(self):
        html = self.ada.follows(self.publishes()).content.decode()
        self.assertIn("Slika je objavljena", html)
        address = re.search(r'<img src="(/pomoc/racun/[^"]+\.jpg)" alt="Desno zgoraj', html)[1]
        picture = Visitor().opens(address)
        self.assertEqual((picture["Content-Type"], picture.content[:2]), ("image/jpeg", b"\xff\xd8"))
        for page in (self.shown(), self.shown("/odjemna-mesta/povezi/", self.ana)):
            self.assertIn(address, page)
            self.assertNotIn('<svg class="inv', page)
        self.assertIn('alt="Top right', self.shown("/en/help/three-numbers/"))

    def test_the_next_one_takes_its_place_and_the_drawn_one_comes_back(self):
        self.publishes()
        self.publishes(description_sl="Druga.")
        self.assertIn('alt="Druga."', self.shown())
        self.ada.presses(f"{PAGE}umik/")
        self.assertIn('<svg class="inv', self.shown())
        kinds = AccessEvent.objects.filter(what__startswith="invoice_picture").order_by("pk").values_list("what", "by")
        self.assertEqual([what.rpartition("_picture_")[2] for what, _by in kinds], ["published"] * 2 + ["taken_back"])

    def test_what_is_no_picture_or_is_not_described_is_refused_and_the_words_stay(self):
        for more, said in (
            ({"file": SimpleUploadedFile("racun.png", b"<svg>")}, "Te datoteke ne moremo prebrati"),
            ({"description_en": " "}, "ne vidi je vsak"),
            ({"file": ""}, "Izberite sliko."),
        ):
            with self.subTest(said):
                html = self.publishes(**more).content.decode()
                self.assertIn(said, html)
                self.assertIn("Desno zgoraj", html)
        self.assertIn('<svg class="inv', self.shown())

    def test_an_unknown_one_is_not_there_and_a_clerk_publishes_none(self):
        Visitor().opens("/pomoc/racun/AAAAAAAAAAAAAAAAAAAAAA.jpg", status=404)
        self.nika.opens(PAGE, status=404)
