"""How long a payment code takes that nobody has drawn yet: the median of many, each of another content."""

import statistics
import time
from decimal import Decimal

from mojplin.domain.billing.payment_slip import Party, Slip, picture_svg

CODES = 50
GAS = Party(name="Vzorčni plin, d. d.", street="Zgledna ulica 1", town="1000 Ljubljana")
PAYER = Party(name="Žiga Čuček-Šuštar", street="Cesta v Šmartno 7b", town="1234 Mengeš")


def drawing_ms() -> float:
    """Return milliseconds of the processor from the content to the picture of the page; kept pictures cost nothing."""

    def milliseconds(number: int) -> float:
        slip = Slip(
            payer=PAYER, payee=GAS, amount_eur=Decimal(10_000 + number) / 100, iban="SI56020170014356205",
            reference="SI122312345000175", purpose_code="GASB", purpose=f"Račun 26-OGR-{number:06}",
        )  # fmt: skip
        began = time.process_time()
        picture_svg(slip.payload)
        return (time.process_time() - began) * 1000

    return statistics.median(milliseconds(number) for number in range(CODES))
