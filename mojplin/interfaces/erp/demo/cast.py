"""The demo's named customers: what is printed on their newest invoices, for whoever shows or links them.

The exporter writes exactly these numbers; `external_document_number` is that of the newest invoice of the point.
"""

from dataclasses import dataclass

from mojplin.interfaces.erp.demo.numbers import tax_number


@dataclass(frozen=True, kw_only=True)
class CastPoint:
    """A supply point: `name` is what its owner calls it, `climate_town` the town whose weather it has."""

    name: str
    supply_point_number: str
    external_document_number: str
    recipient_number: str
    recipient_name: str
    street: str
    post_code: str
    town: str
    climate_town: str


@dataclass(frozen=True, kw_only=True)
class CastPayer:
    """A payer with the numbers that link each of the points: tax number, payer number, external document number."""

    name: str
    kind: str
    payer_number: str
    tax_number: str
    street: str
    post_code: str
    town: str
    email: str
    phone: str
    points: tuple[CastPoint, ...]


HOUSEHOLD = CastPayer(
    name="Marjeta Hribar",
    kind="person",
    payer_number="20418837",
    tax_number=tax_number(1000418),
    street="Ob potoku 14",
    post_code="1241",
    town="Kamnik",
    email="marjeta.hribar@example.si",
    phone="040 000 018",
    points=(
        CastPoint(
            name="Dom",
            supply_point_number="1042-7731",
            external_document_number="ZD-2026-118842",
            recipient_number="20418845",
            recipient_name="Marjeta Hribar",
            street="Ob potoku 14",
            post_code="1241",
            town="Kamnik",
            climate_town="Domžale",
        ),
        CastPoint(
            name="Vikend",
            supply_point_number="1042-7748",
            external_document_number="ZD-2026-118843",
            recipient_number="20418845",
            recipient_name="Marjeta Hribar",
            street="Log 7",
            post_code="4280",
            town="Kranjska Gora",
            climate_town="Rateče",
        ),
    ),
)
"""A household with two points: the contract of the first ends soon and two offers wait; two invoices are unpaid."""


def _apartments() -> tuple[CastPoint, ...]:
    bohinj = [*(f"Apartma {number}" for number in range(101, 121)), "Recepcija", "Pralnica"]
    bovec = [*(f"Apartma {number}" for number in range(201, 226)), "Savna"]
    places = [(name, "Ukanc 18", "4265", "Bohinjsko jezero", "Rateče") for name in bohinj]
    places += [(name, "Mala vas 9", "5230", "Bovec", "Tolmin") for name in bovec]
    return tuple(
        CastPoint(
            name=name,
            supply_point_number=f"1040-{100 + index:04d}",
            external_document_number=f"ZD-2026-{119000 + index}",
            recipient_number=f"{20419200 + index}",
            recipient_name=f"Apartmaji Pod Velikim Vrhom – {name.lower()}",
            street=street,
            post_code=post_code,
            town=town,
            climate_town=climate_town,
        )
        for index, (name, street, post_code, town, climate_town) in enumerate(places)
    )


FIRM = CastPayer(
    name="Apartmaji Pod Velikim Vrhom, d. o. o.",
    kind="company",
    payer_number="20419106",
    tax_number=tax_number(1000477),
    street="Ukanc 18",
    post_code="4265",
    town="Bohinjsko jezero",
    email="racuni@apartmaji.example.com",
    phone="01 000 00 48",
    points=_apartments(),
)
"""A firm with 48 points; a few contracts end soon, three invoices are unpaid."""

UNLINKED = CastPayer(
    name="Jožefa Žnidaršič",
    kind="person",
    payer_number="20417762",
    tax_number=tax_number(1000391),
    street="Za vasjo 3",
    post_code="1380",
    town="Cerknica",
    email="",
    phone="",
    points=(
        CastPoint(
            name="Babica",
            supply_point_number="1042-6905",
            external_document_number="ZD-2026-118611",
            recipient_number="20417769",
            recipient_name="Jožefa Žnidaršič",
            street="Za vasjo 3",
            post_code="1380",
            town="Cerknica",
            climate_town="Postojna",
        ),
    ),
)
"""A payer nobody has linked; her recipient number is easily taken for her payer number."""

CAST = (HOUSEHOLD, FIRM, UNLINKED)
