"""Messages about contracts: one that ends in 90, 30 and 7 days, and what the supplier answered to a renewal."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.contracts.models import Contract, Offer, Renewal, RenewalAnswer
from mojplin.domain.linking.access import in_force
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.roles import Act, roles_that_may
from mojplin.domain.notifications.kinds import Found, Kind, Letter, own_link, register_kind, to_tell
from mojplin.domain.notifications.models import SentNotice
from mojplin.foundation import formats

ENDING = Topic(
    code="contract_ending",
    label=_("A contract ends soon"),
    hint=_("90, 30 and 7 days before its last day, unless it is renewed."),
)
ANSWERED = Topic(
    code="renewal_answered",
    label=_("The supplier's answer to a renewal"),
    hint=_("The law asks for it: you have it in writing whether your contract goes on, and until when."),
    is_required=True,
)
DAYS_BEFORE = (90, 30, 7)
ANSWER_IS_NEWS_FOR = timedelta(days=30)
LISTED = 10
RENEWING_ROLES = roles_that_may(Act.RENEW)


def find_ending(now: datetime) -> list[Found]:
    """Return who is to be told of a contract that nobody has renewed, of the nearest of the three days alone."""
    today = timezone.localdate(now)
    renewed = Renewal.objects.holding().filter(contract=OuterRef("payer__contracts"))
    ends_on = "payer__contracts__ends_on"
    ending = Q(
        **{f"{ends_on}__gte": today, f"{ends_on}__lte": today + timedelta(days=DAYS_BEFORE[0])},
        payer__contracts__supply_point=F("supply_point"),
    )
    links = Link.objects.filter(in_force(today), ending, ~Exists(renewed), role__in=RENEWING_ROLES)
    step = Case(
        *(
            When(**{f"{ends_on}__gt": today + timedelta(days=until)}, then=Value(f":{days}"))
            for days, until in zip(DAYS_BEFORE, (*DAYS_BEFORE[1:], -1), strict=True)
        ),
        output_field=CharField(),
    )
    key, day = Cast("payer__contracts", CharField()), Cast(ends_on, CharField())
    thing = Concat(key, Value(":"), day, step, output_field=CharField())
    return to_tell(links.annotate(thing=thing, about=F("payer__contracts__number"), place_link=F("pk")), ENDING)


def letter_of_ending(user: User, notices: Sequence[SentNotice], language: formats.Language) -> Letter | None:
    """Return the mail of the contracts that still end and are not renewed."""
    today = timezone.localdate()
    places = {int(each.thing.split(":")[0]): each.link.name if each.link else "" for each in notices}
    offers = Offer.objects.good_on(today).filter(contract=OuterRef("pk"))
    ending = Contract.objects.filter(pk__in=places, ends_on__gte=today)
    ending = ending.exclude(renewals__in=Renewal.objects.holding()).annotate(has_offer=Exists(offers))
    contracts = list(ending.order_by("ends_on", "number"))
    if not contracts:
        return None
    told = [
        {
            "number": each.number,
            "place": places[each.pk],
            "ends": formats.day_in_sentence(each.ends_on, language, year=True) if each.ends_on else "",
            "days": each.days_left(today),
        }
        for each in contracts
    ]
    one = address_in(user.language, "web:contract", contracts[0].public_id)
    context = {
        "count": len(told),
        "contracts": told[:LISTED],
        "more": max(len(told) - LISTED, 0),
        "has_offer": any(each.has_offer for each in contracts),
        "offer_days": settings.OFFER_LATEST_DAYS_BEFORE,
        "action_url": one if len(told) == 1 else address_in(user.language, "web:contracts"),
    }
    return Letter("notifications/mail/contract_ending", context)


def find_answered(now: datetime) -> list[Found]:
    """Return whoever agreed to a renewal that the supplier has answered."""
    outcome = RenewalAnswer.objects.filter(renewal_number=OuterRef("number")).values("outcome")
    answered = Renewal.objects.annotate(outcome=Subquery(outcome)).filter(
        outcome=F("state"), answered_at__gte=now - ANSWER_IS_NEWS_FOR
    )
    thing = Concat("number", Value(":"), "state", output_field=CharField())
    link = own_link(user="agreed_by", of="contract__")
    told = answered.annotate(thing=thing, about=F("contract__number"), place_link=link)
    return to_tell(told, ANSWERED, user="agreed_by")


def letter_of_answer(user: User, notices: Sequence[SentNotice], language: formats.Language) -> Letter | None:
    """Return the mail about one renewal: accepted, with the new last day, or refused, with the reason."""
    number = notices[0].thing.split(":")[0]
    renewal = Renewal.objects.select_related("contract").filter(number=number).first()
    answer = RenewalAnswer.objects.filter(renewal_number=number).first()
    if renewal is None or answer is None or renewal.state != answer.outcome:
        return None
    context = {
        "number": renewal.number,
        "contract": renewal.contract.number,
        "is_accepted": answer.outcome == RenewalAnswer.Outcome.ACCEPTED,
        "reason": answer.reason,
        "ends_on": formats.day_in_sentence(renewal.ends_on, language, year=True),
        "action_url": address_in(user.language, "web:renewed", renewal.public_id),
    }
    return Letter("notifications/mail/renewal_answered", context)


register_kind(Kind(topic=ENDING, find=find_ending, letter=letter_of_ending, page="web:contracts", act=Act.RENEW))
register_kind(
    Kind(topic=ANSWERED, find=find_answered, letter=letter_of_answer, page="web:contracts", stands_alone=True)
)
