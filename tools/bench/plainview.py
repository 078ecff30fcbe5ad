"""What a minimal Django page costs on the same server: Django's own session and user, one query, a 20-row template."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from mojplin.config.environment import database_settings

settings.configure(
    SECRET_KEY="bench only, never deployed",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="tools.bench.plainurls",
    DATABASES={"default": database_settings(os.environ["MOJPLIN_DATABASE_URL"], None)},  # type: ignore[arg-type]
    INSTALLED_APPS=[
        "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
        "mojplin.foundation", "mojplin.domain.accounts", "mojplin.domain.supply", "mojplin.domain.billing",
    ],
    AUTH_USER_MODEL="accounts.User",
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    SESSION_ENGINE="django.contrib.sessions.backends.db",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)  # fmt: skip
django.setup()
application = get_wsgi_application()
