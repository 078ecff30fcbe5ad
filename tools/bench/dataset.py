"""A seeded data set of the size asked, made inside PostgreSQL so that a million documents take seconds.

Each payer has a document a month, of which the newest two are open; the first one has twenty years of readings. A column not named here has its model's default.
"""

from django.apps import apps
from django.db import connection

READERS = 16
"""Payers with `READER_DOCUMENTS` documents: the load signs in as the first of them."""
READER_DOCUMENTS = 200

_PAYERS = """
INSERT INTO supply_payer (number, name, kind, tax_number_hash, tax_number_encrypted, tax_number_last3, street,
                          post_code, town, email, phone)
SELECT (20000000 + i)::text, 'Plačnik ' || i, 'person', md5('a' || i) || md5('b' || i), '', lpad((i %% 1000)::text, 3, '0'),
       'Ulica ' || i %% 200, '1241', 'Kamnik', '', ''
FROM generate_series(1, %(payers)s) i
"""
_POINTS = """
INSERT INTO supply_supplypoint (number, public_id, kind, product, street, post_code, town, recipient_number,
                                recipient_name, climate_town)
SELECT '1' || lpad(i::text, 7, '0'), left(md5('p' || i), 22), 'metered', 'propane', 'Ulica ' || i %% 200, '1241',
       'Kamnik', (30000000 + i)::text, 'Prejemnik ' || i, 'Ljubljana'
FROM generate_series(1, %(payers)s) i
"""
_PERIODS = """
INSERT INTO supply_payerperiod (supply_point_id, payer_id, starts_on)
SELECT p.id, y.id, CASE WHEN y.number = '20000001' THEN date '2006-01-01' ELSE date '2020-01-01' END
FROM supply_supplypoint p JOIN supply_payer y ON y.number::int - 20000000 = substr(p.number, 2)::int
"""
_METERS = """
INSERT INTO supply_meter (number, supply_point_id, digits, decimals, installed_on, initial_value_m3, correction_factor)
SELECT 'G4-' || number, id, 5, 0, date '2020-01-01', 0, 1
FROM supply_supplypoint
"""
_DOCUMENTS = """
INSERT INTO billing_document (number, public_id, kind, payer_id, supply_point_id, external_number, issued_on, due_on,
    period_from, period_to, net_eur, vat_eur, amount_eur, open_eur, payee_iban, reference, purpose_code, purpose,
    corrects_number, xml_state, xml_path, pdf_path)
SELECT 'D-' || d, left(md5('d' || d), 22), CASE WHEN d %% 40 = 0 THEN 'credit_note' ELSE 'invoice' END, pp.payer_id,
    pp.supply_point_id, 'ZD-' || d, date '2026-11-12' - nth * 30, date '2026-11-30' - nth * 30,
    date '2026-10-01', date '2026-10-31', 100, 22, 122, CASE WHEN nth < 2 THEN 122 ELSE 0 END,
    'SI56020170014356205', 'SI99', 'GASB', 'Račun D-' || d, '', 'none', '', ''
FROM generate_series(1, %(documents)s) d
CROSS JOIN LATERAL (SELECT d / CASE WHEN d <= %(reader_documents)s THEN %(readers)s ELSE %(payers)s END) AS of_payer (nth)
JOIN (SELECT row_number() OVER (ORDER BY payer_id) AS n, payer_id, supply_point_id FROM supply_payerperiod) pp
  ON pp.n = CASE WHEN d <= %(reader_documents)s THEN 1 + d %% %(readers)s ELSE 1 + d %% %(payers)s END
"""
_READINGS = """
INSERT INTO metering_billedreading (number, supply_point_id, payer_id, meter_id, document_number, period_from, period_to,
    value_from_m3, value_to_m3, consumption_m3, basis)
SELECT 'R-' || pp.payer_id || '-' || m, pp.supply_point_id, pp.payer_id, mt.id, '',
    (date '2026-11-01' - make_interval(months => m))::date,
    (date '2026-11-01' - make_interval(months => m - 1) - interval '1 day')::date,
    (5000 - m * 50), (5050 - m * 50), 50, CASE WHEN m %% 9 = 0 THEN 'flat_rate' ELSE 'customer_reported' END
FROM supply_payerperiod pp JOIN supply_meter mt ON mt.supply_point_id = pp.supply_point_id
CROSS JOIN generate_series(1, CASE WHEN pp.starts_on < date '2020-01-01' THEN 240 ELSE %(readings_each)s END) m
"""
_CONTRACTS = """
INSERT INTO contracts_contract (number, public_id, supply_point_id, payer_id, starts_on, ends_on, price_eur, unit, notice_days)
SELECT 'OGR-' || payer_id, left(md5('c' || payer_id), 22), supply_point_id, payer_id, date '2025-02-01',
    date '2027-01-31', 2.34, 'm3', 30
FROM supply_payerperiod
"""
_PRICES = """
INSERT INTO contracts_price (product, unit, valid_from, price_eur, kwh_per_unit)
SELECT 'propane', 'm3', date '2026-01-01', 2.49, 25.9845
FROM generate_series(1, 1)
"""
INSERTS = (_PAYERS, _POINTS, _PERIODS, _METERS, _DOCUMENTS, _READINGS, _CONTRACTS, _PRICES)


def fill(*, payers: int, documents: int, readings: int) -> None:
    """Write payers, one supply point and meter each, documents, readings and contracts; then ANALYZE."""
    sizes = {
        "payers": payers,
        "documents": documents,
        "readings_each": max(readings // payers, 24),
        "readers": READERS,
        "reader_documents": min(READERS * READER_DOCUMENTS, documents // 2),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for statement in INSERTS:
            cursor.execute(*whole(statement, sizes))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def whole(statement: str, sizes: dict[str, int]) -> tuple[str, dict[str, object]]:
    """Return that INSERT .. SELECT with every column it leaves out that may not be empty, and its parameters."""
    table = statement.split()[2]
    model = next(each for each in apps.get_models() if each._meta.db_table == table)
    named = statement[statement.index("(") + 1 : statement.index(")")].replace(",", " ").split()
    missing = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.null or field.generated) and field.column not in named
    ]
    columns = "".join(f", {field.column}" for field in missing)
    values = "".join(f", %({field.column})s" for field in missing)
    start, rest = statement.split(")", 1)
    before, after = rest.split("\nFROM ", 1)
    defaults = {field.column: field.get_default() for field in missing}
    return f"{start}{columns}){before}{values}\nFROM {after}", sizes | defaults
