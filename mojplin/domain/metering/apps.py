from django.apps import AppConfig


class MeteringConfig(AppConfig):
    name = "mojplin.domain.metering"
    label = "metering"
