from django.apps import AppConfig


class WeatherConfig(AppConfig):
    name = "mojplin.interfaces.weather"
    label = "weather"

    def ready(self) -> None:
        from mojplin.interfaces.weather import extending  # noqa: F401  # registers the hourly chore
