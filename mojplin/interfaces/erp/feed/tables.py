"""Which file of the export fills which table: columns, references by natural key, and the rules between columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_noop as _

from mojplin.domain.billing.models import Document, DocumentLine, DocumentVat, Payment, RequestAnswer, Settlement
from mojplin.domain.contracts.models import Contract, ContractFile, Offer, Price, RenewalAnswer
from mojplin.domain.metering.models import BilledReading
from mojplin.domain.moving.models import MoveAnswer
from mojplin.domain.orders.models import Article, OrderStep
from mojplin.domain.supply.models import Delivery, Meter, Payer, PayerPeriod, SupplyPoint
from mojplin.interfaces.erp import contract
from mojplin.interfaces.erp.contract import File


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule between columns: rows for which `broken` (SQL over the staged row) holds are set aside, or warned of."""

    column: str
    broken: str
    reason: str
    is_warning: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """How staged rows become rows of a model.

    `names`: column of the file -> field, where they differ. `references`: column of the file -> (field, model), found
    by the model's `number`. `given`: further columns of the staging table -> SQL over s (staged) and t (the row as it
    was); `made_once` ones are kept for ever.
    """

    file: File
    model: type[models.Model]
    names: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, tuple[str, type[models.Model]]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    made_once: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def staging(self) -> str:
        return f"feed_{self.file.name.removesuffix('.csv')}"

    @property
    def plain(self) -> dict[str, str]:
        """Columns of the file that go over as they are -> fields."""
        return {
            column.name: self.names.get(column.name, column.name)
            for column in self.file.columns
            if column.name not in self.references and column.name not in self.left_out
        }


POINT = {"supply_point_number": ("supply_point_id", SupplyPoint)}
PAYER = {"payer_number": ("payer_id", Payer)}
IN_ORDER = _("The last day is before the first.")

OPEN_ITEMS_RULES = (
    Rule(
        column="document_number",
        broken="s.kind = 'document' AND s.document_number = ''",
        reason=_("An open document needs its number."),
    ),
    Rule(
        column="document_number",
        broken="s.kind = 'payment' AND s.document_number <> ''",
        reason=_("A payment that is set against a document is no open item."),
    ),
)

OPEN_EUR = "CASE WHEN t.id IS NULL THEN 0 WHEN t.open_eur > s.amount_eur THEN s.amount_eur ELSE t.open_eur END"
"""As it was; `open_items.py` sets it to what the open items say, after all documents stand."""

BY_ERP = {"answered_by_id": "NULL"}
"""What the ERP says takes the place of what the office had said."""

