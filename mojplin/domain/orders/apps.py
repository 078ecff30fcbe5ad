from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "mojplin.domain.orders"
    label = "orders"
