"""Django's settings: one file, everything from the environment (see `environment.py`)."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from mojplin.config.demo_secrets import demo_push_key, demo_secret
from mojplin.config.environment import database_settings
from mojplin.config.mark import standard_mark
from mojplin.config.start import read_settings

ENVIRONMENT, _supplier = read_settings()
PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = ENVIRONMENT.data_dir.resolve()
DEMO = ENVIRONMENT.demo

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value() or demo_secret(DATA_DIR, "secret-key")
DATA_KEY = ENVIRONMENT.data_key.get_secret_value() or demo_secret(DATA_DIR, "data-key")
BASE_URL = ENVIRONMENT.base_url.rstrip("/")
OFFICE_URL = ENVIRONMENT.office_url.rstrip("/") or BASE_URL
OFFICE_PATH = f"{ENVIRONMENT.office_path}/" if ENVIRONMENT.office_path else ""
OFFICE_NETWORKS = ENVIRONMENT.networks_of_office()
ALLOWED_HOSTS = [ENVIRONMENT.host, urlsplit(OFFICE_URL).hostname or ENVIRONMENT.host] + (
    ["127.0.0.1", "localhost"] if DEMO else []
)
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies

INSTALLED_APPS = [
    "mojplin.foundation",
    "mojplin.domain.accounts",
    "mojplin.domain.supply",
    "mojplin.domain.billing",
    "mojplin.domain.metering",
    "mojplin.domain.contracts",
    "mojplin.domain.orders",
    "mojplin.domain.support",
    "mojplin.domain.publishing",
    "mojplin.domain.linking",
    "mojplin.domain.notifications",
    "mojplin.domain.moving",
    "mojplin.domain.own_data",
    "mojplin.interfaces.erp",
    "mojplin.interfaces.mail",
    "mojplin.interfaces.web",
    "mojplin.interfaces.staff",
    "mojplin.interfaces.weather",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "mojplin.foundation.requests.RequestIdMiddleware",
    "mojplin.interfaces.web.headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mojplin.interfaces.web.compression.CompressionMiddleware",
    "mojplin.interfaces.web.brand.BrandMiddleware",
    "mojplin.interfaces.web.languages.LanguageMiddleware",
    "mojplin.interfaces.web.faults.OddRequestMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mojplin.interfaces.web.faults.WritableMiddleware",
    "mojplin.domain.accounts.sessions.SessionMiddleware",
    "mojplin.interfaces.web.kept_forms.KeptFormMiddleware",
    "mojplin.interfaces.staff.guard.OfficeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "mojplin.interfaces.web.closing.ClosedAccountMiddleware",
    "mojplin.interfaces.web.consent.TermsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "mojplin.config.urls"
WSGI_APPLICATION = "mojplin.config.wsgi.application"
APPEND_SLASH = True

DATABASES = {"default": database_settings(ENVIRONMENT.database_url.get_secret_value(), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            PACKAGE / "interfaces/web/templates",
            PACKAGE / "interfaces/staff/templates",
            PACKAGE / "domain",
            PACKAGE / "foundation/templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "mojplin.interfaces.web.templating.environment"},
    },
]
FORM_RENDERER = "mojplin.interfaces.web.forms.HouseFormRenderer"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS: list[str] = []
PASSWORD_HASHERS = ["mojplin.domain.accounts.passwords.PortalArgon2Hasher"]
LOGIN_URL = "web:sign_in"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

_prefix = "__Host-" if ENVIRONMENT.is_https else ""
SESSION_COOKIE_NAME = f"{_prefix}seja"
SIGN_IN_COOKIE_NAME = f"{_prefix}prijava"
DEVICE_COOKIE_NAME = f"{_prefix}naprava"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
KEPT_FORM_COOKIE_NAME = f"{_prefix}osnutek"
LANGUAGE_COOKIE_NAME = f"{_prefix}jezik"
THEME_COOKIE_NAME = f"{_prefix}videz"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "mojplin.interfaces.web.faults.csrf_failed"
SESSION_IDLE_MINUTES, SESSION_HOURS = 60, 12
STAFF_SESSION_IDLE_MINUTES, STAFF_SESSION_HOURS = 30, 8

SECURE_CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "manifest-src": "'self'",
} | ({"upgrade-insecure-requests": ""} if ENVIRONMENT.is_https else {})
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_https else 0
SILENCED_SYSTEM_CHECKS = ["security.W001", "auth.E013"]
"""auth.E013: our SessionMiddleware sets `request.user`, in one statement with the session."""

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

LANGUAGE_CODE = "sl"
LANGUAGES = [("sl", _("Slovene")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Ljubljana"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE / "interfaces/web/static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "documents"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.smtp_host, ENVIRONMENT.smtp_port
EMAIL_HOST_USER = ENVIRONMENT.smtp_user
EMAIL_HOST_PASSWORD = ENVIRONMENT.smtp_password.get_secret_value()
EMAIL_USE_TLS = ENVIRONMENT.smtp_security == "starttls"
EMAIL_USE_SSL = ENVIRONMENT.smtp_security == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT.sender(_supplier.supplier.portal_name)
MAIL_GOES_TO_DEMO_MAILBOX = DEMO and not ENVIRONMENT.smtp_host

PUSH_KEY = ENVIRONMENT.push_key.get_secret_value() or (demo_push_key(DATA_DIR) if DEMO else "")
PUSH_SERVICES = ENVIRONMENT.hosts_of_push()

ANSWERS_MAILBOX = ENVIRONMENT.answers_mailbox.get_secret_value()

ERP_OUTGOING_DIR = (ENVIRONMENT.erp_outgoing_dir or DATA_DIR / "erp-outgoing").resolve()
EXPORT_DIR = DATA_DIR / "exports"
ARCHIVE_DIR = DATA_DIR / "archives"
ERASURE_LOG = DATA_DIR / "erasures.jsonl"

SUPPLIER = {
    "name": _supplier.supplier.name,
    "portal_name": _supplier.supplier.portal_name,
    "address": _supplier.supplier.address,
    "tax_number": _supplier.supplier.tax_number,
    "email": _supplier.supplier.support_email,
    "phone": _supplier.supplier.support_phone,
    "emergency_phone": _supplier.supplier.emergency_phone,
}
_brand = _supplier.brand
BRAND = {"light": _brand.light.model_dump(), "dark": _brand.dark.model_dump()}
"""The supplier's colours by scheme and name; what they are for stands in `brand.py`."""
ICON_GROUND = _brand.icon_ground
MARK_SVG = _brand.mark or standard_mark(BRAND["light"])
PUSH_CONTACT = SUPPLIER["email"]
"""Whom a push service would write to if our messages gave it trouble."""
_street, _town = _supplier.supplier.street_and_town
PAYEE = {"name": _supplier.payments.payee_name, "street": _street, "town": _town}
PAYEE_IBANS = tuple(_supplier.payments.ibans)
EPC_QR = _supplier.payments.epc_qr
COLLECTIVE_REFERENCE = _supplier.payments.collective_reference
DIRECT_DEBIT_CREDITOR_ID = _supplier.direct_debit.creditor_id
INSTALMENTS = _supplier.instalments.model_dump()
CYLINDERS_IN_PORTAL = _supplier.orders.cylinder_way == "portal"
SUPPLIER_FORMS = {
    "cylinder": (_supplier.orders.cylinder_way, _supplier.orders.cylinder_form_url),
    "gas_purchase": (_supplier.orders.gas_purchase_way, _supplier.orders.gas_purchase_form_url),
}
if DEMO and ENVIRONMENT.supplier_file is None:  # the invented supplier's form is a page of the demo itself
    SUPPLIER_FORMS = {form: (way, "") for form, (way, _address) in SUPPLIER_FORMS.items()}
