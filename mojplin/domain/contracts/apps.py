from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "mojplin.domain.contracts"
    label = "contracts"
