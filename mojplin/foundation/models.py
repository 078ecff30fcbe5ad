"""The tables of the foundation, gathered here because Django looks for them here."""

from mojplin.foundation.heartbeat import Heartbeat
from mojplin.foundation.idempotency import FormKey
from mojplin.foundation.limits import Counter
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.models import Message

__all__ = ["Counter", "DemoMail", "FormKey", "Heartbeat", "Message"]
