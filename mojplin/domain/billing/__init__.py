"""Documents (invoice, credit note, debit note), their lines, open balance. Euros with two places. The feed writes."""
