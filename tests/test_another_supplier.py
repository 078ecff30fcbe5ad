"""Another supplier is another file, nothing else: with the second example nothing of the first one is left anywhere."""

import json
import re
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation

from mojplin.domain.accounts.models import Session
from mojplin.domain.accounts.names import UsernameTaken, good_username
from mojplin.domain.accounts.passkeys import options_to_add
from mojplin.domain.accounts.passwords import PasswordHasName, check_strength
from mojplin.domain.accounts.publishing import shipped_terms
from mojplin.domain.accounts.second_factor import begin_app
from mojplin.domain.contracts.annex import annex_of
from mojplin.domain.contracts.models import Offer
from mojplin.domain.contracts.terms import terms_of
from mojplin.domain.own_data.document_files import copy_pdf
from mojplin.domain.publishing.public_pages import _read
from mojplin.foundation.downloads import zip_download
from mojplin.foundation.mail import written
from mojplin.interfaces.web.brand import COLOURS, ICONS, MARK, brand_url
from tests.cast import Customer, Visitor, moment
from tests.mail_contexts import CONTEXTS
from tests.other_supplier import OTHER, is_the_portal, of_the_first
from tests.pdfs import colours_of_pdf, text_of_pdf
from tests.standing import StandingCase
from tests.test_routes import routes

STATIC = Path(settings.STATICFILES_DIRS[0])


def content_of(answer: HttpResponse) -> str:
    told = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return told.decode(errors="replace").replace("\xa0", " ") + str(answer.headers)