TABLES = (
    Table(
        file=contract.PAYERS,
        model=Payer,
        names={"payer_number": "number"},
        left_out=("tax_number",),
        given={
            "tax_number_hash": "s.tax_number_hash",
            "tax_number_encrypted": (
                "CASE WHEN s.tax_number_encrypted = '' THEN t.tax_number_encrypted ELSE s.tax_number_encrypted END"
            ),
            "tax_number_last3": "s.tax_number_last3",
        },
    ),
    Table(
        file=contract.SUPPLY_POINTS,
        model=SupplyPoint,
        names={"supply_point_number": "number"},
        made_once=("public_id",),
        rules=(
            Rule(
                column="reading_last_day",
                broken="(s.reading_first_day IS NULL) <> (s.reading_last_day IS NULL)",
                reason=_("The first and the last day of readings come together."),
            ),
        ),
    ),
    Table(
        file=contract.PAYER_PERIODS,
        model=PayerPeriod,
        references=POINT | PAYER,
        rules=(Rule(column="ends_on", broken="s.ends_on < s.starts_on", reason=IN_ORDER),),
    ),
    Table(
        file=contract.METERS,
        model=Meter,
        names={"meter_number": "number"},
        references=POINT,
        rules=(
            Rule(
                column="final_value_m3",
                broken="(s.removed_on IS NULL) <> (s.final_value_m3 IS NULL)",
                reason=_("A removed meter needs its day and its final value."),
            ),
            Rule(column="removed_on", broken="s.removed_on < s.installed_on", reason=IN_ORDER),
        ),
    ),
    Table(
        file=contract.DOCUMENTS,
        model=Document,
        names={
            "document_number": "number",
            "external_document_number": "external_number",
            "corrects_document_number": "corrects_number",
        },
        references=PAYER | POINT,
        given={"open_eur": OPEN_EUR},
        made_once=("public_id",),
        rules=(
            Rule(column="period_to", broken="s.period_to < s.period_from", reason=IN_ORDER),
            Rule(
                column="amount_eur",
                broken="ABS(s.net_eur + s.vat_eur - s.amount_eur) > 0.005",
                reason=_("Net and VAT together are not the amount."),
                is_warning=True,
            ),
        ),
    ),
    Table(
        file=contract.DOCUMENT_LINES,
        model=DocumentLine,
        references={"document_number": ("document_id", Document)},
    ),
    Table(
        file=contract.DOCUMENT_VAT,
        model=DocumentVat,
        references={"document_number": ("document_id", Document)},
        rules=(
            Rule(
                column="vat_eur",
                broken="s.category <> 'S' AND s.vat_eur <> 0",
                reason=_("Only a rate (category S) has VAT."),
            ),
        ),
    ),
    Table(
        file=contract.BILLED_READINGS,
        model=BilledReading,
        names={"reading_number": "number"},
        references=POINT | PAYER | {"meter_number": ("meter_id", Meter)},
        rules=(
            Rule(column="period_to", broken="s.period_to < s.period_from", reason=IN_ORDER),
            Rule(
                column="consumption_m3",
                broken="s.consumption_m3 < 0 AND s.basis <> 'settlement'",
                reason=_("Only a settlement may be below zero."),
            ),
            Rule(
                column="not_used_because",
                broken="s.not_used_because <> '' AND s.customer_reading = ''",
                reason=_("Which reading was not used is missing."),
            ),
        ),
    ),
    Table(file=contract.PAYMENTS, model=Payment, names={"payment_number": "number"}, references=PAYER),
    Table(
        file=contract.SETTLEMENTS,
        model=Settlement,
        references={"payment_number": ("payment_id", Payment), "document_number": ("document_id", Document)},
    ),
    Table(
        file=contract.REQUEST_ANSWERS,
        model=RequestAnswer,
        names={"request_number": "number"},
        given=BY_ERP,
    ),
    Table(
        file=contract.CONTRACTS,
        model=Contract,
        names={"contract_number": "number"},
        references=POINT | PAYER,
        made_once=("public_id",),
        rules=(
            Rule(column="ends_on", broken="s.ends_on < s.starts_on", reason=IN_ORDER),
            Rule(
                column="unit",
                broken="(s.price_eur IS NULL) <> (s.unit = '')",
                reason=_("A price needs its unit, and a unit its price."),
            ),
            Rule(
                column="price_basis",
                broken="(s.price_eur IS NULL) <> (s.price_basis = '')",
                reason=_("A price needs its basis, and a basis its price."),
            ),
        ),
    ),
    Table(
        file=contract.CONTRACT_FILES,
        model=ContractFile,
        references={"contract_number": ("contract_id", Contract)},
        made_once=("public_id",),
    ),
    Table(
        file=contract.OFFERS,
        model=Offer,
        names={"offer_number": "number"},
        references={"contract_number": ("contract_id", Contract)},
        given={"withdrawn_on": "NULL"},
        rules=(Rule(column="valid_until", broken="s.valid_until < s.valid_from", reason=IN_ORDER),),
    ),
    Table(
        file=contract.RENEWAL_ANSWERS,
        model=RenewalAnswer,
        given=BY_ERP,
        rules=(
            Rule(
                column="renewal_number",
                broken="s.renewal_number NOT IN (SELECT number FROM contracts_renewal)",
                reason=_("The portal sent no such renewal."),
            ),
            Rule(
                column="reason",
                broken="s.outcome = 'refused' AND s.reason = ''",
                reason=_("A refusal needs a reason that the customer can read."),
            ),
        ),
    ),
    Table(file=contract.PRICE_LIST, model=Price),
    Table(
        file=contract.ARTICLES,
        model=Article,
        names={"article_number": "number"},
        rules=(
            Rule(
                column="below_l",
                broken="(s.kind = 'small_order') <> (s.below_l IS NOT NULL)",
                reason=_("The surcharge for a small order, and nothing else, needs its limit in litres."),
            ),
        ),
    ),
    Table(
        file=contract.ORDER_STEPS,
        model=OrderStep,
        given=BY_ERP,
        rules=(
            Rule(
                column="order_number",
                broken=(
                    "s.order_number NOT IN (SELECT number FROM orders_gasorder UNION"
                    " SELECT number FROM orders_cylinderorder)"
                ),
                reason=_("The portal sent no such order."),
            ),
            Rule(
                column="planned_from",
                broken="s.state = 'planned' AND s.planned_from IS NULL",
                reason=_("A planned delivery needs its day."),
            ),
            Rule(column="planned_until", broken="s.planned_until < s.planned_from", reason=IN_ORDER),
            Rule(
                column="delivered_on",
                broken="s.state = 'delivered' AND s.delivered_on IS NULL",
                reason=_("A delivery needs its day."),
            ),
            Rule(
                column="reason",
                broken="s.state = 'cancelled' AND s.reason = ''",
                reason=_("A cancelled order needs a reason that the customer can read."),
            ),
        ),
    ),
    Table(
        file=contract.MOVE_ANSWERS,
        model=MoveAnswer,
        names={"move_number": "number"},
        given=BY_ERP,
        rules=(
            Rule(
                column="move_number",
                broken="s.move_number NOT IN (SELECT number FROM moving_moveout WHERE agreed_at IS NOT NULL)",
                reason=_("The portal sent no such hand-over."),
            ),
            Rule(
                column="note",
                broken="s.state = 'refused' AND s.note = ''",
                reason=_("A refusal needs a reason that the customer can read."),
            ),
        ),
    ),
    Table(
        file=contract.DELIVERIES,
        model=Delivery,
        names={"delivery_number": "number"},
        references=POINT | PAYER,
    ),
)
"""In the order of the contract, but the open items, which live in the documents and payments (`open_items.py`)."""

TABLE_OF = {table.file.name: table for table in TABLES}
OPEN_ITEMS_STAGING = "feed_open_items"
