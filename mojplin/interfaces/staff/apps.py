from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "mojplin.interfaces.staff"
    label = "staff"
