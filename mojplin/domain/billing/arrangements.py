"""What a customer arranges for a payer: how invoices come, direct debit, instalments. The ERP answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import there_may_be_news
from mojplin.domain.billing.bank_account import bic_of, iban_of
from mojplin.domain.billing.instalments import Plan
from mojplin.domain.billing.models import PayerRequest, RequestAnswer
from mojplin.domain.supply.models import Payer
from mojplin.foundation import mail
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.protected import encrypted
from mojplin.foundation.public_ids import new_public_id
from mojplin.foundation.running_numbers import give_number

State = Literal["sent", "accepted", "refused", "withdrawn", "replaced"]
Family, Kind = PayerRequest.Family, PayerRequest.Kind
FAMILY_OF = {
    Kind.BY_EMAIL: Family.INVOICES,
    Kind.BY_E_BANK: Family.INVOICES,
    Kind.ON_PAPER: Family.INVOICES,
    Kind.DIRECT_DEBIT: Family.DIRECT_DEBIT,
    Kind.NO_DIRECT_DEBIT: Family.DIRECT_DEBIT,
    Kind.INSTALMENTS: Family.INSTALMENTS,
}


class EmailMissing(Refused):
    field = "email"
    message = _("Write the e-mail address to which invoices shall come.")


class NotAgreed(Refused):
    field = "agreed"
    message = _("Without your consent we cannot collect payments. Tick the box, or leave the page.")


class NoSuchPlan(Refused):
    field = "count"
    message = _("What is open has changed meanwhile. Choose from the new proposals.")


class AlreadyAnswered(Refused):
    message = _("This request was already answered or ended. Look at its state.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with how it stands; `note` is what the supplier says of it."""

    request: PayerRequest
    state: State
    note: str

    @property
    def is_waiting(self) -> bool:
        return self.state == "sent"

    @property
    def holds(self) -> bool:
        """Whether it is asked for, or in force."""
        return self.state in ("sent", "accepted")


def requests_of(**of: Any) -> list[Asked]:
    """Return the requests of a payer (`payer_id`) or those that somebody made (`asked_by`), newest first.

    Takes two statements.
    """
    requests = list(PayerRequest.objects.filter(**of).order_by("-asked_at", "-pk"))
    numbers = [each.number for each in requests]
    answers = {each.number: each for each in RequestAnswer.objects.filter(number__in=numbers)} if numbers else {}
    return [_asked(each, answers.get(each.number)) for each in requests]


def asked(request: PayerRequest) -> Asked:
    return _asked(request, RequestAnswer.objects.filter(number=request.number).first())


def _asked(request: PayerRequest, answer: RequestAnswer | None) -> Asked:
    if request.ended_because:
        return Asked(request, "withdrawn" if request.ended_because == "withdrawn" else "replaced", "")
    if answer is None:
        return Asked(request, "sent", "")
    return Asked(request, "accepted" if answer.state == RequestAnswer.State.ACCEPTED else "refused", answer.note)


def in_force(asked: Iterable[Asked], family: str) -> Asked | None:
    """Return the newest request of a family that waits or holds, of requests as `requests_of` has them."""
    return next((each for each in asked if each.request.family == family and each.holds), None)


@transaction.atomic
def ask_for_invoices(
    *, way: str, email: str, iban: str, bic: str, payer_id: int, by: User, now: datetime
) -> PayerRequest:
    """Ask that invoices come by e-mail, into the online bank, or on paper again.

    :param way: a `PayerRequest.Kind` of the family of invoices; only what it needs of the rest is kept.
    :raises EmailMissing, IbanIsWrong, IbanOutOfReach, BicIsWrong, BicOfAnotherCountry: with what the person reads.
    """
    kind = Kind(way)
    if kind == Kind.BY_EMAIL:
        if not email:
            raise EmailMissing
        return _ask(kind, payer_id=payer_id, by=by, now=now, email=email)
    if kind == Kind.BY_E_BANK:
        account = iban_of(iban)
        return _ask(kind, payer_id=payer_id, by=by, now=now, iban=account, bic=bic_of(bic, account))
    return _ask(kind, payer_id=payer_id, by=by, now=now)


