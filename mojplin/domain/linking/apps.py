from django.apps import AppConfig


class LinkingConfig(AppConfig):
    name = "mojplin.domain.linking"
    label = "linking"
