"""The customer pages: one module per journey, a form above its view."""
