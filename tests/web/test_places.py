"""My supply points: names everywhere, pictures, order, groups, search, removal and its undoing."""

import re
from datetime import date, timedelta
from decimal import Decimal

import time_machine
from django.utils import timezone

from mojplin.domain.linking.models import Link, PlaceGroup
from mojplin.domain.supply.models import PayerPeriod
from mojplin.foundation.models import Message
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to

PLACES = "/odjemna-mesta/"
CANARY = "Kanarček 🏡 pod lipo"


class PlacesCase(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def html(self, customer, path=PLACES, **query):
        return customer.opens(path, **query).content.decode()

    def given_places(self, customer, count):
        payer = self.given_payer("20450000", name="Občina", serial=450, kind="company")
        return [
            Link.objects.create(
                user=customer.user, payer=payer, name=f"Mesto {number:03}", position=number, created_at=timezone.now(),
                supply_point=self.given_supply_point(payer, f"4500-{number}", street=f"Trg {number}"),
            )
            for number in range(count)
        ]  # fmt: skip

    def order(self, customer):
        links = Link.objects.filter(user=customer.user, ended_at=None).order_by("position", "pk")
        return [name[-1] for name in links.values_list("name", flat=True)]


class Looks(PlacesCase):
    def test_name_picture_and_colour_are_chosen_on_one_page(self):
        address = f"{PLACES}{self.anas_house.public_id}/ime/"
        assert 'value="church"' in self.html(self.ana, address)
        fields = {"name": "  Župnišče ⛪ ", "icon": "church", "colour": "violet"}
        html = self.ana.follows(self.ana.sends(address, fields)).content.decode()
        assert "Župnišče ⛪" in html and "pin--violet" in html

    def test_an_unknown_picture_or_a_bad_name_changes_nothing(self):
        address = f"{PLACES}{self.anas_house.public_id}/ime/"
        good = {"name": "Dom", "icon": "home", "colour": "blue"}
        for bad in ({"icon": "castle"}, {"colour": "url(x)"}, {"name": ""}, {"name": "x" * 61}, {"name": "a\u202eb"}):
            self.ana.sends(address, good | bad, status=200)
        link = Link.objects.get(user=self.ana.user)
        assert (link.name, link.icon, link.colour) == ("Dom", "home", "blue")

    def test_html_in_a_name_is_only_text(self):
        address = f"{PLACES}{self.anas_house.public_id}/ime/"
        fields = {"name": "<b>Dom</b>", "icon": "home", "colour": "blue"}
        html = self.ana.follows(self.ana.sends(address, fields)).content.decode()
        assert "&lt;b&gt;Dom&lt;/b&gt;" in html and "<b>Dom" not in html

    def test_the_users_own_name_stands_on_every_page_and_mail_about_the_place(self):
        Link.objects.filter(user=self.ana.user).update(name=CANARY)
        self.given_billed(
            self.anas_meter, self.anas_payer, month=date(2026, 10, 1), value_from_m3="1200", value_to_m3="1250"
        )
        bill = self.given_document(self.anas_payer, self.anas_house, "26-1", open_eur=Decimal("136.84"))
        self.given_contract(self.anas_payer, self.anas_house, ends_on=date(2026, 12, 31))
        with time_machine.travel(moment(2026, 11, 26), tick=False):
            self.ana.is_signed_in()
            of_place = [f"{PLACES}{self.anas_house.public_id}/{each}/" for each in ("ime", "odstrani", "deljenje")]
            pages = ["/", "/poraba/", "/stanje/", "/racuni/", f"/racuni/{bill.public_id}/", "/pogodbe/", "/narocila/",
                     "/podpora/", PLACES, *of_place]  # fmt: skip
            for path in pages:
                assert CANARY in self.html(self.ana, path).partition("<main")[2], path
            sent = self.ana.sends("/stanje/", {"typed": "1260"})
            assert CANARY in self.ana.follows(sent).content.decode()
            assert CANARY in mails_to("ana@example.si")[0].text
        csv = self.ana.browser.get("/poraba/", {"file": "csv"}).content.decode()
        assert csv == "" or CANARY in csv

    def test_nobody_else_meets_that_name(self):
        Link.objects.filter(user=self.ana.user).update(name=CANARY)
        self.given_link(self.bojan, self.anas_payer, self.anas_house, "Moje")
        page = f"{PLACES}{self.anas_house.public_id}/deljenje/"
        self.ana.sends(page, {"email": "cilka@example.si", "role": "see"}, status=302)
        mails_to("cilka@example.si")
        for customer in (self.bojan, self.cilka):
            seen = self.html(customer) + self.html(customer, "/")
            seen += "".join(each.text + each.html for each in mails_to(customer.user.email))
            assert CANARY not in seen
        assert CANARY not in str(list(Message.objects.filter(topic__startswith="erp").values()))


class Order(PlacesCase):
    def setUp(self):
        super().setUp()
        self.given_places(self.cilka, 5)
        Link.objects.filter(user=self.cilka.user, position=3).update(position=0)  # as older lists may be
        self.points = {link.name[-1]: link.supply_point.public_id for link in Link.objects.filter(user=self.cilka.user)}

    def moves(self, place, where, **more):
        fields = {"act": "move", "place": self.points[place], "where": where, "mode": "order"} | more
        return self.cilka.sends(PLACES, fields)

    def test_buttons_move_a_place_up_down_and_to_the_top(self):
        assert self.order(self.cilka) == ["0", "3", "1", "2", "4"]
        for place, where, expected in (
            ("3", "down", "01324"), ("4", "first", "40132"), ("2", "up", "40123"), ("4", "up", "40123"),
            ("3", "down", "40123"), ("4", "last", "01234"),
        ):  # fmt: skip
            self.moves(place, where)
            assert "".join(self.order(self.cilka)) == expected
        positions = Link.objects.filter(user=self.cilka.user).values_list("position", flat=True)
        assert sorted(positions) == [0, 1, 2, 3, 4]

    def test_one_comes_back_to_the_place_that_moved(self):
        assert self.moves("1", "up")["Location"] == f"{PLACES}?mode=order#p-{self.points['1']}"

    def test_dragging_puts_a_place_before_or_after_another(self):
        for place, act, other, expected in (
            ("0", "before", "2", "31024"), ("4", "before", "3", "43102"), ("3", "after", "2", "41023"),
            ("2", "before", "4", "24103"), ("2", "before", "2", "24103"),
        ):  # fmt: skip
            fields = {"act": act, "place": self.points[place], "other": self.points[other]}
            self.cilka.sends(PLACES, fields, status=302)
            assert "".join(self.order(self.cilka)) == expected

    def test_places_of_others_and_unknown_ways_are_not_there(self):
        self.moves("1", "sideways")
        for fields in (
            {"act": "move", "place": self.anas_house.public_id, "where": "up"},
            {"act": "before", "place": self.points["1"], "other": self.anas_house.public_id},
            {"act": "move", "place": self.points["1"], "where": "sideways"},
            {"act": "fly"},
        ):
            self.cilka.sends(PLACES, fields, status=404)
        assert self.order(self.cilka) == ["0", "3", "1", "2", "4"]


class Groups(PlacesCase):
    def test_chosen_places_go_into_a_named_group_and_the_list_shows_it_alone(self):
        links = self.given_places(self.cilka, 8)
        chosen = [each.supply_point.public_id for each in links[:3]]
        assert 'name="places"' in self.html(self.cilka, mode="groups")
        fields = {"act": "group", "places": [*chosen, self.anas_house.public_id], "name": "Šole", "mode": "groups"}
        self.cilka.sends(PLACES, fields, status=302)
        html = self.html(self.cilka, group="Šole").partition("<main")[2]
        assert "Mesto 002" in html and "Mesto 003" not in html
        assert Link.objects.get(user=self.ana.user).group is None
        self.cilka.sends(PLACES, {"act": "group", "places": chosen, "name": ""}, status=302)
        assert not PlaceGroup.objects.exists()

    def test_a_bad_name_of_a_group_is_refused(self):
        links = self.given_places(self.cilka, 6)
        fields = {"act": "group", "places": [links[0].supply_point.public_id], "name": "x" * 61}
        html = self.cilka.follows(self.cilka.sends(PLACES, fields)).content.decode()
        assert "1–60 znakov" in html and not PlaceGroup.objects.exists()

    def test_hundreds_of_places_are_searched_and_shown_by_fifty_in_as_many_statements_as_few(self):
        self.given_places(self.cilka, 120)
        with self.assertNumQueries(5):
            html = self.html(self.cilka)
        assert html.count('id="p-') == 50 and "Mesto 050" not in html
        assert self.html(self.cilka, p="3").count('id="p-') == 20
        assert self.html(self.cilka, p="99999").count('id="p-') == 20
        assert self.html(self.cilka, q="trg 119").count('id="p-') == 1
        assert "Nič ni najdeno" in self.html(self.cilka, q="x" * 10_000)


class Removing(PlacesCase):
    def setUp(self):
        super().setUp()
        self.address = f"{PLACES}{self.anas_house.public_id}/odstrani/"
        self.link = Link.objects.get(user=self.ana.user)

    def undoes(self, customer=None):
        return (customer or self.ana).sends(PLACES, {"act": "undo", "link": self.link.public_id}, status=302)

    def test_asks_first_removes_at_once_and_can_be_undone_for_ten_minutes(self):
        self.given_share(self.cilka, self.link, "see", "Babica")
        self.html(self.ana, self.address)
        assert Link.objects.get(pk=self.link.pk).ended_at is None
        html = self.ana.follows(self.ana.sends(self.address)).content.decode()
        assert "Razveljavite" in html
        self.ana.opens(self.address, status=404)
        assert "Babica" not in self.html(self.cilka)
        self.undoes()
        assert "Dom" in self.html(self.ana) and "Razveljavite" not in self.html(self.ana)
        assert "Babica" in self.html(self.cilka)

    def test_after_ten_minutes_it_is_too_late(self):
        self.ana.sends(self.address)
        with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1), tick=False):
            assert "prepozno" in self.ana.follows(self.undoes()).content.decode()
            assert "Razveljavite" not in self.html(self.ana)
        assert Link.objects.get(pk=self.link.pk).ended_at is not None

    def test_nobody_undoes_for_another_nor_what_another_ended(self):
        self.ana.sends(self.address)
        self.undoes(self.bojan)
        Link.objects.filter(pk=self.link.pk).update(ended_because="staff")
        self.undoes()
        assert Link.objects.get(pk=self.link.pk).ended_at is not None

    def test_a_place_that_changed_hands_meanwhile_does_not_come_back(self):
        self.ana.sends(self.address)
        PayerPeriod.objects.filter(supply_point=self.anas_house).update(ends_on=timezone.localdate())
        self.undoes()
        assert Link.objects.get(pk=self.link.pk).ended_at is not None

    def test_undoing_asks_the_limit_of_users_again(self):
        self.ana.sends(self.address)
        for number in range(5):
            self.given_link(Customer(f"Drug{number}", signed_in=False), self.anas_payer, self.anas_house)
        assert "že pet ljudi" in self.ana.follows(self.undoes()).content.decode()
        assert Link.objects.get(pk=self.link.pk).ended_at is not None
        Link.objects.filter(pk=self.link.pk).update(proven_by=Link.Proof.STAFF)
        self.undoes()
        assert Link.objects.get(pk=self.link.pk).ended_at is None

    def test_to_a_stranger_the_place_does_not_exist(self):
        for customer in (self.cilka, self.bojan):
            for path in ("ime", "odstrani", "deljenje"):
                customer.opens(f"{PLACES}{self.anas_house.public_id}/{path}/", status=404)
                customer.sends(f"{PLACES}{self.anas_house.public_id}/{path}/", {"name": "Moje"}, status=404)
        assert "še nimate" in self.html(self.cilka)

    def test_without_a_recent_confirmation_it_is_asked_for_first(self):
        from mojplin.domain.accounts.models import Session

        long_ago = timezone.now() - timedelta(minutes=11)
        Session.objects.filter(user=self.ana.user).update(created_at=long_ago, confirmed_at=long_ago)
        for path, fields in ((self.address, {}), (self.address.replace("odstrani", "deljenje"), {"email": "c@d.si"})):
            assert "potrdi" in self.ana.sends(path, fields, status=302)["Location"]
        assert Link.objects.get(pk=self.link.pk).ended_at is None
        assert re.search("Kdo vidi", self.html(self.ana, self.address.replace("odstrani", "deljenje")))


class Nobody(PlacesCase):
    def test_a_user_without_places_has_an_empty_list(self):
        assert "še nimate" in self.html(Customer("Prazna"))
