"""The company that sells the gas, as it stands on its documents: the one of the supplier's file."""

from django.conf import settings

from mojplin.interfaces.erp.demo import numbers

NAME = settings.SUPPLIER["name"]
STREET = settings.PAYEE["street"]
POST_CODE, _blank, TOWN = settings.PAYEE["town"].partition(" ")
TAX_NUMBER = settings.SUPPLIER["tax_number"] or "10000895"
IBAN = next(iter(settings.PAYEE_IBANS), numbers.IBAN)
BIC = "VZORSI2X"
