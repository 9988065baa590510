# `make` alone lists what there is. Needs make and a Python of 3.11 or newer; the rest it installs.

PORT ?= 8000
LISTEN ?= 0.0.0.0
DEMO ?= 1
WITHOUT ?=
SEED_OFFICERS ?= 27000
export PORT LISTEN DEMO WITHOUT

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv/bin
FLASK := $(VENV)/flask --app wsgi

.DEFAULT_GOAL := help
.PHONY: help setup run test check fmt fast faults seed bench messages screenshots clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install the pinned packages into .venv, compile the catalogues
	@$(or $(PYTHON),$(error Python 3.11 or newer is missing: apt-get install python3 python3-venv)) tools/install.py

run: setup ## start the product; PORT=8000 LISTEN=0.0.0.0 DATABASE_URL=… DEMO=0 (no demo province)
	@$(VENV)/python tools/serve.py

dev: # what tests, types and lint need besides
	@$(or $(PYTHON),$(error Python 3.11 or newer is missing: apt-get install python3 python3-venv)) tools/install.py --tests

test: dev ## all tests, in Chromium and PostgreSQL too; WITHOUT="browser faults postgresql" leaves out by name
	@$(VENV)/python -m pytest

check: dev ## lint, types and all tests: what a landing must pass
	@$(VENV)/ruff check
	@$(VENV)/ruff format --check
	@$(VENV)/mypy
	@$(VENV)/python -m pytest

fmt: dev ## put the source into its one shape
	@$(VENV)/ruff check --fix --exit-zero
	@$(VENV)/ruff format

fast: dev ## the rules and the guards alone, in seconds
	@$(VENV)/python -m pytest tests/domain tests/test_architecture.py

seed: setup ## a rehearsal province in DATABASE_URL; SEED_OFFICERS=27000, accounts in build/accounts.csv
	@mkdir -p build
	@$(FLASK) prepare --without-demo
	@$(FLASK) seed --officers $(SEED_OFFICERS) --exam-open --credentials build/accounts.csv

bench: dev ## measure and print one table (minutes; nothing is asserted)
	@$(VENV)/python -m tests.bench

messages: dev ## collect the words of templates and code into the catalogues
	@mkdir -p build
	@$(VENV)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext -k counted:1,1 --add-location=file --project=quizapp -o build/messages.pot .
	@$(VENV)/pybabel -q update -i build/messages.pot -d translations -l en --init-missing --ignore-obsolete --no-fuzzy-matching

screenshots: dev ## docs/images made anew by the product itself
	@$(VENV)/python tools/screenshots.py

clean: ## remove the environment, caches and build results; instance/ stays
	@rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +
