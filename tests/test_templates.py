"""Lint of our own templates: they compile, hold no inline code, mark nothing safe and translate every word."""

import re
from pathlib import Path

import pytest
from django.template import engines

PACKAGE = Path(__file__).resolve().parent.parent / "mojplin"
ROOTS = [
    PACKAGE / "interfaces/web/templates",
    PACKAGE / "interfaces/staff/templates",
    PACKAGE / "domain",
    PACKAGE / "foundation/templates",
]
TEMPLATES = [(root, path) for root in ROOTS for path in sorted([*root.rglob("*.html"), *root.rglob("*.txt")])]
PAGES = [(root, path) for root, path in TEMPLATES if path.suffix == ".html" and "mail" not in path.parts]
UNTRANSLATED = {"nbsp", "amp", "kWh", "English", "Slovenščina", "CSV", "PDF", "XML", "btn"}
MAY_TRUST = {"components/icons.html"}
"""Whose own constant drawings are marked safe; nothing that came from outside is."""


def words_outside_translations(source: str) -> set[str]:
    source = re.sub(r"\{% block (page_class|body_attributes) %\}.*?\{% endblock %\}", " ", source)
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|\{[a-z_]+\}", " ", source, flags=re.S)
    source = re.sub(r"<svg.*?</svg>|<!--.*?-->", " ", source, flags=re.S)
    source = re.sub(r"<[^>]*>", " ", source)
    return {word for word in re.findall(r"[A-Za-zČŠŽčšž]{3,}", source)} - UNTRANSLATED


@pytest.mark.parametrize(("root", "path"), TEMPLATES, ids=[str(path.relative_to(root)) for root, path in TEMPLATES])
def test_a_template_compiles(root, path):
    assert engines.all()[0].get_template(str(path.relative_to(root)))


@pytest.mark.parametrize(("root", "path"), PAGES, ids=[str(path.relative_to(root)) for root, path in PAGES])
def test_a_page_has_no_inline_code_and_trusts_nothing(root, path):
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)

    assert not re.search(r"\sstyle=|\son(?!ly)[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:", source)
    if str(path.relative_to(root)) not in MAY_TRUST:
        assert not re.search(r"\|\s*safe\b|autoescape false", source)


@pytest.mark.parametrize(("root", "path"), PAGES, ids=[str(path.relative_to(root)) for root, path in PAGES])
def test_every_word_of_a_page_goes_through_the_catalogue(root, path):
    assert words_outside_translations(path.read_text(encoding="utf-8")) == set()


def test_no_room_is_called_utils():
    assert not [path for path in PACKAGE.rglob("*.py") if path.stem in ("utils", "helpers", "common", "misc")]
