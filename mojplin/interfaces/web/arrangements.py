"""How invoices come and are paid: e-invoice, direct debit, instalments, each asked for and with its state in sight."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from mojplin.domain.billing.arrangements import (
    Asked,
    NotAgreed,
    ask_for_direct_debit,
    ask_for_instalments,
    ask_for_invoices,
    asked,
    in_force,
    requests_of,
    revoke_direct_debit,
    withdraw,
)
from mojplin.domain.billing.balance import balance_of
from mojplin.domain.billing.instalments import Rules, plans_for
from mojplin.domain.billing.mandate import mandate_pdf, mandate_text
from mojplin.domain.billing.models import PayerRequest
from mojplin.domain.billing.statement import open_rows
from mojplin.domain.linking.access import Place, documents_of, places_of, rows_of_documents_at
from mojplin.domain.supply.models import Payer
from mojplin.foundation.downloads import download
from mojplin.foundation.formats import active_language
from mojplin.foundation.idempotency import once
from mojplin.interfaces.web.doors import OperationForm, allow, own_place, page, places_in_frame, today
from mojplin.interfaces.web.step_up import confirmed_recently

Family, Kind = PayerRequest.Family, PayerRequest.Kind
COLLECTED_EVERY = timedelta(days=35)
"""Who is billed every month and was not collected from for longer has no mandate any more."""
WAYS = (Kind.BY_EMAIL, Kind.BY_E_BANK, Kind.ON_PAPER)


class AccountFields(OperationForm):
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Write the IBAN of your bank account.")},
    )
    bic = forms.CharField(
        label=_("BIC of the bank"),
        required=False,
        max_length=30,
        help_text=_("Only if your bank asks for it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class InvoicesForm(AccountFields):
    way = forms.ChoiceField(choices=[(each.value, each.label) for each in WAYS])
    email = forms.EmailField(
        label=_("E-mail address for invoices"),
        help_text=_("For invoices by e-mail."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write the e-mail address to which invoices shall come."),
            "invalid": _("This is not an e-mail address. It looks like name@example.si."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["iban"].help_text = _("For e-invoices in the online bank.")
        if self.is_bound:  # what the chosen way does not need may stay empty
            way = self.data.get(self.add_prefix("way"))
            self.fields["email"].required = way == Kind.BY_EMAIL
            self.fields["iban"].required = way == Kind.BY_E_BANK


class DirectDebitForm(AccountFields):
    holder = forms.CharField(
        label=_("Holder of the account"),
        max_length=70,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write whose account it is.")},
    )
    agreed = forms.BooleanField(
        label=_("I agree to the mandate above."), error_messages={"required": NotAgreed.message}
    )
    field_order = ("holder", "iban", "bic", "agreed")


class InstalmentsForm(OperationForm):
    count = forms.IntegerField(
        min_value=2, max_value=120, error_messages={"required": _("Choose one of the proposals.")}
    )


@require_safe
@own_place
def arrangements(request: HttpRequest, place: Place) -> HttpResponse:
    allow(place.may_arrange)
    found = requests_of(payer_id=place.payer_id)
    debit = in_force(found, Family.DIRECT_DEBIT)
    context = collection(request, place.payer_id, debit) | {
        "payer_number": place.payer_number,
        "invoices": in_force(found, Family.INVOICES),
        "debit": debit,
        "instalments": in_force(found, Family.INSTALMENTS),
        "earlier": [each for each in found if not each.holds],
        "has_debit": bool(settings.DIRECT_DEBIT_CREDITOR_ID),
        "has_instalments": settings.INSTALMENTS["most"] > 1,
    }
    return page(request, "web/paying/arrangements.html", context, active="documents")


def collection(request: HttpRequest, payer_id: int, debit: Asked | None) -> dict[str, Any]:
    """Return what the documents say of direct debit, for the page.

    :returns: `by_paper`, the newest document that a mandate given outside the portal has collected lately, or None;
        `by_hand`, what is no longer collected because the mandate was revoked.
    """
    documents = documents_of(request.user.pk).filter(payer_id=payer_id)
    is_revoked = debit is not None and debit.request.kind == Kind.NO_DIRECT_DEBIT
    newest = None
    if debit is None or is_revoked:
        lately = today() - COLLECTED_EVERY
        newest = documents.with_collection().filter(collecting_on__gte=lately).newest_first().first()
    return {
        "by_paper": newest,
        "by_hand": list(documents.no_longer_collected(today()).order_by("due_on", "pk")) if is_revoked else [],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
@once
@own_place
def invoices(request: HttpRequest, place: Place) -> HttpResponse:
    allow(place.may_arrange)
    current = in_force(requests_of(payer_id=place.payer_id), Family.INVOICES)
    form = InvoicesForm(request.POST or None, initial={"way": Kind.BY_EMAIL.value, "email": request.user.email})
    known = {"payer_id": place.payer_id, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and form.carry_out(ask_for_invoices, **known):
        return redirect("web:request", public_id=form.result.public_id)
    return page(request, "web/paying/invoices.html", {"form": form, "current": current}, active="documents")


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
@once
@own_place
def direct_debit(request: HttpRequest, place: Place) -> HttpResponse:
    allow(place.may_arrange and bool(settings.DIRECT_DEBIT_CREDITOR_ID))
    current = in_force(requests_of(payer_id=place.payer_id), Family.DIRECT_DEBIT)
    has_mandate = current is not None and current.request.kind == Kind.DIRECT_DEBIT
    by_paper = collection(request, place.payer_id, current)["by_paper"]
    known = {"payer_id": place.payer_id, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and "revoke" in request.POST:
        done = revoke_direct_debit(**known) if has_mandate or by_paper else current and current.request
        return redirect("web:request", public_id=done.public_id) if done else redirect("web:direct_debit")
    name = Payer.objects.values_list("name", flat=True).get(pk=place.payer_id)
    form = DirectDebitForm(request.POST or None, initial={"holder": name[:70]})
    if request.method == "POST" and form.carry_out(ask_for_direct_debit, **known):
        return redirect("web:request", public_id=form.result.public_id)
    context = {
        "form": form,
        "current": current if has_mandate else None,
        "by_paper": by_paper,
        "creditor_id": settings.DIRECT_DEBIT_CREDITOR_ID,
        "text": mandate_text(settings.PAYEE["name"]),
        "end": OperationForm(auto_id=False),  # two forms on a page, each with its own key
    }
    return page(request, "web/paying/direct_debit.html", context, active="documents")


@require_http_methods(["GET", "HEAD", "POST"])
@once
@own_place
def instalments(request: HttpRequest, place: Place) -> HttpResponse:
    rules = Rules(**settings.INSTALMENTS)
    allow(place.may_arrange and rules.most > 1)
    owed_eur = owed_by(request, place)
    plans = plans_for(owed_eur, rules=rules, today=today())
    form = InstalmentsForm(request.POST or None)
    known = {"plans": plans, "payer_id": place.payer_id, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and form.carry_out(ask_for_instalments, **known):
        return redirect("web:request", public_id=form.result.public_id)
    current = in_force(requests_of(payer_id=place.payer_id), Family.INSTALMENTS)
    context = {"form": form, "plans": plans, "owed_eur": owed_eur, "rules": rules, "current": current}
    return page(request, "web/paying/instalments.html", context, active="documents")


def owed_by(request: HttpRequest, place: Place) -> Decimal:
    """Return what the payer of the place owes at all places of theirs that the person holds."""
    own = [each for each in places_of(request.user.pk) if each.payer_id == place.payer_id and not each.is_shared]
    return balance_of(rows_of_documents_at(own, open_rows), today=today()).sums.owed_eur


@require_http_methods(["GET", "HEAD", "POST"])
@once
def payer_request(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a request with its state; a POST takes back one that waits for an answer."""
    mine = own_request(request, public_id)
    form = OperationForm(request.POST or None)
    if request.method == "POST" and form.carry_out(withdraw, request=mine.request, by=request.user, now=timezone.now()):
        return redirect("web:request", public_id=public_id)
    if form.refusal:
        mine = asked(mine.request)
    parts = [(date.fromisoformat(day), Decimal(amount)) for day, amount in mine.request.instalments]
    context = {"asked": mine, "form": form, "parts": parts, "by_hand": []}
    if mine.request.kind == Kind.NO_DIRECT_DEBIT and mine.holds:
        context |= collection(request, mine.request.payer_id, mine)
    return page(request, "web/paying/request.html", context, active="documents")


def own_request(request: HttpRequest, public_id: str) -> Asked:
    """Return a request of a payer for whom the user may arrange such things; else it answers as one that never was."""
    places = places_in_frame(request)
    payers = {place.payer_id for place in places if place.may_arrange}
    found = PayerRequest.objects.select_related("payer").filter(public_id=public_id, payer_id__in=payers).first()
    if found is None:
        raise Http404
    return asked(found)


@require_safe
def mandate(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Answer with the mandate of a direct debit, to keep."""
    mine = own_request(request, public_id).request
    if mine.kind != Kind.DIRECT_DEBIT:
        raise Http404
    content = mandate_pdf(
        mine, creditor=settings.PAYEE, creditor_id=settings.DIRECT_DEBIT_CREDITOR_ID, language=active_language()
    )
    return download(BytesIO(content), f"{mine.number}.pdf", "application/pdf")
