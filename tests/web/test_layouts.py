"""The frames of pages and the error pages."""

from types import SimpleNamespace

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import get_template
from django.utils import translation

from mojplin.interfaces.web.doors import switcher
from tests.web.rendering import HOSTILE, check

DOM = SimpleNamespace(public_id="aaa", name="Dom", address="Ob potoku 14, 1241 Kamnik", icon="home", colour="blue")
COTTAGE = SimpleNamespace(
    public_id="bbb", name=HOSTILE, address="Log 7, 4280 Kranjska Gora", icon="cottage", colour="green"
)


class Person:
    username = "Marjeta"
    is_authenticated = False


def page(rf, **context):
    request = rf.get("/poraba/?place=aaa")
    request.user = Person()
    request._messages = CookieStorage(request)
    for level, text in context.pop("said", []):
        messages.add_message(request, level, text)
    places, place = context.get("places", []), context.get("place")
    frame = {"active": "consumption", "switcher": switcher(places, place, "consumption")}
    html = get_template("web/page.html").render(frame | context, request)
    check(html)
    return html


def test_the_menu_marks_the_page_and_keeps_the_chosen_place(rf):
    html = page(rf, places=[DOM, COTTAGE], place=DOM)
    assert '<a href="/poraba/?place=aaa" aria-current="page">' in html
    assert '<a href="/racuni/?place=aaa">' in html


def test_the_switcher_leads_to_the_same_kind_of_page_and_escapes_names(rf):
    html = page(rf, places=[DOM, COTTAGE], place=DOM)
    assert '<a href="/poraba/?place=bbb">' in html
    assert "alert" in html and "<script>" not in html


def test_without_places_there_is_no_switcher(rf):
    assert "data-menu" not in page(rf, places=[], place=None)


def test_messages_stand_above_the_content_by_their_kind(rf):
    html = page(rf, said=[(messages.SUCCESS, "Odjemno mesto Dom je povezano."), (messages.ERROR, HOSTILE)])
    assert "notice--ok" in html and "notice--bad" in html and "<script>" not in html


def test_htmx_is_loaded_only_where_a_page_asks_for_it_and_without_its_inline_style(rf):
    assert "htmx" not in page(rf)
    html = page(rf, uses_htmx=True)
    assert "htmx-2.min.js" in html and '"includeIndicatorStyles":false,"allowEval":false' in html


def test_a_theme_chosen_by_hand_is_written_into_the_page(rf, settings):
    rf.cookies[settings.THEME_COOKIE_NAME] = "dark"
    assert 'data-theme="dark"' in page(rf)
    rf.cookies[settings.THEME_COOKIE_NAME] = '"><b>'
    assert "data-theme" not in page(rf)


@pytest.mark.parametrize("language", ["sl", "en"])
@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 503])
def test_an_error_page_needs_nothing_but_itself(status, language):
    with translation.override(language):
        html = get_template(f"{status}.html").render()
    check(html)
    assert f'<html lang="{language}">' in html and 'href="tel:080' in html and html.count("<h1>") == 1


def test_a_failure_names_its_reference_and_a_short_outage_that_nothing_was_saved():
    with translation.override("sl"):
        assert "7F3A" in get_template("500.html").render({"reference": "7F3A"})
        assert "Nič ni bilo shranjeno" in get_template("503.html").render()
