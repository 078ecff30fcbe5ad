"""The one template engine: pages, the staff's pages and mails are Jinja2 in this environment.

Filters write values in the language of the page (`foundation/formats.py`), `_()` and `ngettext()` translate,
`url()` and `static()` give addresses. A name that the view did not give is an error, not an empty place.
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from contextvars import ContextVar
from functools import lru_cache, partial
from pathlib import Path
from string import Formatter
from typing import Any, Protocol
from urllib.parse import urlencode

import django.forms
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext, pgettext
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    nodes,
    pass_eval_context,
    select_autoescape,
)
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from mojplin.domain.publishing.invoice_picture import published_picture
from mojplin.domain.publishing.running import notices_at_hand, notices_for
from mojplin.foundation import formats
from mojplin.foundation.rich_text import as_html
from mojplin.interfaces.web.addresses import plain_url, url_of_thing
from mojplin.interfaces.web.brand import brand_url
from mojplin.interfaces.web.folding import Folding
from mojplin.interfaces.web.page_code import PageCode

DJANGO_FORM_TEMPLATES = Path(django.forms.__file__).parent / "jinja2"

LOCALIZED = (
    formats.number,
    formats.signed,
    formats.euros,
    formats.unit_price,
    formats.percent,
    formats.cubic_metres,
    formats.kilowatt_hours,
    formats.litres,
    formats.day,
    formats.day_in_sentence,
    formats.weekday_day,
    formats.month_name,
    formats.month_genitive,
    formats.month_short,
    formats.clock,
)


LANGUAGES: tuple[formats.Language, ...] = ("sl", "en")
URLCONF = settings.ROOT_URLCONF
_page_language: ContextVar[formats.Language | None] = ContextVar("page_language", default=None)


class PageEnvironment(Environment):
    """Holds one environment for each language, whose templates are compiled with their texts in it (folding.py)."""

    code_generator_class = PageCode
    spoken: formats.Language | None = None
    """Whose templates these are; None: the one that Django holds, which asks the one of the page's language."""
    in_language: dict[formats.Language, "PageEnvironment"]
    known_macros: dict[str, TemplateModule]

    def give_each_language_its_own(self) -> None:
        self.in_language = {}
        for spoken in LANGUAGES:
            own = self.overlay()
            own.spoken, own.known_macros = spoken, {}
            self.in_language[spoken] = own

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        if self.spoken is None:
            return self.in_language[language()].get_template(name, parent, globals)
        return super().get_template(name, parent, globals)

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        if self.spoken is None:
            return self.in_language[language()].from_string(source, globals, template_class)
        return super().from_string(source, globals, template_class)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Give every template the same names; Jinja would look through a chain of two dictionaries for each."""
        return self.globals | d if d else self.globals

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        is_html = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        with translation.override(self.spoken):
            known = self.known_before(is_html=is_html)
            folded = Folding(known, {"supplier": settings.SUPPLIER}, self.macro, is_html=is_html).visit(source)
        return super()._generate(folded, name, filename, defer_init)

    def known_before(self, *, is_html: bool) -> dict[str, Callable[..., str]]:
        """Return what a template may ask for that never changes while the portal runs."""
        text = partial(text_known_before, is_html=is_html)
        return {
            "_": text,
            "gettext": text,
            "pgettext": pgettext,
            "url": address_known_before,
            "static": static,
            "brand_url": brand_url,
            "language": lambda: self.spoken,
            "kept": lambda template: self.get_template(template).render(varies=""),
        }

    def macro(self, template: str, name: str, /, *values: Any, **options: Any) -> str:
        return getattr(self.macros_of(template), name)(*values, **options)

    def macros_of(self, template: str) -> TemplateModule:
        """Return the macros of a template of `components/`, which depend on nothing but their arguments."""
        known = self.known_macros.get(template)
        if known is None:
            known = self.known_macros[template] = self.get_template(template).module
        return known


class PageTemplate(Template):
    """A template that asks for its language once: Django's own answer costs more than writing a number."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        token = _page_language.set(formats.active_language())
        try:
            return super().render(*args, **kwargs)
        finally:
            _page_language.reset(token)


