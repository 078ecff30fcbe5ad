"""What a document bills, exactly as issued: its lines, and its VAT by rate. Nothing here is reckoned."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import CharField, DecimalField, F, PositiveSmallIntegerField, Value
from django.utils.translation import gettext as _

from mojplin.domain.billing.models import Document, DocumentLine, DocumentVat
from mojplin.foundation import formats

LINE, VAT = "line", "vat"
OF_LINE = ("position", "description", "quantity", "unit", "unit_price_eur", "net_eur", "vat_percent", "kind")


@dataclass(frozen=True, slots=True)
class Content:
    """`lines` in their order; `vat` highest rate first, empty where the ERP told none."""

    lines: list[DocumentLine]
    vat: list[DocumentVat]


def content_of(document: Document) -> Content:
    """Return the lines and the VAT of a document, in one statement."""
    lines = document.lines.annotate(part=Value(LINE)).values_list("part", *OF_LINE)
    vat = document.vat.annotate(
        part=Value(VAT),
        at=Value(0, PositiveSmallIntegerField()),
        tax=F("vat_eur"),
        price=Value(0, DecimalField(max_digits=14, decimal_places=6)),
        nothing=Value("", CharField()),
    ).values_list("part", "at", "reason", "tax", "category", "price", "base_eur", "vat_percent", "nothing")
    content = Content([], [])
    for part, *columns in lines.union(vat, all=True):
        if part == LINE:
            content.lines.append(DocumentLine(**dict(zip(OF_LINE, columns, strict=True))))
        else:
            _at, reason, tax, category, _price, base, percent, _nothing = columns
            content.vat.append(
                DocumentVat(category=category, vat_percent=percent, base_eur=base, vat_eur=tax, reason=reason)
            )
    content.lines.sort(key=lambda line: line.position)
    content.vat.sort(key=lambda row: (-row.vat_percent, row.category))
    return content


def vat_in_words(document: Document, content: Content, language: formats.Language) -> list[tuple[str, Decimal]]:
    """Return the VAT as it is told, in the active language: each rate with its amount, or the amount in all."""
    if len(content.vat) > 1:
        return [
            (
                _("VAT %(rate)s of %(base)s")
                % {"rate": rate_in_words(each.vat_percent, language), "base": formats.euros(each.base_eur, language)},
                each.vat_eur,
            )
            for each in content.vat
        ]
    rates = {each.vat_percent for each in content.vat or content.lines}
    if len(rates) != 1:
        return [(_("VAT"), document.vat_eur)]
    return [(_("VAT %(rate)s") % {"rate": rate_in_words(rates.pop(), language)}, document.vat_eur)]


def rate_in_words(percent: Decimal, language: formats.Language) -> str:
    return formats.percent(percent, language, 0 if percent == int(percent) else 1)
