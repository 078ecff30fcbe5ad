"""Django's PostgreSQL backend with rarer health checks of busy connections."""
