"""Simulated attacks on linking: see `python -m tools.attack --help` and docs/attack.md."""
