"""What every mail is told in tests: names that are long and hostile, secrets that must not reach a subject.

A new mail needs a line here; one that says different things in different cases has a context for each.
"""

from typing import Any

from django.conf import settings

from mojplin.domain.billing.models import PayerRequest
from mojplin.foundation.rich_text import as_html, as_plain
from tests.cast import moment

DISGUISE = "\u202e\u2066\x07\x1b"
HOSTILE = "<script>alert('x')</script>"
NAME = f'Zofija "Zoja" {HOSTILE}{DISGUISE} & Podgornik-Lenarcic-Starovasnik-Zgornjesavinjska-Planinsek'
EMAIL = "zofija.podgornik-lenarcic-starovasnik-zgornjesavinjska@zelo-dolga-domena.example.com"
MASKED = "z***@zelo-dolga-domena.example.com"
PLACE = f"Vikend pri {NAME}"
ADDRESS = f"Spodnje Hoce pri gozdu 127a{DISGUISE}, 2311 {HOSTILE} Hoce-Slivnica"
DEVICE = f"Chrome, {HOSTILE} Linux"
TOKEN = "Zx9_" * 11
CODE = "K7PM-4Q9T"
LINK = f"{settings.BASE_URL}/povezava/{TOKEN}/?a=1&b=2"
DENY_LINK = f"{settings.BASE_URL}/prekini/{TOKEN}/"
MESSAGE = f"Dober dan,\nplin disi. {HOSTILE}{DISGUISE}\n\nHvala, {NAME}"
AT_TEN = moment(2026, 11, 23, 10)
TERMS = f"# Prvi del\n\nTo je **pomembno**. {HOSTILE}\n\n- prvo pravilo\n- drugo pravilo"

WHO = {"username": NAME}
ASKED = {"device": DEVICE, "asked_at": AT_TEN}
WHEN = {"day": "23. novembra", "time": "10.00"}
NEW_TERMS = {
    "effective_on": AT_TEN.date(), "summary": as_plain(TERMS), "summary_html": as_html(TERMS), "action_url": LINK
}  # fmt: skip
READINGS = {
    "count": 52, "rows": [[PLACE, "1940 m3"], ["Recepcija", "9163 m3"]], "more": 2, "closes": "30. novembra",
    "has_odd": True, "refused": 2, "refused_names": [PLACE, "Recepcija"],
}  # fmt: skip
READING = {"value": "1.940 m3", "place": PLACE, "day": "23. novembra", "clock": "10.00", "closes": "26. novembra"}
INVITATION = {"holder": NAME, "town": ADDRESS, "role": "Ogled", "until": "7. 12. 2026", "action_url": LINK}
NEW_LINK = {"payer_number": "20418837", "addresses": [ADDRESS, "Log 7, 2311 Hoce"], "linked_by": MASKED}
RENEWAL = {
    "number": "PO-2026-000047", "contract": "OGR-2024/1184", "place": PLACE, "period": "1. 2. 2027 do 31. 1. 2029",
    "price": "2,19 EUR/m3", "withdraw_until": "10. decembra 2026", "last_day": "31. januarja 2027", "action_url": LINK,
}  # fmt: skip
STEP = {
    "number": "N-2026-000047", "planned_from": "1. decembra", "planned_until": "4. decembra", "reason": NAME,
    "delivered_on": "3. decembra", "litres": "1.530 l", "action_url": LINK,
}  # fmt: skip
BILL = {
    "kind": "invoice", "number": "26-OGR-104417", "public_id": "a" * 22, "place": PLACE, "amount": "136,84 €",
    "due": "30. 11. 2026", "collected": "",
}  # fmt: skip
BILL_BY_DEBIT = BILL | {"collected": "30. 11. 2026"}
REQUEST = {"number": "Z-2026-000047", "email": EMAIL, "last4": "6205", "payer": HOSTILE, "public_id": "a" * 22}
ORDER = {"number": "N-2026-000047", "place": PLACE, "phone": "040 123 456"}
CALL = {
    "kind": "call", "call_day": "torek, 24. novembra", "call_from": "10.00", "call_to": "11.00",
    "call_phone": "040 123 456",
}  # fmt: skip
MOVE = {
    "number": "S-2026-000047", "address": ADDRESS, "meter": "G4-1042", "day": "26. novembra 2026",
    "reading": "1260 m³", "action_url": LINK,
}  # fmt: skip
MOVE_OF_TANK = MOVE | {"meter": "", "reading": ""}
ENQUIRY = {
    "number": "P-2026-000047", "kind": "question", "topic": "other", "about": "26-OGR-104417", "message": MESSAGE,
    "supply_point": "1042-7731", "sender": NAME, "sender_email": EMAIL, "promised": "torka, 24. novembra", "files": 2,
    "is_new": True, "may_reply": True, "action_url": LINK, "is_mail": False, "came_from": "",
}  # fmt: skip

