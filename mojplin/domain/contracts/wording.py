"""The words of an agreement, the same on the page one agrees on and in the annex: facts, what is fixed, withdrawal."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mojplin.domain.contracts.models import Contract, PriceBasis
from mojplin.domain.contracts.terms import Comparison, Terms
from mojplin.foundation import formats
from mojplin.foundation.formats import Language

Fact = tuple[str, str]
"""A label and what stands beside it."""


def per_unit(price_eur: Decimal, unit: str, language: Language) -> str:
    return formats.unit_price(price_eur, language, "m³" if unit == "m3" else unit)


def binding_facts(contract: Contract, terms: Terms, language: Language) -> list[Fact]:
    """Return what the renewal says; the contract's payer and supply point are known to it."""
    facts = [
        (_("Contract"), contract.number),
        (_("Offer"), terms.offer_number),
        (_("Supply point"), f"{contract.supply_point.number}, {contract.supply_point.address}"),
        (_("Payer"), contract.payer.name),
        (_("New period"), formats.day_range(terms.starts_on, terms.ends_on, language)),
        (_("Price of gas, with VAT"), per_unit(terms.price_eur, terms.unit, language)),
        (_("The price"), str(PriceBasis(terms.price_basis).label)),
    ]
    if terms.rental_eur_month is not None:
        rental = _("%(amount)s a month") % {"amount": formats.euros(terms.rental_eur_month, language)}
        facts.append((_("Tank rental, with VAT"), rental))
    return [*facts, (_("Notice"), notice(terms.notice_days))]


def notice(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


def yearly_facts(compared: Comparison, terms: Terms, language: Language) -> list[Fact]:
    """Return what the offer costs in a year at this customer's use, beside the price now and without renewal."""
    chosen = compared.choice(terms.offer_number)
    if compared.used is None or chosen is None or chosen.year_eur is None:
        return []
    used = formats.quantity(compared.used.quantize(Decimal(1)), "m³" if terms.unit == "m3" else terms.unit, language)
    ways = [
        (_("A year at the new price"), chosen.year_eur),
        (_("A year at the price now"), compared.now.year_eur if compared.now else None),
        (_("A year without renewal, at today's price list"), compared.without.year_eur if compared.without else None),
    ]
    amounts = [(label, about(eur, language)) for label, eur in ways if eur is not None]
    label = _("Your use in a year of normal weather") if compared.is_normal else _("Your use in twelve months")
    return [(label, used), *amounts]


def about(amount_eur: Decimal, language: Language) -> str:
    return _("about %(amount)s") % {"amount": formats.euros(amount_eur, language, 0)}


def fixed_and_open(terms: Terms, language: Language) -> list[str]:
    """Return what is fixed and what may change, a sentence each."""
    until = formats.day_in_sentence(terms.ends_on, language, year=True)
    price = per_unit(terms.price_eur, terms.unit, language)
    if terms.price_basis == PriceBasis.FIXED:
        says = [_("The price of gas, %(price)s, is fixed until %(day)s.") % {"price": price, "day": until}]
    else:
        says = [
            _("The price of gas follows the standard price list and can change with it; today it is %(price)s.")
            % {"price": price}
        ]
    says.append(_("Levies and VAT are set by law. If they change, the price changes by the difference."))
    if terms.rental_eur_month is not None:
        says.append(_("The tank rental follows the price list of services."))
    return [*says, _("Everything else in the contract stays as it is.")]


def withdrawal(days: int, email: str) -> list[str]:
    """Return how one withdraws from the renewal, a paragraph each."""
    return [
        ngettext(
            "You may withdraw from the renewal within %(num)s day, without giving a reason and at no cost.",
            "You may withdraw from the renewal within %(num)s days, without giving a reason and at no cost.",
            days,
        )
        % {"num": days},
        _("Do it in the portal, on the page of the contract, or write to %(email)s in time.")
        % {"email": email},
        _("The contract then goes on as if you had not renewed it: it ends on its last day."),
    ]  # fmt: skip
