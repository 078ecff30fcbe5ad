"""What any product would need: outbox, mail, idempotency, limits, formats, logs. No domain words, no rules."""
