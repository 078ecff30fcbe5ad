"""The portal's informative copies of a document, for where the supplier's own files have not come."""

from django.conf import settings
from django.utils.translation import override

from mojplin.domain.billing.as_issued import content_of
from mojplin.domain.billing.eslog_writer import Party, eslog_of
from mojplin.domain.billing.informative_copy import informative_copy
from mojplin.domain.billing.models import Document
from mojplin.domain.metering.models import BilledReading
from mojplin.foundation import formats
from mojplin.foundation.protected import decrypted


def readings_of(document: Document) -> list[BilledReading]:
    """Return the readings this document bills; only the payer's own, whatever number the ERP wrote on others."""
    readings = BilledReading.objects.filter(document_number=document.number, payer_id=document.payer_id)
    return list(readings.select_related("meter").order_by("period_from", "pk"))


def copy_pdf(document: Document, language: formats.Language) -> bytes:
    """Return the portal's informative copy of the document."""
    with override(language):
        counters = [_counter(each, language) for each in readings_of(document)]
    return informative_copy(
        document,
        content=content_of(document),
        counters=counters,
        supplier=settings.SUPPLIER,
        language=language,
    )


def copy_xml(document: Document) -> bytes | None:
    """Return the document as e-SLOG 2.0 made from the portal's figures, or None when its lines are not known."""
    content = content_of(document)
    if not content.lines:
        return None
    payer, supplier = document.payer, settings.SUPPLIER
    street, _comma, town = supplier["address"].rpartition(", ")
    post_code, _blank, town = town.partition(" ")
    seller = Party(
        name=supplier["name"],
        street=street,
        post_code=post_code,
        town=town,
        tax_number=supplier["tax_number"],
        is_company=True,
        iban=document.payee_iban,
    )
    buyer = Party(
        name=payer.name,
        street=payer.street,
        post_code=payer.post_code,
        town=payer.town,
        number=payer.number,
        tax_number=decrypted(payer.tax_number_encrypted),
        is_company=payer.kind == payer.Kind.COMPANY,
    )
    return eslog_of(document, content.lines, content.vat, seller=seller, buyer=buyer)


def _counter(reading: BilledReading, language: formats.Language) -> list[str]:
    return [
        reading.meter.number,
        reading.get_basis_display(),
        formats.cubic_metres(reading.value_from_m3, language),
        formats.cubic_metres(reading.value_to_m3, language),
        formats.cubic_metres(reading.consumption_m3, language, grouped=True),
    ]