def environment(**options: Any) -> Environment:
    """Return the environment for Django's Jinja2 backend, which calls this with its own options."""
    loader = ChoiceLoader([options.pop("loader"), FileSystemLoader(DJANGO_FORM_TEMPLATES)])
    options |= {
        "loader": loader,
        "autoescape": select_autoescape(["html"]),
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    jinja = PageEnvironment(**options)  # autoescape is set above: on for every .html
    jinja.template_class = PageTemplate
    jinja.policies["ext.i18n.trimmed"] = True
    jinja.newstyle_gettext = True  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
    kept, filled = keeper(jinja)
    jinja.globals |= {
        "_": translated,
        "gettext": translated,
        "ngettext": translated_count,
        "pgettext": translated_in_context,
        "static": lru_cache(static),
        "brand_url": brand_url,
        "colours": settings.BRAND["light"],
        "url": url,
        "url_in": url_in,
        "kept": kept,
        "filled": filled,
        "repeated": repeater(jinja),
        "language": language,
        "get_messages": get_messages,
        "published_invoice_picture": published_picture,
        "notices_for_all": lambda: notices_for((), timezone.now()),
        "notices_at_hand": lambda: notices_at_hand(timezone.now()),
        "supplier": settings.SUPPLIER,
        "theme_cookie": settings.THEME_COOKIE_NAME,
    }
    jinja.filters |= {formatter.__name__: localized(formatter) for formatter in LOCALIZED}
    jinja.filters |= {
        "quantity": quantity,
        "day_range": day_range,
        "days_ago": formats.days_ago,
        "masked_email": formats.masked_email,
        "markdown": as_html,
    }
    jinja.give_each_language_its_own()
    return jinja


def language() -> formats.Language:
    """Return the language of the page that is being written."""
    return _page_language.get() or formats.active_language()


def text_known_before(message: str, /, *, is_html: bool, **variables: Any) -> str:
    return _filled(gettext(message), variables, is_html=is_html)


def address_known_before(name: str) -> str:
    """Return a page's address.

    :raises LookupError: it is not known yet, or not for good.
    """
    try:
        return reverse(name, urlconf=URLCONF)
    except NoReverseMatch as unknown:
        raise LookupError from unknown


def localized(formatter: Callable[..., str]) -> Callable[..., str]:
    """Return the formatter as a filter that knows the language of the page: `{{ amount | euros }}`."""

    def written(value: Any, *args: Any, **kwargs: Any) -> str:
        return formatter(value, language(), *args, **kwargs)

    return written


def quantity(value: formats.Number, unit: str) -> str:
    return formats.quantity(value, unit, language())


def day_range(period: tuple[Any, Any]) -> str:
    return formats.day_range(*period, language())


def url(name: str, *args: Any, query: dict[str, Any] | None = None, **kwargs: Any) -> str:
    """Return the address of a page in the language that is being written, with its query if there is one."""
    match args:
        case () if not kwargs:
            address = plain_url(name)
        case (str(public_id),) if not kwargs:
            address = url_of_thing(name, public_id)
        case _:
            address = reverse(name, args=args, kwargs=kwargs)
    return f"{address}?{urlencode(query)}" if query else address


def url_in(other: str, request: HttpRequest) -> str:
    """Return the address of the page being written in another language, with the same query."""
    query = request.META.get("QUERY_STRING", "")
    address = _translated_url(request.path, other, settings.ROOT_URLCONF)
    return f"{address}?{query}" if query else address


@lru_cache(maxsize=512)
def _translated_url(path: str, other: str, _urlconf: str) -> str:
    """Remember the counterpart of an address: finding it takes a look-up there and one back."""
    return translate_url(path, other)


def keeper(jinja: Environment) -> tuple[Callable[..., Markup], Callable[..., Markup]]:
    """Return `kept(template, varies)` and `filled(template, varies, **marks)`: parts of the frame written once.

    They depend on nothing but their language and one word; `filled` puts values into their {marks}.
    """

    @lru_cache(maxsize=256)
    def remembered(template: str, varies: str, _language: str | None, _urlconf: str) -> Markup:
        return Markup(jinja.get_template(template).render(varies=varies))  # noqa: S704  # escaped by its template

    def kept(template: str, varies: str = "") -> Markup:
        return remembered(template, varies, language(), settings.ROOT_URLCONF)

    def filled(template: str, varies: str = "", **marks: Any) -> Markup:
        written = str.format_map(kept(template, varies), {name: escape(value) for name, value in marks.items()})
        return Markup(written)  # noqa: S704  # our own template, filled with escaped values

    return kept, filled


class Line(Protocol):
    """A row of a long list that `repeated` writes."""

    @property
    def look(self) -> str:
        """Return the word on which its markup depends."""

    def texts(self, language: formats.Language) -> Mapping[str, str]:
        """Return what stands in its {marks}, in that language; what came from outside is escaped."""


def repeater(jinja: Environment) -> Callable[..., Markup]:
    """Return `repeated(template, lines)`: the markup of a row written once for each look, its {marks} filled for each.

    A list of twenty rows is most of a page; evaluating the template for each of them took half of the page's time.
    """

    @lru_cache(maxsize=256)
    def remembered(template: str, look: str, _language: str | None) -> tuple[list[str], list[str]]:
        """Return the markup cut at its {marks}, with their names in between, and these names."""
        pieces: list[str] = []
        for before, mark, _format, _conversion in Formatter().parse(jinja.get_template(template).render(look=look)):
            pieces += [before] if mark is None else [before, mark]
        return pieces, pieces[1::2]

    def repeated(template: str, lines: Iterable[Line]) -> Markup:
        spoken = language()
        written: list[str] = []
        for line in lines:
            pieces, marks = remembered(template, line.look, spoken)
            whole, texts = pieces.copy(), line.texts(spoken)
            whole[1::2] = [texts[mark] for mark in marks]
            written += whole
        return Markup("".join(written))  # noqa: S704  # our own template, filled with escaped texts

    return repeated


# Jinja's own wrappers do the same through two more calls; a page translates some forty strings.
@pass_eval_context
def translated(context: EvalContext, message: str, /, **variables: Any) -> str:
    """Return `_("... %(name)s ...", name=value)` in the language of the page; values are escaped, the text is not."""
    return _filled(_text(message, language()), variables, is_html=context.autoescape)


@pass_eval_context
def translated_count(context: EvalContext, one: str, many: str, num: int, /, **variables: Any) -> str:
    """Return the form for `num`, which the text may name as %(num)s."""
    return _filled(ngettext(one, many, num), {"num": num} | variables, is_html=context.autoescape)


@pass_eval_context
def translated_in_context(context: EvalContext, where: str, message: str, /, **variables: Any) -> str:
    """Return a text that means different things in different places, as "Reading" does in the menu."""
    return _filled(pgettext(where, message), variables, is_html=context.autoescape)


@lru_cache(maxsize=4096)
def _text(message: str, _language: formats.Language) -> str:
    """Remember a text of the catalogue in the language that is active now."""
    return gettext(message)


def _filled(text: str, variables: dict[str, Any], *, is_html: bool) -> str:
    text = Markup(text) if is_html else text  # noqa: S704  # our own text of the catalogue
    return text % variables if "%" in text else text
