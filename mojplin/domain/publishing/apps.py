from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "mojplin.domain.publishing"
    label = "publishing"
