"""Ready users of a demo: a household, a firm, a house with a tank and three of the staff, with everything linked.

The staff's second factor is an app whose secret is known; the demo's mailbox shows its codes.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from mojplin.domain.accounts.consent import current_terms
from mojplin.domain.accounts.models import AuthenticatorApp, Registration, User
from mojplin.domain.accounts.registration import finish_registration
from mojplin.domain.linking.models import Link
from mojplin.domain.metering.models import BilledReading, SubmittedReading
from mojplin.domain.orders.models import GasOrder
from mojplin.domain.supply.models import Payer, PayerPeriod, SupplyPoint
from mojplin.domain.support.models import Enquiry
from mojplin.foundation.protected import encrypted
from mojplin.foundation.public_ids import new_public_id
from mojplin.interfaces.erp.demo.asked import ask_for_everything
from mojplin.interfaces.erp.demo.cast import FIRM, HOUSEHOLD, CastPayer
from mojplin.interfaces.erp.demo.enquired import write_to_support


@dataclass(frozen=True, kw_only=True)
class DemoUser:
    username: str
    email: str
    password: str
    payer: CastPayer | None = None
    role: User.Role = User.Role.CUSTOMER
    app_secret: str = ""
    has_tank: bool = False
    """Has the first place of the export whose tank a person has filled."""


HOUSEHOLD_USER = DemoUser(username="marjeta", email=HOUSEHOLD.email, password="oreh-klobuk-vlak-sneg", payer=HOUSEHOLD)  # noqa: S106  # printed at every start of a demo, which answers on this machine only
FIRM_USER = DemoUser(username="apartmaji", email=FIRM.email, password="jadro-kamin-lipa-zvon", payer=FIRM)  # noqa: S106
TANK_USER = DemoUser(username="anton", email="anton@example.si", password="mlin-zvezda-hrast-kos", has_tank=True)  # noqa: S106
CUSTOMERS = {"household": HOUSEHOLD_USER, "firm": FIRM_USER, "tank": TANK_USER}
STAFF_USER = DemoUser(
    username="urednica",
    email="urednica@example.si",
    password="most-breza-luna-klas",  # noqa: S106
    role=User.Role.ADMIN,
    app_secret="MOJPLIN2DEMO2UREDNICA2KODE2ABCD2",  # noqa: S106
)
CLERK_USERS = (
    DemoUser(
        username="nika",
        email="nika@example.si",
        password="veter-jabolko-sidro-mah",  # noqa: S106
        role=User.Role.CLERK,
        app_secret="MOJPLIN2DEMO2NIKA2KODE2ABCDEFGH2",  # noqa: S106
    ),
    DemoUser(
        username="tine",
        email="tine@example.si",
        password="kresnica-miza-gora-cvet",  # noqa: S106
        role=User.Role.CLERK,
        app_secret="MOJPLIN2DEMO2TINE2KODE2ABCDEFGH2",  # noqa: S106
    ),
)
"""Two, because some acts of the office need a second person's yes."""
RECENT_DAYS = 400
DEMO_USERS = (HOUSEHOLD_USER, FIRM_USER, TANK_USER, STAFF_USER, *CLERK_USERS)


@transaction.atomic
def make_demo_users(*, today: date, now: datetime) -> None:
    """Register the demo's users who are not there yet and link what is theirs; needs published terms and the feed."""
    for demo_user in DEMO_USERS:
        if not User.objects.filter(email=demo_user.email).exists():
            user = registered(demo_user, today=today, now=now)
            if demo_user.payer:
                link_everything(user, demo_user.payer, now=now)
                send_readings(user, demo_user.payer)
            if demo_user.has_tank:
                link_a_tank(user, now=now)
    customers = {name: User.objects.get(email=one.email) for name, one in CUSTOMERS.items()}
    clerk = User.objects.get(email=CLERK_USERS[0].email)
    if not GasOrder.objects.exists():
        ask_for_everything(**customers, clerk=clerk, now=now, today=today)
    if not Enquiry.objects.exists():
        write_to_support(**customers, clerk=clerk, now=now)
    give_apps(now=now)


def give_apps(*, now: datetime) -> None:
    """Give each of the demo's staff the app with the known secret, unless they have set up one themselves."""
    for demo_user in DEMO_USERS:
        user = User.objects.filter(email=demo_user.email).first()
        if user and demo_user.app_secret:
            kept = {"secret_encrypted": encrypted(demo_user.app_secret), "made_at": now}
            AuthenticatorApp.objects.get_or_create(
                user=user, proven_at__isnull=False, defaults=kept | {"proven_at": now}
            )


def registered(demo_user: DemoUser, *, today: date, now: datetime) -> User:
    terms = current_terms(today=today)
    if terms is None:
        raise RuntimeError("the terms are not published yet")
    registration = Registration.objects.create(
        email=demo_user.email,
        language=User.Language.SLOVENE,
        token_hash=new_public_id(),
        asked_at=now,
        expires_at=now + timedelta(minutes=1),
    )
    user = finish_registration(
        registration=registration,
        username=demo_user.username,
        password=demo_user.password,
        terms=True,
        terms_version=str(terms.version),
        current=terms,
        label="demo",
        ip=None,
        now=now,
    )
    if demo_user.role != User.Role.CUSTOMER:
        User.objects.filter(pk=user.pk).update(role=demo_user.role)
    return user


def link_everything(user: User, cast: CastPayer, *, now: datetime) -> None:
    """Link the payer's points under the names and in the order of the cast."""
    payer = Payer.objects.get(number=cast.payer_number)
    numbers = [point.supply_point_number for point in cast.points]
    points = {point.number: point for point in SupplyPoint.objects.filter(number__in=numbers)}
    Link.objects.bulk_create(
        Link(
            user=user,
            payer=payer,
            supply_point=points[point.supply_point_number],
            name=point.name,
            position=position,
            created_at=now,
        )
        for position, point in enumerate(cast.points)
    )


def link_a_tank(user: User, *, now: datetime) -> None:
    tanks = PayerPeriod.objects.filter(
        supply_point__kind=SupplyPoint.Kind.BULK, payer__kind=Payer.Kind.PERSON, ends_on=None
    )
    period = tanks.order_by("supply_point__number")[0]
    Link.objects.create(
        user=user, payer=period.payer, supply_point=period.supply_point, name="Dom", position=0, created_at=now
    )


def send_readings(user: User, cast: CastPayer) -> None:
    """Write the readings the customer sent for the billed months, so that their fates have something to tell of."""
    billed = BilledReading.objects.exclude(customer_reading="").filter(
        payer__number=cast.payer_number, period_to__gte=user.registered_at.date() - timedelta(days=RECENT_DAYS)
    )
    SubmittedReading.objects.bulk_create(
        SubmittedReading(
            public_id=each.customer_reading,
            supply_point_id=each.supply_point_id,
            payer_id=each.payer_id,
            meter_id=each.meter_id,
            month=each.period_to.replace(day=1),
            version=1,
            value_m3=each.value_to_m3 - (2 if each.not_used_because else 0),
            read_on=each.period_to,
            submitted_by=user,
            submitted_at=timezone.make_aware(datetime.combine(each.period_to, time(18, 40))),
            handed_over_at=timezone.make_aware(datetime.combine(each.period_to, time(18, 41))),
        )
        for each in billed
    )