@transaction.atomic
def ask_for_direct_debit(
    *, holder: str, iban: str, bic: str, agreed: bool, payer_id: int, by: User, now: datetime
) -> PayerRequest:
    """Give the mandate to collect what the payer owes from an account; its reference is the request's number.

    :raises NotAgreed, IbanIsWrong, IbanOutOfReach, BicIsWrong, BicOfAnotherCountry: with the sentence for the person.
    """
    account = iban_of(iban)
    bank = bic_of(bic, account)
    if not agreed:
        raise NotAgreed
    return _ask(Kind.DIRECT_DEBIT, payer_id=payer_id, by=by, now=now, holder=holder, iban=account, bic=bank)


@transaction.atomic
def revoke_direct_debit(*, payer_id: int, by: User, now: datetime) -> PayerRequest:
    """Take the mandate back, also one given outside the portal: from now on nothing may be collected."""
    there_may_be_news()  # what was to be collected is now to be paid by hand
    return _ask(Kind.NO_DIRECT_DEBIT, payer_id=payer_id, by=by, now=now)


@transaction.atomic
def ask_for_instalments(*, count: int, plans: Iterable[Plan], payer_id: int, by: User, now: datetime) -> PayerRequest:
    """Ask to pay what is open in so many instalments.

    :param plans: what the supplier's rules allow for the balance of this moment.
    :raises NoSuchPlan: none of them has so many.
    """
    plan = next((each for each in plans if each.count == count), None)
    if plan is None:
        raise NoSuchPlan
    parts = [[day.isoformat(), str(amount)] for day, amount in plan.parts]
    return _ask(Kind.INSTALMENTS, payer_id=payer_id, by=by, now=now, amount_eur=plan.total_eur, instalments=parts)


@transaction.atomic
def withdraw(*, request: PayerRequest, by: User, now: datetime) -> None:
    """Take a request back that the supplier has not answered yet.

    :raises AlreadyAnswered: it has, or the request has ended otherwise.
    """
    waiting = PayerRequest.objects.filter(pk=request.pk, ended_at=None)
    is_mine = waiting.update(ended_at=now, ended_because=PayerRequest.Ended.WITHDRAWN)
    if not is_mine or RequestAnswer.objects.filter(number=request.number).exists():  # an answer holds the row as well
        raise AlreadyAnswered
    Message.post(
        "erp.request.withdrawn", wakes_worker=False, id=request.public_id, number=request.number,
        withdrawn_by=by.email, withdrawn_at=now.isoformat(),
    )  # fmt: skip


def _ask(
    kind: PayerRequest.Kind, *, payer_id: int, by: User, now: datetime, iban: str = "", **more: Any
) -> PayerRequest:
    """Keep the request in the place of an earlier one of its family, tell the ERP, confirm by mail."""
    payer = Payer.objects.select_for_update(no_key=True).get(pk=payer_id)  # of two at once, one after the other
    family = FAMILY_OF[kind]
    earlier = PayerRequest.objects.filter(payer=payer, family=family, ended_at=None)
    earlier.update(ended_at=now, ended_because=PayerRequest.Ended.REPLACED)
    request = PayerRequest.objects.create(
        number=new_public_id(),  # its own number follows from the row's
        family=family,
        kind=kind,
        payer=payer,
        asked_by=by,
        asked_at=now,
        iban_encrypted=encrypted(iban) if iban else "",
        iban_last4=iban[-4:],
        **more,
    )
    give_number(request, "Z", now=now)
    _tell(request, payer, iban, by)
    return request


def _tell(request: PayerRequest, payer: Payer, iban: str, by: User) -> None:
    Message.post(
        "erp.request.made",
        wakes_worker=False,
        id=request.public_id,
        number=request.number,
        kind=request.kind,
        payer=payer.number,
        email=request.email,
        holder=request.holder,
        iban=iban,
        bic=request.bic,
        amount_eur=None if request.amount_eur is None else str(request.amount_eur),
        instalments=request.instalments,
        asked_by=by.email,
        asked_at=request.asked_at.isoformat(),
    )
    context = {
        "number": request.number,
        "kind": request.kind,
        "email": request.email,
        "last4": request.iban_last4,
        "payer": payer.number,
        "public_id": request.public_id,
    }
    mail.post(to=by.email, template="billing/mail/request_received", context=context, language=by.language)
