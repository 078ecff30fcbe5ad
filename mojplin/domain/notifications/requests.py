"""Messages about requests: what the supplier answered to how invoices come, to a direct debit, to instalments."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.notices import Topic
from mojplin.domain.accounts.sites import address_in
from mojplin.domain.billing.models import PayerRequest, RequestAnswer
from mojplin.domain.linking.access import in_force
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.roles import Act, roles_that_may
from mojplin.domain.notifications.kinds import NOWHERE, Found, Kind, Letter, register_kind, to_tell
from mojplin.domain.notifications.models import SentNotice
from mojplin.foundation import formats

TOPIC = Topic(
    code="request_answered",
    label=_("The answer to a request about invoices and paying"),
    hint=_("Whether invoices come as you wish, and what became of a direct debit or of instalments."),
)
IS_NEWS_FOR = timedelta(days=30)
ARRANGING_ROLES = roles_that_may(Act.ARRANGE)


def find(now: datetime) -> list[Found]:
    """Return whose request was answered, while they may still arrange such things for the payer."""
    today = timezone.localdate(now)
    answers = RequestAnswer.objects.filter(number=OuterRef("number"), answered_on__gte=today - IS_NEWS_FOR)
    own = Link.objects.filter(
        in_force(today), user=OuterRef("asked_by"), payer=OuterRef("payer"), role__in=ARRANGING_ROLES
    )
    requests = PayerRequest.objects.filter(Exists(own), ended_at=None)
    answered = requests.annotate(answer=Subquery(answers.values("state"))).exclude(answer=None)
    thing = Concat("number", Value(":"), "answer", output_field=CharField())
    told = answered.annotate(thing=thing, about=F("number"), place_link=NOWHERE)
    return to_tell(told, TOPIC, user="asked_by")


def letter(user: User, notices: Sequence[SentNotice], language: formats.Language) -> Letter | None:
    """Return the mail about one request, if its answer is still the one the notice says."""
    number, state = notices[0].thing.split(":")
    request = PayerRequest.objects.filter(number=number, ended_at=None).select_related("payer").first()
    answer = RequestAnswer.objects.filter(number=number, state=state).first()
    if request is None or answer is None:
        return None
    context = {
        "number": number,
        "kind": request.kind,
        "email": request.email,
        "last4": request.iban_last4,
        "payer": request.payer.number,
        "asked_on": formats.day_in_sentence(timezone.localdate(request.asked_at), language, year=True),
        "is_accepted": state == RequestAnswer.State.ACCEPTED,
        "note": answer.note,
        "action_url": address_in(user.language, "web:request", request.public_id),
    }
    return Letter("notifications/mail/request_answered", context)


register_kind(Kind(topic=TOPIC, find=find, letter=letter, page="web:balance", is_of_a_place=False, stands_alone=True))
