from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mojplin.interfaces.web"
    label = "web"
