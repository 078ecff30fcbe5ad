"""Every component, with everyday values, extreme ones and hostile ones."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms

from mojplin.interfaces.web import charts
from mojplin.interfaces.web.documents import Row
from tests.web.rendering import HOSTILE, LONG, component, rendered

TODAY = date(2026, 11, 26)


def document(**changes):
    row = {
        "title": "Račun 26-OGR-104417",
        "href": "/racuni/abc/",
        "place": "Dom",
        "issued_on": date(2026, 11, 12),
        "due_on": date(2026, 11, 30),
        "state": "unpaid",
        "amount_eur": Decimal("136.84"),
    }
    return Row(**row | changes)


def months(used, before, flat=()):
    return [
        charts.MonthUse(
            date(2025 + (10 + index) // 12, (10 + index) % 12 + 1, 1),
            None if value is None else Decimal(value),
            None if earlier is None else Decimal(earlier),
            basis="flat_rate" if index in flat else "measured",
        )
        for index, (value, earlier) in enumerate(zip(used, before, strict=True))
    ]


YEAR = months(
    [97, 124, 118, 101, 82, 48, 22, 11, 10, 10, 19, 52], [103, 128, 131, 97, 79, 56, 25, 12, 10, 9, 24, 49], flat=(3,)
)


def form_with_errors(count: int) -> forms.Form:
    """Return a form with so many wrong fields."""
    fields = {f"field_{number}": forms.CharField(label="Polje") for number in range(count)}
    return type("Wrong", (forms.Form,), fields)({})


class TestMoney:
    def test_is_readable_by_people_and_by_programs(self):
        html = component("figures.money(amount)", amount=Decimal("1284.50"))
        assert html == '<data class="money" value="1284.50">1.284,50\u00a0€</data>'

    def test_in_the_customers_favour_is_marked_and_has_a_real_minus(self):
        html = component("figures.money(amount)", amount=Decimal("-18.40"), language="en")
        assert "credit" in html and "\u2212€18.40" in html


class TestBadges:
    @pytest.mark.parametrize(
        ("state", "word"),
        [
            ("paid", "Plačano"),
            ("unpaid", "Neplačano"),
            ("partly_paid", "Delno plačano"),
            ("overdue", "Zapadlo"),
            ("settled", "Upoštevano"),
        ],
    )
    def test_a_state_is_a_word_and_an_icon(self, state, word):
        html = component("badges.badge(state)", state=state)
        assert word in html and "<svg" in html

    @pytest.mark.parametrize(
        ("basis", "word"),
        [
            ("customer_reported", "Sporočeno stanje"),
            ("technician", "Odčitek serviserja"),
            ("remote", "Daljinski odčitek"),
            ("flat_rate", "Pavšalni obračun"),
            ("settlement", "Poračun"),
            ("exchange", "Menjava števca"),
        ],
    )
    def test_a_billing_basis_is_never_only_an_abbreviation(self, basis, word):
        assert word in component("badges.basis_badge(basis)", basis=basis)

    def test_the_glossary_explains_the_four_bases_a_customer_meets(self):
        assert component("badges.basis_glossary()").count("<dt>") == 4


class TestErrorSummary:
    @pytest.mark.parametrize(
        ("count", "heading"),
        [
            (1, "Popravite 1 podatek"),
            (2, "Popravite 2 podatka"),
            (3, "Popravite 3 podatke"),
            (5, "Popravite 5 podatkov"),
            (101, "Popravite 101 podatek"),
        ],
    )
    def test_counts_in_all_slovene_plurals(self, count, heading):
        html = component("forms.error_summary(form)", form=form_with_errors(count))
        assert f"<h2>{heading}</h2>" in html
        assert html.count('<a href="#id_field_') == count

    def test_of_a_form_without_errors_is_nothing(self):
        assert component("forms.error_summary(form)", form=forms.Form()).strip() == ""


class TestCharts:
    def test_home_says_in_a_sentence_what_the_bars_show(self):
        html = component("chart.year_chart(chart)", chart=charts.year_chart(YEAR, "m³"))
        assert "Od novembra 2025 do oktobra 2026 ste porabili 694\u00a0m³." in html
        assert html.count('class="bar"') == 12 and html.count('class="drawn"') == 2 and html.count('class="tick"') == 12
        assert "≈\u00a0101" in html and "pavšalni obračun" in html

    def test_positions_never_follow_the_language(self):
        chart = charts.two_year_chart(YEAR, "kWh")
        slovene = component("chart.two_year_chart(chart, 2026, 2025, 'Poraba')", chart=chart)
        english = component("chart.two_year_chart(chart, 2026, 2025, 'Poraba')", chart=chart, language="en")
        positions = [re.findall(r' (?:x|y|width|height)="[^"]*%"', html) for html in (slovene, english)]
        assert positions[0] == positions[1] and len(positions[0]) == 156
        assert not [each for each in positions[0] if "," in each]

    def test_a_customer_of_two_months_has_a_chart_too(self):
        html = component("chart.year_chart(chart)", chart=charts.year_chart(months([None, "0.5"], [None, None]), "m³"))
        assert "ni podatka" in html and "0,5" in html and "leto prej" not in html.split("<table")[0]

    def test_two_charts_on_a_page_do_not_share_their_hatching(self):
        rendered(
            '{% from "components/chart.html" import year_chart, two_year_chart %}'
            "{{ year_chart(one) }}{{ two_year_chart(two, 2026, 2025, 'Poraba') }}",
            one=charts.year_chart(YEAR, "m³"),
            two=charts.two_year_chart(YEAR, "m³"),
        )


class TestMeter:
    def test_the_counter_is_one_ordinary_field(self):
        html = rendered(
            '{% from "components/meter.html" import meter_input %}'
            '<label for="r">x</label>{{ meter_input("value", "r", value, digits=6, decimals=2) }}',
            value=HOSTILE,
        )
        assert html.count("<input") == 1 and 'inputmode="numeric"' in html and "maxlength" not in html
        assert "meter--d6" in html and "meter__red--2" in html and "<script" not in html

    def test_a_form_field_brings_its_label_hint_and_error(self):
        class Reading(forms.Form):
            value_m3 = forms.CharField(label="Stanje", help_text="Zadnje stanje je 4312 m³.")

        html = component("meter.meter_field(form['value_m3'], describedby='')", form=Reading({"value_m3": ""}))
        assert 'aria-describedby="id_value_m3_helptext id_value_m3_error"' in html and 'aria-invalid="true"' in html

    def test_a_reading_is_shown_with_the_zeros_of_its_meter(self):
        assert "000871" in component("meter.meter_shown(value, digits=6)", value=Decimal("871.482"))

    def test_pictures_say_in_words_what_they_show(self):
        html = rendered(
            '{% from "components/meter.html" import meter_picture %}'
            '{{ meter_picture() }}{{ meter_picture("b", red="") }}'
        )
        assert "rdečem polju, 4 8 2" in html and html.count('role="img"') == 2

    def test_the_strip_names_the_window_and_today(self):
        strip = charts.month_strip(date(2026, 11, 25), date(2026, 11, 30), TODAY)
        html = component("meter.month_strip(strip)", strip=strip)
        assert "odprta od 25. do 30., danes je 26." in html and html.count('class="is-open') == 6


class TestDocuments:
    def test_an_invoice_and_a_note_stand_in_one_table(self):
        rows = [
            document(),
            document(title="Dobropis 26-DOB-002031", due_on=None, state="settled", amount_eur=Decimal("-18.40")),
        ]
        html = component("documents.document_table(rows, 'Računi')", rows=rows)
        assert html.count('role="row"') == 3 and "brez roka" in html and "30.\u00a011.\u00a02026" in html

    def test_hostile_names_are_only_text(self):
        html = component("documents.document_table(rows, hostile)", rows=[document(place=HOSTILE)], hostile=HOSTILE)
        assert "<script" not in html and "&lt;script&gt;" in html

    def test_no_documents_leave_an_empty_table(self):
        assert "<td" not in component("documents.document_table([], 'Računi')")


def test_the_picture_of_the_invoice_speaks_slovene_also_to_english_readers():
    html = component("invoice.invoice_picture(payer=hostile, wrong_recipient=true)", hostile=HOSTILE, language="en")
    assert "Davčna številka plačnika" in html and 'lang="sl"' in html and "not this" in html and "<script" not in html


@pytest.mark.parametrize(
    "call",
    [
        "figures.facts([(text, text)], 'warm')",
        "figures.tiles([(text, '694', 'm³', text)])",
        "figures.copy_row(text, text)",
        "figures.totals([(text, 1), (text, 2)])",
        "buttons.button(text, 'now', name='a', value=text)",
        "buttons.link_button(text, '/x/', 'line', image='next')",
        "buttons.back_link(text, '/x/')",
        "steps.steps([text, text, text], 2)",
        "steps.timeline([(text, text, true), (text, '', false)])",
        "lists.task(text, '/x/', 'message', text)",
        "lists.segment([(text, '/x/', true)], text)",
        "lists.chips([(text, 101, '/x/', false), (text, none, '/y/', true)], text)",
        "lists.pager(text, '/x/', '/y/')",
        "tables.cards_table(text, [(text, ''), (text, 'n')], [[text, text]])",
        "contact.phone_link(text)",
        "contact.email_link(text)",
        "notices.gas_smell()",
        "buttons.print_button()",
        "landscape.landscape()",
        "icons.mark()",
    ],
)
@pytest.mark.parametrize("text", [HOSTILE, LONG, ""], ids=["hostile", "long", "empty"])
def test_no_text_breaks_out_of_its_place(call, text):
    assert "<script" not in component(call, text=text)


@pytest.mark.parametrize("name", ["choice", "notice", "empty"])
def test_what_wraps_other_content_keeps_it_whole(name):
    source = {
        "choice": "{% from 'components/forms.html' import choice %}{{ choice('term', text, text, text, text, true) }}",
        "notice": "{% from 'components/notices.html' import notice %}"
        "{% call notice('warm', 'status') %}<p>{{ text }}</p>{% endcall %}",
        "empty": "{% from 'components/notices.html' import empty %}"
        "{% call empty('tank', text) %}<p>{{ text }}</p>{% endcall %}",
    }[name]
    html = rendered(source, text=HOSTILE)
    assert "&lt;script&gt;" in html and "<script" not in html


def test_a_pager_at_the_end_of_a_short_list_is_not_there():
    assert component("lists.pager('Prikazanih 7', none)").strip() == ""
