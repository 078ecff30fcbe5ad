"""Settings of a process that is killed while it works on the database of a running test."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["KILL_DATABASE_NAME"]
