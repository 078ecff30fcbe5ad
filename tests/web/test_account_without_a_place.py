"""An account without any supply point is useful: one next step, support, the supplier's forms, texts, profile."""

from tests.cast import PortalTestCase

OPEN = (
    "/", "/podpora/", "/narocila/", "/narocila/jeklenke/", "/narocila/obrazec/gas_purchase/", "/odjemna-mesta/",
    "/odjemna-mesta/povezi/", "/profil/", "/vec/", "/zasebnost/", "/piskotki/", "/dostopnost/",
)  # fmt: skip
OF_A_PLACE = ("/poraba/", "/stanje/", "/racuni/", "/pogodbe/")


class WithoutAPlace(PortalTestCase):
    def setUp(self) -> None:
        self.given_cast()

    def test_home_names_the_one_next_step_and_who_helps(self):
        page = self.cilka.opens("/").content.decode()
        assert page.count("btn--now") == 1
        for text in ("Dobrodošli, Cilka", "/odjemna-mesta/povezi/", "/podpora/", "/narocila/", "/pogoji/"):
            assert text in page

    def test_what_needs_no_place_opens(self):
        for path in OPEN:
            with self.subTest(path=path):
                self.cilka.opens(path)

    def test_what_needs_one_leads_to_the_next_step_or_says_so(self):
        for path in OF_A_PLACE:
            with self.subTest(path=path):
                response = self.cilka.browser.get(path)
                if response.status_code == 302:
                    response = self.cilka.follows(response)
                assert "odjemno mesto" in response.content.decode().lower()

    def test_support_takes_a_question_from_anybody_with_an_account(self):
        sent = self.cilka.sends(
            "/podpora/", {"topic": "other", "place": "", "message": "Kje dobim jeklenko?"}, status=302
        )
        self.assertContains(self.cilka.follows(sent), "Kje dobim jeklenko?")

    def test_english_too(self):
        self.assertContains(self.cilka.opens("/en/"), "Link your first supply point")
