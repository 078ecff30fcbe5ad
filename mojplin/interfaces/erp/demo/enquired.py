"""What the demo's users have written to support: one waits past its day, one is answered, a complaint came today."""

from datetime import datetime, timedelta

from django.conf import settings

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import Document
from mojplin.domain.linking.models import Link
from mojplin.domain.support.models import Enquiry
from mojplin.domain.support.office import answer, save_template
from mojplin.domain.support.operations import Subject, send_enquiry

ESTIMATED = (
    "Zakaj imam februarja pavšalni obračun? Stanje sem sporočila 27. januarja po telefonu, na računu pa je ocenjeno."
)
FILLING = "Ali pripeljete plin tudi v soboto? Med tednom nas ni doma, cisterna pa potrebuje odprta vrata na dvorišče."
SATURDAYS = "Pozdravljeni,\n\nob sobotah dovažamo do 12. ure. V naročilu označite, da vam ustreza sobota."
TWICE = "Najem rezervoarja je po naše zaračunan dvakrat. Prosimo, preverite in nam pošljite dobropis."


def write_to_support(*, household: User, firm: User, tank: User, clerk: User, now: datetime) -> None:
    """Let the three customers of the demo write, and a clerk answer one of them."""
    place = Link.objects.select_related("supply_point").filter(user=household).order_by("position").first()
    _sent(household, "reading", ESTIMATED, _about(place), now - timedelta(days=7))
    asked = _sent(tank, "order", FILLING, Subject(), now - timedelta(days=2))
    answer(enquiry=asked.pk, text=SATURDAYS, by=clerk, now=now - timedelta(days=1))
    bill = Document.objects.filter(payer__links__user=firm).order_by("-issued_on", "-pk").first()
    if bill:
        subject = Subject(about_kind="document", about_id=bill.public_id, about_name=bill.number)
        _sent(firm, "billing", TWICE, subject, now - timedelta(hours=1), is_complaint=True)
    save_template(
        template=None, title="Pavšalni obračun", topic="reading",
        text_sl="Pozdravljeni, {name},\n\nza ta mesec stanja nismo prejeli, zato smo porabo ocenili. Poravnamo jo, ko "
        "pošljete naslednje stanje.",
        text_en="Hello {name},\n\nwe had no reading for that month, so we estimated the usage. We settle it once you "
        "send the next reading.",
        by=clerk, now=now,
    )  # fmt: skip


def _about(link: Link | None) -> Subject:
    if link is None:
        return Subject()
    return Subject(
        supply_point_id=link.supply_point_id, supply_point_number=link.supply_point.number, payer_id=link.payer_id,
        place_name=link.name,
    )  # fmt: skip


def _sent(by: User, topic: str, message: str, subject: Subject, at: datetime, *, is_complaint: bool = False) -> Enquiry:
    return send_enquiry(
        topic=topic, subject=subject, message=message, is_complaint=is_complaint, by=by, now=at,
        office_email=settings.SUPPLIER["email"],
    )  # fmt: skip
