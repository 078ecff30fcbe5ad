from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "mojplin.domain.support"
    label = "support"
