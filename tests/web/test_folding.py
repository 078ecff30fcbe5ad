"""What stands in a template for good is written into its compiled form, in each language, and nothing else is."""

from django.conf import settings
from django.template import engines
from django.test import override_settings
from django.utils import translation
from jinja2 import nodes

from tests.web.rendering import rendered


def pieces_of(source: str, language: str = "sl") -> str:
    """Return the Python code of the compiled template."""
    env = engines["jinja2"].env.in_language[language]
    return env.compile(source, "x.html", raw=True)


def test_texts_addresses_and_icons_are_there_before_the_page():
    source = (
        '{% from "components/icons.html" import icon %}{{ icon("check") }}{{ _("Invoices") }}{{ url("web:documents") }}'
    )
    code = pieces_of(source)
    assert "Računi/racuni/" in code and "context.call" not in code
    assert "Invoices/en/documents/" in pieces_of(source, "en")


def test_what_the_supplier_says_stands_there_and_is_escaped_once():
    source = '<title>{{ supplier.portal_name }}</title>{{ _("Open %(portal)s", portal=supplier.portal_name) }}'
    with override_settings(SUPPLIER=settings.SUPPLIER | {"portal_name": "Plin & dom"}, TEMPLATES=[*settings.TEMPLATES]):
        code = pieces_of(source, "en")
        assert "<title>Plin &amp; dom</title>Open Plin &amp; dom" in code and "context.call" not in code
        assert rendered("{{ supplier.portal_name ~ name }}", name="<") == "Plin &amp; dom&lt;"


def test_a_text_with_a_value_waits_for_it():
    code = pieces_of('{{ _("Invoice %(number)s", number=number) }}')
    assert "context.eval_ctx" in code


def test_the_language_is_that_of_the_page():
    for language, text in (("sl", "Računi"), ("en", "Invoices"), ("sl", "Računi")):
        assert rendered('<p>{{ _("Invoices") }}</p>', language=language) == f"<p>{text}</p>"
    with translation.override("en"):
        page = engines["jinja2"].from_string("{{ language() }}")
    with translation.override("sl"):
        assert page.render() == "en"  # compiled for that language, as every page is by the one of its address


def test_our_texts_are_markup_and_values_are_escaped():
    html = rendered('<p>{{ _("Do not share it with anyone.") }} {{ name }}</p>', name="<b>")
    assert "&lt;b&gt;" in html


def test_a_macro_with_a_body_or_an_open_argument_is_called_with_the_page():
    source = """{% from "components/notices.html" import notice %}{% from "components/icons.html" import icon %}
    {% call notice("warm") %}<p>{{ text }}</p>{% endcall %}{{ icon(image) }}"""
    html = rendered(source, text="Živjo", image="check")
    assert "Živjo" in html and html.count("<svg") == 2


def test_a_name_that_only_looks_like_ours_is_left_alone():
    env = engines["jinja2"].env.in_language["sl"]
    tree = env._parse('{{ thing._("Invoices") }}', "x.html", None)
    assert tree.find(nodes.Getattr) is not None
    assert rendered('<p>{{ thing.kept("a") }}</p>', thing={"kept": lambda text: text * 2}) == "<p>aa</p>"
