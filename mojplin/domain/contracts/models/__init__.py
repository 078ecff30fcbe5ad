"""Contracts, offers and prices as the ERP has them, and what customers do about their renewal."""

from mojplin.domain.contracts.models.from_erp import Contract, ContractFile, Offer, Price, PriceBasis, RenewalAnswer
from mojplin.domain.contracts.models.renewals import Renewal

__all__ = ["Contract", "ContractFile", "Offer", "Price", "PriceBasis", "Renewal", "RenewalAnswer"]
