"""A document of the demo supplier as e-SLOG 2.0 XML, by the writer that makes the portal's own copies."""

from mojplin.domain.billing.eslog_writer import Party, eslog_of
from mojplin.domain.billing.models import Document as BilledDocument
from mojplin.domain.billing.models import DocumentLine as BilledLine
from mojplin.domain.billing.models import DocumentVat as BilledVat
from mojplin.domain.supply.models import SupplyPoint
from mojplin.interfaces.erp.demo import supplier
from mojplin.interfaces.erp.demo.records import Document


def document_xml(document: Document) -> bytes:
    """Return the document as UTF-8 XML, valid against the schema of e-SLOG 2.0."""
    payer = document.payer
    seller = Party(
        name=supplier.NAME,
        street=supplier.STREET,
        post_code=supplier.POST_CODE,
        town=supplier.TOWN,
        tax_number=supplier.TAX_NUMBER,
        is_company=True,
        iban=document.payee_iban,
    )
    buyer = Party(
        name=payer.name,
        street=payer.street,
        post_code=payer.post_code,
        town=payer.town,
        number=payer.payer_number,
        tax_number=payer.tax_number,
        is_company=payer.kind == "company",
    )
    lines = [
        BilledLine(
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price_eur=line.unit_price_eur,
            net_eur=line.net_eur,
            vat_percent=line.vat_percent,
        )
        for line in document.lines
    ]
    vat = [
        BilledVat(category=row.category, vat_percent=row.vat_percent, base_eur=row.base_eur, vat_eur=row.vat_eur)
        for row in document.vat_rows()
    ]
    return eslog_of(_as_issued(document), lines, vat, seller=seller, buyer=buyer, mark="")


def _as_issued(document: Document) -> BilledDocument:
    """Return the document as it was on the day of its issue, when nothing was paid yet."""
    point = document.point
    return BilledDocument(
        number=document.document_number,
        kind=document.kind,
        supply_point=SupplyPoint(
            number=point.supply_point_number,
            recipient_number=point.recipient_number,
            recipient_name=point.recipient_name,
            street=point.street,
            post_code=point.post_code,
            town=point.town,
        ),
        external_number=document.external_document_number,
        issued_on=document.issued_on,
        due_on=document.due_on,
        period_from=document.period_from,
        period_to=document.period_to,
        net_eur=document.net_eur,
        vat_eur=document.vat_eur,
        amount_eur=document.amount_eur,
        open_eur=document.amount_eur,
        collected_on=document.collected_on,
        reference=document.reference,
        purpose_code=document.purpose_code,
        purpose=document.purpose,
        corrects_number=document.corrects_document_number,
    )