@is_the_portal()
class AnotherSupplier(StandingCase):
    at = moment(2026, 11, 26)

    def given_everything(self) -> None:
        self.given_cast()
        self.given_all_is_well()
        self.nika = Customer("Nika", role="admin")
        self.bill = self.given_document(
            self.anas_payer, self.anas_house, "26-1", open_eur=Decimal("136.84"), reference="SI0026104417"
        )
        self.contract = self.given_contract(self.anas_payer, self.anas_house)

    def setUp(self) -> None:
        super().setUp()
        _read.cache_clear()  # what a process has read of its pages is another supplier's here
        self.addCleanup(_read.cache_clear)

    def test_no_page_says_anything_of_the_first(self) -> None:
        looked, told = 0, ""
        for visitor, language in ((Visitor(), "sl"), (Visitor(), "en"), (self.ana, "sl"), (self.nika, "sl")):
            with translation.override(language):
                for route in routes():
                    if "GET" in route.policy["methods"] and not route.parameters:
                        page = content_of(visitor.browser.get(route.address(None)))
                        self.assertEqual(of_the_first(page), set(), f"{language} {route.name}")
                        looked, told = looked + 1, told + page
        self.assertGreater(looked, 200)
        for theirs in (
            "Gorski plin, d. o. o.",
            "Moj Gorski plin",
            "04 555 00 00",
            "04 555 00 11",
            "Planinska pot 12",
            "pomoc@gorski-plin.example",
        ):
            self.assertIn(theirs, told)

    def test_the_document_is_paid_to_their_account_and_its_copy_is_theirs(self) -> None:
        page = content_of(self.ana.opens(reverse("web:document", args=[self.bill.public_id])))
        self.assertIn("SI56 9901 2345 6789 062", page)
        self.assertIn("Gorski plin d.o.o.", page)
        self.assertEqual(of_the_first(page), set())
        copy = copy_pdf(self.bill, "sl")
        self.assertIn("Gorski plin, d. o. o.", text_of_pdf(copy))
        self.assertIn("#7a1f5c", colours_of_pdf(copy))
        self.assertEqual(of_the_first(text_of_pdf(copy) + str(colours_of_pdf(copy))), set())

    def test_the_annex_of_a_contract_is_theirs(self) -> None:
        offer = Offer(number="P-1", contract=self.contract, months=12, price_eur=Decimal("2.19"), price_basis="fixed")
        annex = text_of_pdf(
            annex_of(self.contract, terms_of(self.contract, offer), language="sl", made_on=self.at.date())
        )
        self.assertIn("Kranj", annex)
        self.assertIn("04 555 00 00", annex)
        self.assertEqual(of_the_first(annex), set())

    def test_every_mail_is_theirs_in_words_and_colours(self) -> None:
        for number, (name, contexts) in enumerate(CONTEXTS.items()):
            mail = written(template=name, context=contexts[0], language=("sl", "en")[number % 2])
            self.assertEqual(of_the_first(mail.subject + mail.text + mail.html), set(), name)
            self.assertIn("Gorski plin, d. o. o., Planinska pot 12, 4000 Kranj", mail.text)
            self.assertIn(">Moj Gorski plin</p>", mail.html)
        self.assertIn("#7a1f5c", mail.html)
        self.assertEqual(settings.DEFAULT_FROM_EMAIL, '"Moj Gorski plin" <obvestila@moj.example.si>')

    def test_what_a_phone_keeps_calls_the_portal_theirs(self) -> None:
        self.assertEqual(Visitor().browser.get("/portal.webmanifest").json()["name"], "Moj Gorski plin")
        worker = content_of(Visitor().browser.get("/sw.js"))
        self.assertIn('const NAME = "Moj Gorski plin";', worker)
        address = re.search(r'value="https?://[^/]+(/[^"]+\.ics)"', content_of(self.ana.sends("/profil/koledar/")))
        assert address
        windows = f"{reverse('web:reading_calendar')}?place={self.anas_house.public_id}"
        for calendar in (content_of(self.ana.browser.get(each)) for each in (address[1], windows)):
            self.assertIn("-//Moj Gorski plin//", calendar)
            self.assertEqual(of_the_first(calendar), set())
        session = Session.objects.filter(user=self.nika.user).latest("pk")
        self.assertEqual(json.loads(options_to_add(session=session, now=self.at))["rp"]["name"], "Moj Gorski plin")
        self.assertIn("issuer=Moj%20Gorski%20plin", begin_app(session=session, now=self.at).address)

    def test_letters_files_and_terms_call_the_portal_theirs(self) -> None:
        page = f"/urad/povezave/placnik/{self.anas_payer.number}/pismo/"
        letter = content_of(self.nika.sends(page))
        self.assertIn("portalu Moj Gorski plin", letter)
        for text in (letter, shipped_terms("sl"), shipped_terms("en")):
            self.assertEqual(of_the_first(text), set())
        self.assertIn("portala Moj Gorski plin,", shipped_terms("sl"))
        copy = zip_download([], made_at=self.at, size_bytes=0)
        self.assertEqual(copy["Content-Disposition"], 'attachment; filename="moj-gorski-plin-2026-11-26.zip"')

    def test_nobody_takes_the_portals_name_as_theirs_and_no_password_holds_it(self) -> None:
        for name in ("MojGorskiPlin", "gorski-plin", "Moj.Gorski"):
            self.assertRaises(UsernameTaken, good_username, name)
        self.assertEqual(good_username("butanplin"), "butanplin")
        for password in ("konj4&MojGorskiPlin!lampa", "zeleni-gorski-plin-77x"):
            self.assertRaises(PasswordHasName, check_strength, password, names=())

    def test_the_looks_are_theirs_kept_for_good_and_asked_of_no_database(self) -> None:
        visitor = Visitor()
        for name in (COLOURS, MARK, *ICONS):
            with self.assertNumQueries(0):
                answer = visitor.browser.get(brand_url(name))
            self.assertEqual((answer.status_code, answer["Cache-Control"][-9:]), (200, "immutable"), name)
        colours = content_of(visitor.browser.get(brand_url(COLOURS)))
        self.assertIn("--brand:#7a1f5c;", colours)
        self.assertEqual(of_the_first(colours), set())
        self.assertIn("Gorski plin", content_of(visitor.browser.get(brand_url(MARK))))
        manifest = visitor.browser.get("/portal.webmanifest").json()
        self.assertEqual(manifest["theme_color"], "#7a1f5c")
        self.assertEqual({each["src"].rpartition("/")[0] + "/" for each in manifest["icons"]}, {brand_url("")})

    def test_an_address_of_looks_that_are_no_longer_theirs_is_not_found(self) -> None:
        for path in ("/brand/000000000000/colours.css", brand_url("other.css"), brand_url("../mark.svg")):
            self.assertEqual(Visitor().browser.get(path).status_code, 404)


def test_the_second_example_differs_in_all_that_makes_a_supplier() -> None:
    assert {"SUPPLIER", "BRAND", "MARK_SVG", "PAYEE", "PAYEE_IBANS", "READING_WINDOWS", "OFFER_DAYS_BEFORE"} <= set(
        OTHER
    )
    assert {"SUPPLIER_FORMS", "OFFICE_ANSWERS", "SUPPORT_HOURS", "EPC_QR", "ORDER_LEAST_L"} <= set(OTHER)


def test_no_style_sheet_and_no_template_names_anything_of_the_first() -> None:
    folders = (STATIC, STATIC.parent / "templates", STATIC.parent.parent / "staff", Path("mojplin/domain"))
    files = [
        file for folder in folders for file in folder.rglob("*") if file.suffix in (".css", ".html", ".typ", ".js")
    ]
    assert len(files) > 100
    assert {file.name: found for file in files if (found := of_the_first(file.read_text(encoding="utf-8")))} == {}
