"""Payers, supply points, meters, deliveries: the nouns everyone shares, mirrored from the ERP (the feed writes); feed runs."""