CONTEXTS: dict[str, list[dict[str, Any]]] = {
    "accounts/mail/account_closed": [{"name": NAME, "day": "23. decembra"}],
    "accounts/mail/already_registered": [{}],
    "accounts/mail/confirm_email": [{"action_url": LINK}],
    "accounts/mail/confirm_sign_in": [
        WHO | ASKED | {"code": CODE, "action_url": LINK, "deny_url": DENY_LINK, "is_step_up": is_step_up}
        for is_step_up in (False, True)
    ],
    "accounts/mail/email_by_office": [
        *(WHO | {"new_email": MASKED, "is_done": is_done} for is_done in (True, False)),
        WHO | {"new_email": MASKED, "is_done": True, "action_url": LINK},
    ],
    "accounts/mail/email_change_new": [
        WHO | ASKED | {"new_email": EMAIL, "action_url": LINK, "is_by_office": by_office} for by_office in (True, False)
    ],
    "accounts/mail/email_change_old": [WHO | ASKED | {"new_email": EMAIL, "action_url": LINK}],
    "accounts/mail/email_change_undone": [WHO | {"old_email": MASKED}],
    "accounts/mail/email_changed": [WHO | {"new_email": EMAIL, "action_url": LINK}],
    "accounts/mail/email_taken": [{}],
    "accounts/mail/erasure_soon": [{"name": NAME, "day": "23. decembra"}],
    "accounts/mail/new_device": [WHO | WHEN | {"device": DEVICE, "ip": ip} for ip in ("2001:db8::1", "")],
    "accounts/mail/no_account": [{}],
    "accounts/mail/office_invitation": [
        {"role": role, "expires_at": AT_TEN, "action_url": LINK} for role in ("reader", "clerk", "admin")
    ],
    "accounts/mail/office_role": [
        WHO | {"role": role, "action_url": LINK} for role in ("reader", "clerk", "admin")
    ],
    "office/mail/export_held": [
        {
            "username": NAME, "day": "23. 11. 2026", "time": "5.00", "action_url": LINK,
            "files": [{"name": "payers.csv", "before": 1900, "now": 1710}], "payers": payers,
        }
        for payers in (None, {"ended": 190, "paying": 1900})
    ],
    "accounts/mail/password_changed": [WHEN | {"device": DEVICE}],
    "accounts/mail/password_reset": [WHO | {"has_codes": has, "action_url": LINK} for has in (True, False)],
    "accounts/mail/proof_changed": [
        WHEN | {"device": DEVICE, "what": what}
        for what in ("passkey_added", "passkey_removed", "app_added", "second_factor_reset", "recovery_codes_made")
    ],
    "accounts/mail/sign_in_stopped": [{"device": DEVICE}],
    "accounts/mail/terms_announced": [WHO | NEW_TERMS | {"asks": asks} for asks in (True, False)],
    "accounts/mail/terms_copy": [
        WHO | {
            "accepted_at": AT_TEN, "label": NAME, "version": 3, "text": as_plain(TERMS), "text_html": as_html(TERMS),
            "text_hash": "ab12" * 16, "address": LINK,
        }
    ],
    "accounts/mail/your_username": [WHO],
    "contracts/mail/renewal_agreed": [RENEWAL],
    "contracts/mail/renewal_withdrawn": [RENEWAL, RENEWAL | {"place": ""}],
    "billing/mail/request_received": [
        REQUEST | {"kind": kind}
        for kind in PayerRequest.Kind.values
    ],
    "linking/mail/attack": [{"failures": failures} for failures in (101, 203)],
    "linking/mail/confirm_share": [{"person": NAME, "address": MASKED, "place": PLACE, "action_url": LINK}],
    "linking/mail/linked_by_office": [WHO | {"number": "1042-7731", "address": ADDRESS, "action_url": LINK}],
    "accounts/mail/signed_out_by_office": [WHO | {"reason": HOSTILE, "action_url": LINK}],
    "linking/mail/ended_link": [
        {"place": PLACE, "address": ADDRESS, "because": because}
        for because in ("payer_changed", "notice", "staff", "supply_ended")
    ],
    "linking/mail/invitation": [INVITATION | {"last_on": last_on} for last_on in ("31. 12. 2026", "")],
    "linking/mail/invitation_failed": [{"place": PLACE, "address": EMAIL}],
    "linking/mail/link_code": [{"code": CODE, "payer_number": "20418837"}],
    "linking/mail/new_link": [NEW_LINK | {"action_url": link} for link in (LINK, "")],
    "linking/mail/prove_again": [
        {"places": [PLACE, "Vikend"], "is_account_changed": changed, "action_url": LINK} for changed in (True, False)
    ],
    "linking/mail/share_accepted": [{"place": PLACE, "person": NAME, "address": MASKED, "role": "Ogled"}],
    "linking/mail/share_ended": [
        {"place": PLACE, "because": because, "person": person}
        for because, person in (("user", NAME), ("expired", NAME), ("expired", ""), ("holder_left", ""), ("holder", ""))
    ],
    "metering/mail/gauge_received": [
        {"value": "45 %", "place": PLACE, "day": "26. novembra", "clock": "18.47", "gauge_url": LINK}
        | {"is_odd": is_odd, "is_low": is_low}
        for is_odd, is_low in ((True, False), (False, True))
    ],
    "metering/mail/readings_received": [
        READINGS,
        READINGS | {"count": 1, "more": 0, "has_odd": False, "refused": 0, "refused_names": []},
    ],
    "metering/mail/reading_received": [
        READING | {"is_odd": is_odd, "opens": opens, "use": use, "since": "31. oktobra", "last_year": last_year}
        | {"reading_url": LINK}
        for is_odd, opens, use, last_year in (
            (True, "", "87 m³", "97 m³"), (False, "", "87 m³", ""), (False, "25. decembra", "", ""),
        )
    ],
    "orders/mail/cylinders_ordered": [
        ORDER | {"lines": [[2, HOSTILE], [1, "Jeklenka 35 kg"]], "total": "162.30", "address": ADDRESS}
    ],
    "orders/mail/order_cancelled": [ORDER, ORDER | {"place": ""}],
    "orders/mail/order_received": [
        ORDER | {"litres": "1200", "total": "955.00"}, ORDER | {"litres": None, "total": None}
    ],
    "notifications/mail/reading_due": [
        {
            "days": days, "closes": "ponedeljka, 30. novembra", "more": more, "needs_no_sign_in": needs_none,
            "all_url": LINK, "places": [{"place": PLACE, "address": ADDRESS, "last": last, "url": LINK}] * count,
        }
        for days, more, needs_none, last, count in ((6, 0, True, "4312 m³", 1), (0, 3, False, "", 2))
    ],
    "notifications/mail/bills": [
        {"topic": topic, "count": len(bills), "more": more, "documents": bills}
        for topic in ("new_document", "document_due", "document_overdue", "pay_by_hand")
        for bills, more in (([BILL], 0), ([BILL_BY_DEBIT, BILL | {"place": "", "due": "", "kind": "credit_note"}], 3))
    ],
    "moving/mail/announced": [
        MOVE | {"email": EMAIL, "is_anew": False, "is_ahead": False, "has_reading": True},
        MOVE_OF_TANK | {"email": "", "is_anew": False, "is_ahead": True, "has_reading": False},
        MOVE | {"email": EMAIL, "is_anew": True, "is_ahead": True, "has_reading": True},
    ],
    "moving/mail/day_has_come": [each | {"has_reading": read} for each, read in ((MOVE, True), (MOVE_OF_TANK, False))],
    "moving/mail/taker_planned": [MOVE_OF_TANK | {"until": "10. 12. 2026"}],
    "moving/mail/disputed": [
        MOVE | {"other_day": "25. novembra 2026", "other_reading": "1258 m³"},
        MOVE_OF_TANK | {"other_day": "25. novembra 2026", "other_reading": ""},
    ],
    "moving/mail/agreed": [
        MOVE | {"by_both": by_both, "decided_because": why}
        for by_both, why in ((True, ""), (False, ""), (False, NAME))
    ],
    "moving/mail/answered": [
        MOVE | {"is_refused": False, "reason": ""}, MOVE_OF_TANK | {"is_refused": True, "reason": NAME},
    ],
    "moving/mail/no_answer": [MOVE | {"email": EMAIL, "trouble": each} for each in ("undeliverable", "expired")],
    "moving/mail/taker_asked": [each | {"until": "10. 12. 2026"} for each in (MOVE, MOVE_OF_TANK)],
    "moving/mail/taker_agreed": [MOVE | {"decided_because": why} for why in ("", NAME)],
    "moving/mail/taker_answered": [
        MOVE | {"is_refused": False, "reason": ""}, MOVE | {"is_refused": True, "reason": NAME},
    ],
    "moving/mail/taker_cancelled": [MOVE],
    "notifications/mail/renewal_answered": [
        RENEWAL | {"is_accepted": True, "reason": "", "ends_on": "31. januarja 2029"},
        RENEWAL | {"is_accepted": False, "reason": NAME, "ends_on": ""},
    ],
    "notifications/mail/request_answered": [
        REQUEST | {"kind": kind, "is_accepted": is_good, "note": note, "asked_on": "23. novembra", "action_url": LINK}
        for kind, is_good, note in (("direct_debit", True, ""), ("instalments", False, NAME))
    ],
    "notifications/mail/order_step": [
        STEP | {"state": "planned"}, STEP | {"state": "planned", "planned_until": ""}, STEP | {"state": "delivered"},
        STEP | {"state": "delivered", "litres": None}, STEP | {"state": "cancelled"},
    ],
    "notifications/mail/gauge_due": [
        {"places": [{"place": PLACE, "address": ADDRESS, "url": LINK}] * count, "more": more}
        for count, more in ((1, 0), (2, 3))
    ],
    "notifications/mail/contract_ending": [
        {
            "count": count, "more": more, "has_offer": has_offer, "offer_days": 30, "action_url": LINK,
            "contracts": [{"number": "OGR-2024/1184", "place": place, "ends": "31. januarja 2027", "days": days}] * 2,
        }
        for count, more, has_offer, place, days in (
            (1, 0, True, PLACE, 90), (13, 3, False, "", 7), (1, 0, False, "", 0)
        )
    ],
    "notifications/mail/gathered": [
        {
            "count": 14,
            "sections": [
                {"title": "Jesen", "things": ["26-OGR-104417, " + PLACE, "Vikend"], "more": 3, "url": LINK},
                {"title": "Zima", "things": [HOSTILE], "more": 0, "url": LINK},
            ],
        }
    ],
    "own_data/mail/archive_ready": [WHEN | {"name": NAME, "count": count} for count in (1, 2, 120)],
    "own_data/mail/export_ready": [WHEN | {"name": NAME}],
    "support/mail/answer": [
        ENQUIRY | {"text": MESSAGE, "is_closed": False},
        ENQUIRY | {"text": "", "files": 0, "is_closed": True, "may_reply": False},
    ],
    "support/mail/answer_later": [ENQUIRY, ENQUIRY | {"may_reply": False}],
    "support/mail/answer_not_taken": [
        ENQUIRY | {"why": why, "left_out": names, "is_cut": is_cut}
        for why, names, is_cut in (
            ("in_part", [NAME, "program.exe"], False), ("in_part", [], True), ("closed", [], False),
            ("too_many", [], False), ("too_large", [], False), ("empty", ["program.exe"], False),
            ("unreadable", [], False),
        )
    ],
    "support/mail/enquiry_received": [
        ENQUIRY | {"place": PLACE},
        ENQUIRY | {"place": "", "about": "", "may_reply": False},
        ENQUIRY | CALL | {"place": PLACE, "message": ""},
    ],
    "support/mail/to_office": [
        ENQUIRY | more
        for more in ({}, CALL, {"supply_point": "", "kind": "complaint", "files": 0}, {"is_new": False, "about": ""},
            {"is_new": False, "is_mail": True, "came_from": EMAIL})
    ],
}  # fmt: skip
