"""The inspection of every page finds what is wrong with it, also when a page like it was good."""

from hashlib import sha256

import pytest

from mojplin.foundation import testing
from mojplin.foundation.testing import SOUND_PAGES, faults_of_page

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


def test_what_another_process_found_sound_is_believed_and_what_it_found_wrong_is_not(tmp_path, monkeypatch):
    monkeypatch.setenv(SOUND_PAGES, str(tmp_path / "sound"))
    sound = PAGE.format(named=ONE, told=ONE, more="<p>Zdrava stran</p>")
    wrong = PAGE.format(named=ONE, told=ONE, more="<p><b>Bolna stran</p>")
    for each in (sound, wrong, wrong):
        faults_of_page(each)
    told = (tmp_path / "sound").read_bytes()
    assert len(told) == sha256().digest_size
    monkeypatch.setenv(SOUND_PAGES, str(tmp_path / "sound-later"))
    (tmp_path / "sound-later").write_bytes(told)
    testing._faults.cache_clear()  # as in a process that has just begun
    assert faults_of_page(PAGE.format(named=OTHER, told=OTHER, more="<p>Zdrava stran</p>")) == []
    assert faults_of_page(wrong) != []
