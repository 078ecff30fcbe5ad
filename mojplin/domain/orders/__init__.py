"""Gas and cylinder orders, and the hand-over to the supplier's web form. Customers write."""
