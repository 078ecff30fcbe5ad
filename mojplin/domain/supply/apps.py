from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "mojplin.domain.supply"
    label = "supply"
