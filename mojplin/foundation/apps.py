from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "mojplin.foundation"
    label = "foundation"
