# Thin: everything real is Python (python -m mojplin, python -m tools.check). `make help` lists the targets.
PY ?= python3
V := .venv

.PHONY: help run test bench attack accuracy clean
.DEFAULT_GOAL := help

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r target what; do printf '  make %-8s %s\n' "$$target" "$$what"; done

run: $(V)/.stamp ## Start the portal with a demo supplier's data (PORT=8000, DATA_DIR=var)
	@exec $(V)/bin/python -m mojplin run

test: $(V)/.stamp-dev ## Prove it: format, lint, types, imports, tests on SQLite, PostgreSQL and in Chromium
	@exec $(V)/bin/python -m tools.check

bench: $(V)/.stamp-dev ## Measure it on PostgreSQL; writes docs/benchmarks.md
	@exec $(V)/bin/python -m tools.bench

attack: $(V)/.stamp-dev ## Attack the linking of supply points; writes docs/attack.md
	@exec $(V)/bin/python -m tools.attack

accuracy: $(V)/.stamp-dev ## Try the heating model on real homes (DATA=folder of CSV files); writes docs/accuracy.md
	@exec $(V)/bin/python -m tools.accuracy $(or $(DATA),$(error Name the folder: make accuracy DATA=folder))

clean: ## Remove what was installed and built (data in var/ stays)
	rm -rf $(V) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache test-results

$(V)/bin/python:
	@$(PY) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is %d.%d. Name another: make run PY=python3.12" % sys.version_info[:2])'
	@echo "Making $(V) ..."
	@$(PY) -m venv $(V) || { rm -rf $(V); echo "Python has no venv here. On Debian or Ubuntu: sudo apt-get install -y python3-venv"; exit 1; }

$(V)/.stamp: requirements.txt | $(V)/bin/python
	@echo "Installing the dependencies (about half a minute) ..."
	@$(V)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(V)/.stamp-dev: requirements-dev.txt | $(V)/bin/python
	@echo "Installing the dependencies and the tools of the tests (about a minute) ..."
	@$(V)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
