"""Payers, supply points, meters, deliveries: nouns everyone shares, mirrored from the ERP (the feed writes); runs."""
