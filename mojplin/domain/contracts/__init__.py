"""Contracts, renewal offers, the price list. Prices are euros with VAT for one unit. The feed writes."""
