"""Templates compile to code with short cuts, and write the very text that Jinja's own would."""

from types import SimpleNamespace

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from mojplin.interfaces.web.page_code import text_of
from tests.web.rendering import rendered

IMPORT = '{% from "components/icons.html" import icon %}{% from "components/notices.html" import notice %}'


@given(st.one_of(st.text(), st.integers(), st.none(), st.booleans(), st.decimals(), st.text().map(Markup)))
def test_a_value_is_written_as_escape_would_write_it(value):
    assert text_of(value) == str(escape(value))


def test_what_says_how_it_is_written_in_html_is_believed():
    class Form(SimpleNamespace):
        def __html__(self) -> str:
            return "<form>"

    assert text_of(Form()) == "<form>"


def test_a_macro_is_called_at_once_and_anything_else_with_the_page():
    env = engines["jinja2"].env.in_language["sl"]
    written = IMPORT + "{{ icon(image) }}{{ show(image) }}{{ url(name) }}{{ _('Since %(day)s', day=day) }}"
    code = env.compile(written, "x.html", raw=True)
    assert code.count("context.call(") == 1 and code.count("get_template(") == 0


def test_macros_of_this_file_with_a_body_in_a_loop_and_by_name_of_their_arguments():
    source = (
        IMPORT
        + """{% macro pair(a, b="<i>") %}[{{ a }}{{ b }}{{ caller() if caller is defined else "" }}]{% endmacro %}
        {% for each in names %}{{ pair(each) }}{{ pair(b=each, a=1) }}
        {% call pair(each) %}<b>{{ each }}</b>{% endcall %}
        {% endfor %}{% call notice("warm") %}{{ icon("check") }}{% endcall %}"""
    )
    html = rendered(f"<div>{source}</div>", names=["<x>"])
    assert "[&lt;x&gt;&lt;i&gt;]" in html and "[1&lt;x&gt;]" in html
    assert "[&lt;x&gt;&lt;i&gt;<b>&lt;x&gt;</b>]" in html and "<svg" in html


def test_a_name_that_the_view_did_not_give_is_still_an_error():
    with pytest.raises(UndefinedError):
        rendered("<p>{{ nobody }}</p>")
