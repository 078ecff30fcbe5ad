"""The other half of the contract: which messages the portal leaves for the supplier's ERP, field by field.

It makes its part of `docs/feed.md`; a test compares it with what the program posts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One kind of message: `when` it is left, and what stands in its `payload`, by name."""

    topic: str
    when: str
    fields: dict[str, str]


MESSAGES = (
    Outgoing(
        topic="erp.reading.submitted",
        when="A customer submitted a meter reading, changed the one of that month, or took it back.",
        fields={
            "id": "Id of this version of the reading.",
            "version": "Whole number, 1 at first; for a meter and month the highest holds.",
            "supply_point": "Number of the supply point.",
            "meter": "Number of the meter.",
            "month": "First day of the month that is read.",
            "value_m3": "What the meter shows, a number written as text.",
            "read_on": "Day of the reading.",
            "confirmed_by_customer": "true: unusual, and the customer said that it is right.",
            "withdrawn": "true: this version takes the reading back; its value is what was taken back.",
            "informative": "true: sent while readings were closed, not to be billed. `month` is the next to be read.",
            "way": "`portal` / `reminder` (link of the reminder) / `table` (a firm's table) / `file` (a firm's Excel).",
        },
    ),
    Outgoing(
        topic="erp.reading.judged",
        when=(
            "The office accepted or refused a reading that a customer had confirmed as unusual. A refused one is not "
            "to be billed."
        ),
        fields={
            "id": "Id of this version of the reading, as in `erp.reading.submitted`.",
            "version": "Its version.",
            "supply_point": "Number of the supply point.",
            "meter": "Number of the meter.",
            "month": "First day of the month that is read.",
            "value_m3": "What the meter shows, a number written as text.",
            "answer": "`accepted` / `refused`.",
            "reason": "Why it was refused, as the customer reads it; else empty.",
            "answered_by": "Username of the member of the office.",
            "answered_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.meter.exchanged",
        when="A customer says that the meter was exchanged; the new one's reading follows as erp.reading.submitted.",
        fields={
            "reading": "Id of the reading of the new meter, as in `erp.reading.submitted`.",
            "supply_point": "Number of the supply point.",
            "old_meter": "Number of the meter that the ERP knows.",
            "final_value_m3": "What it showed last, a number written as text.",
            "new_meter": "Number of the new meter, as the customer read it.",
            "initial_value_m3": "What the new one showed at first, a number written as text.",
            "exchanged_on": "Day of the exchange.",
        },
    ),
    Outgoing(
        topic="erp.reading.photographed",
        when=(
            "A customer put a photo of the meter beside a reading, replaced it, or took it away. The picture stays in "
            "the portal for two years; the office opens it among the readings of the customer."
        ),
        fields={
            "reading": "Id of the reading, as in `erp.reading.submitted`.",
            "sha256": "SHA-256 of the picture; empty where it was taken away.",
            "type": "`image/jpeg`; empty where it was taken away.",
            "size_bytes": "Whole number; 0 where it was taken away.",
            "removed": "true: the customer took the photo away; there is none.",
        },
    ),
    Outgoing(
        topic="erp.gauge.submitted",
        when="A customer sent how full their tank is, or corrected what they sent that day.",
        fields={
            "id": "Id of this version.",
            "version": "Whole number, 1 at first; for a supply point and day the highest holds.",
            "supply_point": "Number of the supply point.",
            "percent": "Whole number, what the gauge of the tank shows.",
            "read_on": "Day of the reading.",
            "confirmed_by_customer": "true: unusual, and the customer said that it is right.",
        },
    ),
    Outgoing(
        topic="erp.order.placed",
        when="A customer ordered gas for a tank.",
        fields={
            "id": "Id of the order.",
            "number": "Number of the order, as the customer sees it.",
            "supply_point": "Number of the supply point.",
            "litres": "Whole number; null: fill the tank.",
            "fills_up": "true: fill the tank.",
            "gauge_percent": "What the gauge of the tank shows, as the customer says.",
            "wished_from": "First day on which the delivery is welcome; null: as soon as possible.",
            "wished_until": "Last such day; null: as soon as possible.",
            "phone": "Where the driver calls.",
            "note": "What the customer wrote to the driver; may be empty.",
            "shown_eur": "What it would cost with VAT, as the customer saw, written as text; null: not known.",
            "ordered_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.order.cancelled",
        when="A customer cancelled an order of which the portal did not know yet that it was planned.",
        fields={
            "id": "Id of the order.",
            "number": "Number of the order.",
            "cancelled_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.renewal.agreed",
        when="A customer renewed a contract on the terms of an offer. Answer it in the next export.",
        fields={
            "id": "Id of the renewal.",
            "number": "Number of the renewal, as the customer sees it.",
            "contract": "Number of the contract.",
            "offer": "Number of the offer.",
            "months": "Whole number, how long the new period lasts.",
            "price_eur": "Price of one unit with VAT, a number written as text.",
            "starts_on": "First day of the new period.",
            "ends_on": "Last day of the new period.",
            "agreed_at": "When, ISO 8601 with zone.",
            "withdraw_until": "Last day on which the customer may withdraw.",
            "shown_sha256": "SHA-256 of what the customer was shown; the portal keeps the whole.",
            "annex_sha256": "SHA-256 of the annex as PDF.",
        },
    ),
    Outgoing(
        topic="erp.renewal.withdrawn",
        when="A customer withdrew from a renewal in time; it no longer holds, also when it was accepted.",
        fields={
            "id": "Id of the renewal.",
            "number": "Number of the renewal.",
            "contract": "Number of the contract.",
            "withdrawn_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.request.made",
        when=(
            "A customer arranged how a payer's invoices come or are paid. A newer request takes the place of an "
            "earlier one of its family; the answer comes by `request_answers.csv`."
        ),
        fields={
            "id": "Id of the request.",
            "number": "Number of the request, as the customer sees it; of a direct debit the reference of the mandate.",
            "kind": (
                "`invoices_by_email` / `invoices_by_e_bank` / `invoices_on_paper` (how they come, no paper with the "
                "first two) / `direct_debit` (the mandate is given) / `no_direct_debit` (it is revoked) / "
                "`instalments`."
            ),
            "payer": "Number of the payer.",
            "email": "Where invoices go; empty but for `invoices_by_email`.",
            "holder": "Holder of the account; empty but for `direct_debit`.",
            "iban": "The account, for `invoices_by_e_bank` and `direct_debit`; else empty.",
            "bic": "BIC of its bank; empty where the customer gave none.",
            "amount_eur": "What is shared out, a number written as text; null but for `instalments`.",
            "instalments": 'List of day and amount, as `["2026-12-10", "45.62"]`; empty but for `instalments`.',
            "asked_by": "E-mail address of the user.",
            "asked_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.request.withdrawn",
        when="A customer took back a request that was not answered yet.",
        fields={
            "id": "Id of the request.",
            "number": "Number of the request.",
            "withdrawn_by": "E-mail address of the user.",
            "withdrawn_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.cylinders.ordered",
        when="A customer ordered cylinders; its steps come back by `order_steps.csv`, as those of a refill.",
        fields={
            "id": "Id of the order.",
            "number": "Number of the order, as the customer sees it.",
            "lines": 'List of article, quantity and price of one with VAT, as `["JEK-10", 2, "31.90"]`.',
            "total_eur": "What it costs with VAT, a number written as text.",
            "name": "Who receives them.",
            "address": "Where to.",
            "phone": "Where the driver calls.",
            "email": "E-mail address of the user.",
            "wished_from": "First day on which the delivery is welcome; null: as soon as possible.",
            "wished_until": "Last such day; null: as soon as possible.",
            "part_of_day": "`any` / `morning` / `afternoon`.",
            "note": "What the customer wrote to the driver; may be empty.",
            "ordered_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.order.answered",
        when="The office planned or refused an order in the portal, of a refill or of cylinders. It may plan it anew.",
        fields={
            "id": "Id of the order.",
            "number": "Number of the order.",
            "answer": "`planned` / `refused`.",
            "planned_from": "First day of the delivery; null when refused.",
            "planned_until": "Last such day; null: it is the first.",
            "reason": "Why it was refused, as the customer reads it; else empty.",
            "answered_by": "Username of the member of the office.",
            "answered_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.renewal.answered",
        when="The office accepted or refused a renewal in the portal.",
        fields={
            "id": "Id of the renewal.",
            "number": "Number of the renewal.",
            "contract": "Number of the contract.",
            "answer": "`accepted` / `refused`.",
            "reason": "Why it was refused, as the customer reads it; else empty.",
            "answered_by": "Username of the member of the office.",
            "answered_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.request.answered",
        when="The office accepted or refused a request (`erp.request.made`) in the portal.",
        fields={
            "id": "Id of the request.",
            "number": "Number of the request.",
            "kind": "As in `erp.request.made`.",
            "payer": "Number of the payer.",
            "answer": "`accepted` / `refused`.",
            "reason": "Why it was refused, as the customer reads it; else empty.",
            "answered_by": "Username of the member of the office.",
            "answered_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.move.agreed",
        when=(
            "Whoever moves out of a supply point and whoever takes it over have confirmed the same day and reading (or "
            "the office has accepted the word of the one where nobody takes over, or decided between two that "
            "disagreed). Left once for each hand-over; the answer comes by `move_answers.csv`."
        ),
        fields={
            "id": "Id of the hand-over.",
            "number": "Number of the hand-over, as both sides see it.",
            "supply_point": "Number of the supply point.",
            "payer": "Number of the payer who moves out.",
            "moves_on": "Day of the hand-over: the last one of this payer.",
            "meter": "Number of the meter that was read; empty where there is none.",
            "value_m3": "What the meter showed, a number written as text; null for a tank.",
            "gauge_percent": "Whole percent of the gauge of a tank; null for a meter.",
            "litres": "Whole litres that this means; null where the size of the tank is not known.",
            "confirmed_as_unusual": "true: the reading is unusual, and its sender said that it is right.",
            "bill_address": "Where the last bill goes, as it was typed.",
            "taker_email": "E-mail address of whoever takes over; empty: nobody does.",
            "taker_name": "Who will pay from then on, as they wrote it; empty: nobody has confirmed.",
            "taker_phone": "Their telephone; may be empty.",
            "confirmed_by_both": "false: the office accepted the word of one side.",
            "decided_because": "Why the office decided between two sides, as both read it; empty: it did not.",
            "announced_by": "E-mail address of the user who announced it.",
            "announced_at": "When, ISO 8601 with zone.",
            "agreed_at": "When both had said the same, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.move.answered",
        when="The office took a hand-over over in the portal, or refused it, agreed or not.",
        fields={
            "id": "Id of the hand-over.",
            "number": "Number of the hand-over.",
            "supply_point": "Number of the supply point.",
            "answer": "`taken_over` / `refused`.",
            "reason": "Why it was refused, as both sides read it; else empty.",
            "answered_by": "Username of the member of the office.",
            "answered_at": "When, ISO 8601 with zone.",
        },
    ),
    Outgoing(
        topic="erp.enquiry.received",
        when="A customer wrote to the supplier.",
        fields={
            "id": "Id of the enquiry.",
            "number": "Number of the enquiry, as the customer sees it.",
            "kind": "`question` / `complaint` (about an invoice) / `call` (the customer wishes to be called).",
            "about": "`billing` / `reading` / `contract` / `order` / `moving` / `fault` / `portal` / `other`.",
            "supply_point": "Number of the supply point; empty: about none.",
            "subject_kind": "`document` / `reading` / `order`; empty: nothing in particular.",
            "subject": "Number of the document or order; of a reading its counter and day.",
            "message": "What the customer wrote.",
            "sent_by": "E-mail address of the user.",
            "sent_at": "When, ISO 8601 with zone.",
            "answer_by": "Day by which the customer was promised an answer, or the call.",
            "call_phone": "Where to call; empty but for `call`.",
            "call_hour": "Whole number, the hour of that day within which to call; null but for `call`.",
        },
    ),
    Outgoing(
        topic="erp.link.created",
        when=(
            "Somebody linked supply points of a payer whose e-mail address the ERP does not know: the payer must learn "
            "of it from the next invoice."
        ),
        fields={
            "payer": "Number of the payer.",
            "supply_points": "List of the numbers of the supply points.",
            "linked_on": "Day of the link.",
            "line": "The sentence, in Slovene, to be printed on the payer's next invoice.",
        },
    ),
)
