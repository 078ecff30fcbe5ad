"""The files of the copy of one's data: what the person's links give out, and what came with messages to support."""

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db.models import Q

from mojplin.domain.accounts.models import User
from mojplin.domain.contracts.models import Contract, ContractFile, Renewal
from mojplin.domain.linking.access import Place, documents_at, payers_kept_back
from mojplin.domain.metering.models import ReadingPhoto, SubmittedReading
from mojplin.domain.own_data.gathering import said_to
from mojplin.domain.own_data.rows import at_places
from mojplin.domain.support.models import Attachment

File = tuple[str, str]
"""Its name in the copy, its path in the document storage."""


def files_of(user: User, places: list[Place]) -> list[File]:
    """Return what is there; a file that the storage has lost keeps nobody from the rest."""
    kept_back = payers_kept_back(places)
    shown = [place for place in places if place.payer_id not in kept_back]
    contracts = [*_contracts(shown), *_annexes(shown)]
    found = [*_documents(places, kept_back), *contracts, *_attachments(user), *_photos(user, places)]
    return [(name, path) for name, path in found if default_storage.exists(path)]


def _documents(places: list[Place], kept_back: frozenset[int]) -> Iterable[File]:
    given = documents_at(places).exclude(payer__in=kept_back).newest_first()
    for number, pdf, xml in given.values_list("number", "pdf_path", "xml_path"):
        yield from ((f"{flat_name(number)}.{kind}", path) for kind, path in (("pdf", pdf), ("xml", xml)) if path)


def _contracts(places: list[Place]) -> Iterable[File]:
    own = ContractFile.objects.filter(contract__in=at_places(Contract.objects.all(), places).values("pk"))
    for name, path in own.exclude(path="").order_by("dated_on", "file_name").values_list("file_name", "path"):
        yield f"contracts/{flat_name(name)}", path


def _annexes(places: list[Place]) -> Iterable[File]:
    at = at_places(Contract.objects.all(), places).values("pk")
    agreed = Renewal.objects.filter(contract__in=at).order_by("agreed_at")
    for contract, number, path in agreed.values_list("contract__number", "number", "annex_path"):
        yield f"contracts/{flat_name(contract)}-{number}.pdf", path


def _attachments(user: User) -> Iterable[File]:
    sent = Attachment.objects.filter(entry__in=said_to(user)).order_by("pk")
    for key, number, name, path in sent.values_list("pk", "entry__enquiry__number", "name", "path"):
        yield f"{number}-{key}-{name}", path


def _photos(user: User, places: list[Place]) -> Iterable[File]:
    """Yield the pictures beside the readings that `submitted_readings` lists."""
    listed = at_places(SubmittedReading.objects.all(), places, own=Q(submitted_by=user))
    photos = ReadingPhoto.objects.filter(reading__in=listed).order_by("pk")
    for key, point, month, path in photos.values_list("pk", "reading__supply_point__number", "reading__month", "path"):
        yield f"{point}-{month:%Y-%m}-{key}.jpg", path


def flat_name(name: str) -> str:
    """Return a number as the name of a file: without what would lead into a folder."""
    return name.replace("/", "-").replace("\\", "-")
