"""The invented company that sells the gas, as it stands on its documents."""

NAME = "Vzorčni plin, d. d."
STREET = "Zgledna ulica 1"
POST_CODE = "1000"
TOWN = "Ljubljana"
TAX_NUMBER = "10000895"
BIC = "VZORSI2X"
