"""A demo fills itself: database, terms, an invented supplier's export through the real feed, users, static files."""

import hashlib
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  # needs the settings that `run` has set
from django.contrib.staticfiles.finders import get_finders  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from mojplin.domain.accounts.models import User  # noqa: E402
from mojplin.domain.accounts.publishing import publish_first_terms  # noqa: E402
from mojplin.domain.metering.models import DayTemperature  # noqa: E402
from mojplin.domain.supply.models import Payer  # noqa: E402
from mojplin.interfaces.erp.demo.cast import UNLINKED  # noqa: E402
from mojplin.interfaces.erp.demo.users import (  # noqa: E402
    CLERK_USERS,
    DEMO_USERS,
    FIRM_USER,
    HOUSEHOLD_USER,
    STAFF_USER,
    TANK_USER,
    give_apps,
)
from mojplin.interfaces.erp.demo.users import make_demo_users as make_users  # noqa: E402


def prepare() -> None:
    """Do each step that is not done yet; safe to be stopped anywhere and run again."""
    now = timezone.now()
    step("Database", lambda: call_command("migrate", verbosity=0))
    publish_first_terms(today=timezone.localdate(), now=now)
    if not Payer.objects.exists():
        step("Export of an invented supplier", write_export)
        step("Taking it in", lambda: call_command("take_in", newest_export()))
    if not DayTemperature.objects.exists():
        step("Temperatures", take_in_weather)
    if User.objects.filter(email__in=[user.email for user in DEMO_USERS]).count() < len(DEMO_USERS):
        step("Users", lambda: make_users(today=timezone.localdate(), now=now))
    give_apps(now=now)
    if static_files_changed():
        step("Styles and scripts", collect_static_files)


def step(what: str, act: Callable[[], object]) -> None:
    print(f"{what} ...", flush=True)
    began = time.monotonic()
    act()
    print(f"{what}: done in {time.monotonic() - began:.1f} s", flush=True)


def feed_folder() -> Path:
    return Path(settings.DATA_DIR) / "feed"


def write_export() -> None:
    """Write today's export under another name first, so that a half of one is never taken for a whole."""
    folder = feed_folder() / timezone.localdate().isoformat()
    if folder.exists():
        return
    unfinished = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    call_command("demo_export", unfinished)
    unfinished.rename(folder)


def take_in_weather() -> None:
    """Write the days that the invented customers lived in to a file, and take it in as a supplier would."""
    file = Path(settings.DATA_DIR) / "temperatures.csv"
    call_command("demo_temperatures", file)
    call_command("take_in_temperatures", file)


def newest_export() -> Path:
    return max(folder for folder in feed_folder().iterdir() if not folder.name.startswith("."))


def static_files_changed() -> bool:
    stamp = Path(settings.DATA_DIR) / "static.stamp"
    return not stamp.exists() or stamp.read_text() != static_files_state()


def static_files_state() -> str:
    state = hashlib.sha256(settings.STATIC_URL.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            state.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return state.hexdigest()


def collect_static_files() -> None:
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    (Path(settings.DATA_DIR) / "static.stamp").write_text(static_files_state())


def announce(port: int) -> None:
    """Print where the portal is and what to try first."""
    address = f"http://127.0.0.1:{port}"
    point = UNLINKED.points[0]
    where = f"{address}/demo/posta/"
    if not settings.MAIL_GOES_TO_DEMO_MAILBOX:
        secrets = ", ".join(f"{each.username} {each.app_secret}" for each in (STAFF_USER, *CLERK_USERS))
        where = f"sent by {settings.EMAIL_HOST}; secrets for an app with codes: {secrets}"
    lines = [
        "",
        f"Moj Butan plin runs at {address} (Ctrl-C stops it)",
        "",
        "  The invented supplier plans, delivers and accepts what is ordered or renewed within minutes.",
        "  Every sign-in is confirmed by the button in a mail; staff then type a code of six digits.",
        f"  Mails, codes    {where}",
        f"  Household       {HOUSEHOLD_USER.username} / {HOUSEHOLD_USER.password} (2 supply points)",
        f"  Firm            {FIRM_USER.username} / {FIRM_USER.password} (48 supply points)",
        f"  With a tank     {TANK_USER.username} / {TANK_USER.password} (gas is delivered)",
        f"  Administrator   {STAFF_USER.username} / {STAFF_USER.password} at {address}/urad/",
        *(f"  Clerk           {each.username} / {each.password} at {address}/urad/" for each in CLERK_USERS),
        f"  To link         tax number {UNLINKED.tax_number}, payer number {UNLINKED.payer_number}, "
        f"external document number {point.external_document_number}",
        f"  Data            {settings.DATA_DIR}",
        "",
    ]
    print("\n".join(lines), flush=True)
    sys.stdout.flush()
