"""Moj Butan plin: the self-service web portal of an LPG supplier for its heating customers."""
