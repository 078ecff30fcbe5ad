"""What customers do about an offer: agree to it, once, on what they saw; and withdraw from that in time."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.contracts import wording
from mojplin.domain.contracts.annex import annex_of
from mojplin.domain.contracts.models import Contract, Offer, Renewal
from mojplin.domain.contracts.terms import Terms, terms_of
from mojplin.foundation import formats, mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.files import kept_path
from mojplin.foundation.formats import Language
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.public_ids import new_public_id
from mojplin.foundation.running_numbers import give_number
from mojplin.foundation.working_days import working_day_from


class OfferGone(Refused):
    message = _("This offer is no longer good. Nothing was sent.")


class OfferChanged(Refused):
    message = _("The offer has changed meanwhile, so nothing was sent.")


class AlreadyRenewed(Refused):
    message = _("The contract has been renewed already. Nothing was sent.")


class TooLateToWithdraw(Refused):
    message = _("The time for withdrawing ended on %(day)s. Write to us and we will look for another way.")


class NothingToWithdraw(Refused):
    message = _("This renewal no longer holds, so there is nothing to withdraw from.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What stood on the page of agreement: the evidence, in the language and on the day it was read."""

    terms: Terms
    facts: list[list[str]]
    """Labels and values, as they were shown."""
    sentences: list[str]
    label: str
    """Beside the box that was ticked."""
    button: str
    annex_sha256: str
    language: Language
    shown_on: date

    def as_json(self) -> dict[str, Any]:
        return {
            "terms": self.terms.as_json(), "facts": self.facts, "sentences": self.sentences, "label": self.label,
            "button": self.button, "annex_sha256": self.annex_sha256, "language": self.language,
            "shown_on": self.shown_on.isoformat(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Seen":
        exact = {"terms": Terms.from_json(values["terms"]), "shown_on": date.fromisoformat(values["shown_on"])}
        return cls(**values | exact)


def mark_of(shown: dict[str, Any]) -> str:
    """Return the SHA-256 of what was shown: of its JSON with sorted names and no spaces, in UTF-8."""
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def renew(*, contract_id: int, seen: Seen, place_name: str, by: User, today: date, now: datetime) -> Renewal:
    """Renew a contract on the terms that were seen: keep the evidence and the annex, tell the ERP, confirm by mail.

    :param seen: what the page showed; it is checked against the offer as it is now.
    :raises OfferGone: the offer has expired or was withdrawn, or the contract is over.
    :raises OfferChanged: the terms are no longer those that were seen, or the annex would not be the one shown.
    :raises AlreadyRenewed: a renewal was sent or accepted before.
    """
    contract = Contract.objects.select_related("supply_point", "payer").get(pk=contract_id)
    offers = Offer.objects.good_on(today).filter(contract=contract, number=seen.terms.offer_number)
    offer = offers.select_for_update().first()
    if offer is None or contract.ends_on is None or contract.ends_on < today:
        raise OfferGone
    if terms_of(contract, offer) != seen.terms:
        raise OfferChanged
    annex = annex_of(contract, seen.terms, language=seen.language, made_on=seen.shown_on)
    if hashlib.sha256(annex).hexdigest() != seen.annex_sha256:
        raise OfferChanged
    renewal = _kept(contract, seen, kept_path(annex, folder="annexes", suffix=".pdf"), by, today, now)
    _tell(renewal, contract, place_name, by)
    return renewal


def _kept(contract: Contract, seen: Seen, annex_path: str, by: User, today: date, now: datetime) -> Renewal:
    shown = seen.as_json()
    renewal = Renewal(
        number=new_public_id()[:22],  # its own number follows from the row's
        contract=contract,
        offer_number=seen.terms.offer_number,
        months=seen.terms.months,
        price_eur=seen.terms.price_eur,
        price_basis=seen.terms.price_basis,
        starts_on=seen.terms.starts_on,
        ends_on=seen.terms.ends_on,
        agreed_by=by,
        agreed_at=now,
        shown=shown,
        shown_sha256=mark_of(shown),
        annex_path=annex_path,
        annex_sha256=seen.annex_sha256,
        withdraw_until=working_day_from(today + timedelta(days=settings.WITHDRAWAL_DAYS)),
    )
    try:
        with transaction.atomic():
            renewal.save()
    except IntegrityError as held:
        raise AlreadyRenewed from held
    give_number(renewal, "PO", now=now)
    return renewal


def _tell(renewal: Renewal, contract: Contract, place_name: str, by: User) -> None:
    """Write the message to the ERP and the confirmation with the annex."""
    Message.post(
        "erp.renewal.agreed",
        wakes_worker=False,
        id=renewal.public_id,
        number=renewal.number,
        contract=contract.number,
        offer=renewal.offer_number,
        months=renewal.months,
        price_eur=str(renewal.price_eur),
        starts_on=renewal.starts_on.isoformat(),
        ends_on=renewal.ends_on.isoformat(),
        agreed_at=renewal.agreed_at.isoformat(),
        withdraw_until=renewal.withdraw_until.isoformat(),
        shown_sha256=renewal.shown_sha256,
        annex_sha256=renewal.annex_sha256,
    )
    _mail(
        renewal, contract, place_name, by, "renewal_agreed",
        attachments=[mail.Attachment(path=renewal.annex_path, name=renewal.annex_name)],
    )  # fmt: skip


def _mail(
    renewal: Renewal, contract: Contract, place_name: str, to: User, name: str, attachments: Any = (), **more: Any
) -> None:
    language = cast(Language, to.language)
    context = {
        "number": renewal.number,
        "contract": contract.number,
        "place": place_name,
        "period": formats.day_range(renewal.starts_on, renewal.ends_on, language),
        "price": wording.per_unit(renewal.price_eur, contract.unit, language),
        "withdraw_until": formats.day_in_sentence(renewal.withdraw_until, language, year=True),
        "last_day": formats.day_in_sentence(renewal.starts_on - timedelta(days=1), language, year=True),
        "action_url": address_in(language, "web:renewed", renewal.public_id),
    }
    template = f"contracts/mail/{name}"
    mail.post(to=to.email, template=template, context=context | more, language=language, attachments=attachments)


@transaction.atomic
def withdraw(*, renewal_id: int, place_name: str, by: User, now: datetime) -> Renewal:
    """Withdraw from a renewal that was sent or accepted; tell the ERP and whoever had agreed.

    :raises TooLateToWithdraw, NothingToWithdraw: with the sentence for the person.
    """
    renewal = Renewal.objects.select_related("contract", "agreed_by").get(pk=renewal_id)
    if localdate(now) > renewal.withdraw_until:
        language = formats.language_of(by.language)
        raise TooLateToWithdraw(day=formats.day_in_sentence(renewal.withdraw_until, language, year=True))
    holding = Renewal.objects.holding().filter(pk=renewal_id)
    if not holding.update(state=Renewal.State.WITHDRAWN, withdrawn_at=now):
        raise NothingToWithdraw
    Message.post(
        "erp.renewal.withdrawn",
        wakes_worker=False,
        id=renewal.public_id,
        number=renewal.number,
        contract=renewal.contract.number,
        withdrawn_at=now.isoformat(),
    )
    for each in {renewal.agreed_by_id: renewal.agreed_by, by.pk: by}.values():
        if each.is_active:
            _mail(renewal, renewal.contract, place_name if each.pk == by.pk else "", each, "renewal_withdrawn")
    return renewal
