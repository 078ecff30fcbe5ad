"""What differs between two versions of the terms is shown whole: nothing is lost, nothing is made up."""

from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.accounts.changes import ChangedSection, blocks, changed_paragraphs, changed_sections, plain
from mojplin.foundation.rich_text import as_plain

WORDS = st.lists(st.sampled_from(["plin", "račun", "10", "let", "hranimo", ".", ",", "»ne«", "e-pošta"]), max_size=12)
PARAGRAPHS = WORDS.map(" ".join)
OLD = "## 1. Računi\n\nRačune hranimo deset let.\n\n## 2. Podpora\n\n1. Pišite nam.\n2. Pokličite nas.\n"


def said(was: str, now: str, *kinds: str) -> str:
    return "".join(piece.text for each in changed_paragraphs(was, now) for piece in each if piece.kind in kinds)


@given(was=PARAGRAPHS, now=PARAGRAPHS)
def test_both_texts_can_be_read_off_the_marked_one(was, now):
    assert said(was, now, "same", "gone") == plain(was)
    assert said(was, now, "same", "new") == plain(now)


@given(texts=st.lists(PARAGRAPHS, max_size=6))
def test_a_text_does_not_differ_from_itself(texts):
    text = "\n\n".join(texts)
    assert changed_sections(text, text) == []


def test_a_change_stands_under_its_heading_and_the_rest_is_left_out():
    (section,) = changed_sections(OLD, OLD.replace("Pokličite nas.", "Pokličite nas brezplačno."))
    assert section.heading == "2. Podpora"
    assert [(piece.text, piece.kind) for piece in section.paragraphs[0]] == [
        ("2. Pokličite nas", "same"),
        (" brezplačno", "new"),
        (".", "same"),
    ]


def test_a_new_heading_begins_its_own_section():
    found = changed_sections(OLD, OLD + "\n## 3. Konec\n\nKončate v profilu.\n")
    assert [(each.heading, len(each.paragraphs)) for each in found] == [("3. Konec", 2)]


def test_a_paragraph_that_has_little_in_common_is_shown_whole():
    (section,) = changed_sections("Pišite nam po pošti.", "Vsak račun vidite v portalu takoj.")
    assert [[(piece.kind) for piece in each] for each in section.paragraphs] == [["gone"], ["new"]]


def test_paragraphs_that_go_or_come_are_marked_whole():
    assert changed_sections(OLD, "") == [
        ChangedSection("", [paragraph for each in blocks(OLD) for paragraph in changed_paragraphs(each, "")])
    ]
    (section,) = changed_sections(OLD, OLD + "3. Obiščite nas.\n")
    assert [piece.kind for piece in section.paragraphs[0]] == ["new"]


def test_lines_broken_elsewhere_do_not_differ():
    assert changed_sections("Račune hranimo\ndeset let.", "Račune  hranimo deset let.") == []


def test_in_a_mail_headings_and_stars_lose_their_marks():
    assert (
        as_plain("*Osnutek.*\n\n## 1. Račun\n\n- **eno** in 2 * 3 * 4") == "Osnutek.\n\n1. Račun\n\n- eno in 2 * 3 * 4"
    )
