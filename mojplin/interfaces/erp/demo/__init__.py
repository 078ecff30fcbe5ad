"""A demo supplier: an invented company whose export looks like a real one's, for development and demonstration."""
