"""Folding: the database and Python fold alike, so whatever is typed finds what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mojplin.foundation.folding import PLAIN, folded_words
from tests.cast import Scenes

LETTERS = st.text("".join(PLAIN) + "abcXYZ 0123456789%", max_size=40)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Čop", ["cop"]),
        ("ŽIGA Đorđević-Šuštar", ["ziga", "dordevic", "sustar"]),
        ("1042-7731", ["1042", "7731"]),
        ("ana.novak@example.si", ["ana", "novak", "example", "si"]),
        ("Müller & Söhne, d. o. o.", ["muller", "sohne", "d", "o", "o"]),
        ("  ", []),
    ],
)
def test_words_lose_their_marks(text, words):
    assert folded_words(text) == words


class Alike(Scenes, TestCase):
    @given(name=LETTERS)
    def test_the_database_folds_as_python_does(self, name):
        payer = self.given_payer(name=name)
        payer.refresh_from_db()
        kept = payer.search_text.split()
        assert kept[: len(folded_words(name))] == folded_words(name)
