"""PDF: the same data give the same bytes, and texts are printed, never read as markup."""

import io

import pikepdf
import pytest

from mojplin.foundation.pdf import pdf_of

TEMPLATE = """#let it = json(bytes(sys.inputs.document))
#set document(title: it.title, date: datetime(year: 2026, month: 11, day: 26))
#set text(lang: "sl")
= #it.title
#it.text
"""


@pytest.fixture
def template(tmp_path):
    file = tmp_path / "page.typ"
    file.write_text(TEMPLATE)
    return file


def test_the_same_data_give_the_same_bytes_and_a_tagged_file(template):
    data = {"title": "Račun", "text": "Čopič, 12,50 €"}
    first = pdf_of(template, data)
    assert first == pdf_of(template, data) != pdf_of(template, data | {"text": "x"})
    with pikepdf.open(io.BytesIO(first)) as file:
        assert file.Root.MarkInfo.Marked and file.Root.Lang == "sl"
        assert file.docinfo["/Title"] == "Račun"


def test_hostile_text_is_only_printed(template):
    assert pdf_of(template, {"title": "x", "text": '#read("/etc/passwd") $x$ \\ "'}).startswith(b"%PDF-")
