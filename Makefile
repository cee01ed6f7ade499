# make demo and make test each set everything up by themselves; make help lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TOOLS  := .uv
UV     := $(shell command -v uv 2>/dev/null || echo $(TOOLS)/bin/uv)

.DEFAULT_GOAL := help
.PHONY: help setup demo test crash check fix docs bench lock clean

help:  ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP)  ## .venv with tidegate and the developers' tools in it, every version pinned

$(TOOLS)/bin/uv:
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check uv

$(STAMP): requirements.lock pyproject.toml | $(filter $(TOOLS)/bin/uv,$(UV))
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## a synthetic organisation's logs, the cases found in them, and demo/report.html
	$(BIN)/tidegate range make demo/logs --people 200 --days 90 --seed 1 --overwrite \
		--incident bulk_commission --incident mail_leak --incident leaver_haul
	$(BIN)/tidegate investigate demo/logs --context demo/logs/context --lake demo/lake --report demo/report.html
	@echo "Your own logs: $(BIN)/tidegate investigate /path/to/logs --report report.html"

test: setup  ## all tests
	$(BIN)/pytest -n 2

crash: setup  ## follow growing logs through 200 kills (TIDEGATE_KILLS), a full disk, a read-only lake, a slow clock
	TIDEGATE_KILLS=$${TIDEGATE_KILLS:-200} $(BIN)/pytest -s tests/crash

check: setup  ## what CI checks besides the tests: format, lint, types, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tidegate.cli.catalogue --check

fix: setup  ## format, mend what the linter can, write the generated docs anew
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m tidegate.cli.catalogue

docs: setup  ## the documentation as a site, in build/site
	$(BIN)/zensical build --config-file mkdocs.yml

bench: setup  ## measure speed, memory and detection; prints tables
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement bench/requirements.lock
	for f in bench/[a-z]*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

lock: | $(filter $(TOOLS)/bin/uv,$(UV))  ## resolve the dependencies anew
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra 7z --extra pst --extra dev --extra docs --extra spark \
		--output-file requirements.lock pyproject.toml
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --constraint requirements.lock --output-file deploy/requirements.lock pyproject.toml deploy/build.in
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --constraint requirements.lock --extra bench --output-file bench/requirements.lock pyproject.toml

clean:  ## remove what make made
	rm -rf $(VENV) $(TOOLS) demo .mypy_cache .ruff_cache .pytest_cache
