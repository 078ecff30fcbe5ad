"""The inspection of every page finds what is wrong with it, also when a page like it was good."""

import pytest

from mojplin.foundation.testing import faults_of_page

PAGE = """<!DOCTYPE html><html lang="sl"><head><meta charset="utf-8"><title>Dom – Moj Butan plin</title></head>
<body><h1>Dom</h1><p id="{named}">Odjemno mesto</p><p aria-describedby="{told}">Poraba</p>{more}</body></html>"""
ONE, OTHER = "Q7" + "a" * 20, "Z3" + "b" * 20


def test_pages_that_differ_in_their_ids_alone_are_good_both():
    assert [faults_of_page(PAGE.format(named=each, told=each, more="")) for each in (ONE, OTHER)] == [[], []]


@pytest.mark.parametrize(
    ("told", "more", "fault"),
    [
        (OTHER, "", "refers to a missing id"),
        (ONE, f'<p id="{ONE}">Dvakrat</p>', "id used twice"),
        (ONE, '<p style="color:red">Slog</p>', "inline code"),
        (ONE, "<h1>Dom</h1>", "2 h1 headings"),
        (ONE, "<div data-errors>Napaka</div><div data-errors>Napaka</div>", "2 summaries of errors"),
        (ONE, '<form><input name="davek"></form>', "field without a label"),
        (ONE, "<p><b>Nikoli</p>", "invalid HTML"),
    ],
)
def test_one_thing_wrong_is_found_though_the_page_was_good_before(told: str, more: str, fault: str):
    assert faults_of_page(PAGE.format(named=ONE, told=ONE, more="")) == []
    assert [each[: len(fault)] for each in faults_of_page(PAGE.format(named=ONE, told=told, more=more))] == [fault]
