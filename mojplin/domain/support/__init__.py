"""Enquiries to the supplier's office. Customers write."""