_readings = _supplier.readings
READING_WINDOWS: dict[str, tuple[int, int]] = {
    "": (_readings.window_first_day, _readings.window_last_day),
    **{str(kind): days for kind, days in _readings.windows.items()},
}
"""First and last day of the month by kind of supply point; "" is every other one."""
READING_REMINDERS, READING_LINKS = _readings.reminders, _readings.reminder_links
OFFER_DAYS_BEFORE = _supplier.contracts.offer_days_before
OFFER_LATEST_DAYS_BEFORE = _supplier.contracts.offer_latest_days_before
WITHDRAWAL_DAYS = _supplier.contracts.withdrawal_days
ORDER_LEAST_L = _supplier.orders.least_l
DELIVERY_WORKING_DAYS = _supplier.orders.delivery_working_days
ORDER_DELIVERY_DAYS = _supplier.orders.delivery_days
OFFICE_ANSWERS = frozenset(what for what, who in _supplier.answers.model_dump().items() if who == "office")
MOVE_AHEAD_DAYS = _supplier.moving.announce_days_ahead
SUPPORT_ANSWER_WORKING_DAYS = _supplier.support.answer_working_days
SUPPORT_COMPLAINT_WORKING_DAYS = _supplier.support.complaint_working_days
SUPPORT_REPLY_EMAIL = _supplier.support.reply_email
SUPPORT_HOURS = [(each.days, each.opens, each.closes) for each in _supplier.support.hours]
QUIET_HOURS = (_supplier.messages.quiet_from, _supplier.messages.quiet_until)
"""No reminder or news leaves from the first hour of the evening to the second one of the morning."""
LINK_POLICY = _supplier.linking.policy
LINK_PROBATION_HOURS = _supplier.linking.probation_hours
LINK_RECHECK_MONTHS = _supplier.linking.recheck_months
LINK_ANSWER_FLOOR_SECONDS = 0.4
CRISIS_NOTICE_SECONDS = 5
"""For how long a process shows the crisis notices it knows without asking for new ones."""
WEATHER_SOURCE = _supplier.weather.source
WEATHER_URL = _supplier.weather.url
WEATHER_STATIONS = _supplier.weather.stations
WEATHER_API_KEY = ENVIRONMENT.weather_api_key.get_secret_value()
FEED_MAX_SHRINK_PERCENT = _supplier.feed.max_shrink_percent
FEED_MAX_ENDED_PAYERS_PERCENT = _supplier.feed.max_ended_payers_percent

LOGGING_CONFIG = "mojplin.foundation.logs.configure"
LOGGING = {"level": ENVIRONMENT.log_level}
