# Verbs for people who work on xltrack from a checkout; `make help` lists them. On Windows see CONTRIBUTING.md.

PYTHON  ?= python3
# One more than the two cores of CI: some tests wait, for a clock or for another program.
WORKERS ?= 3
ARGS    ?=

VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --quiet --quiet --disable-pip-version-check
HASHED := install --require-hashes
EDIT   := install --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint generate check-generated charts bench lock clean

help:  ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{ printf "  make %-16s %s\n", $$1, $$2 }'

demo: $(VENV)/.run-stamp  ## the whole loop on a made-up national programme, in demo/ (ARGS="--quick")
	$(VENV)/bin/xltrack demo --dir demo $(ARGS)

# What the tests of a file share is made once: a file is one process's. In their order: the longest stand first (conftest).
# Hundreds of processes import xltrack and what reads it: none compiles what another one has compiled.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.dev-stamp  ## all tests (ARGS="tests/test_project.py -x", WORKERS=0 for one process)
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.dev-stamp  ## style, types (for Linux and for Windows), imports between rooms, generated files
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m mypy --platform win32 xltrack
	$(VENV)/bin/lint-imports --no-logo
	$(PY) scripts/generate.py --check

generate: $(VENV)/.run-stamp  ## write templates_xlsx/ and the generated pages of docs/ anew
	$(PY) scripts/generate.py

check-generated: $(VENV)/.run-stamp  ## fail when a generated file is not what `make generate` would write
	$(PY) scripts/generate.py --check

charts:  ## make anew what draws the charts of the page; needs Node.js and `npm ci`
	node scripts/charts.mjs

bench: $(VENV)/.dev-stamp  ## measure on made-up data (ARGS are passed on)
	$(PY) benchmarks/run.py $(ARGS)

lock:  ## resolve requirements/*.txt anew; needs uv (ARGS=--upgrade for newer releases)
	$(PYTHON) scripts/lock.py $(ARGS)

clean:  ## remove the environment, caches, builds and demo/
	rm -rf $(VENV) build dist demo .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# One environment for all verbs. A stamp says what has been installed into it; it is made anew when its sources change.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "xltrack needs Python 3.11 or later; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "On Debian and Ubuntu, first: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run-stamp: requirements/run.txt requirements/build.txt pyproject.toml | $(PY)
	@echo "Installing what xltrack needs to run into $(VENV) …" >&2
	@$(PIP) $(HASHED) -r requirements/run.txt -r requirements/build.txt
	@$(PIP) $(EDIT)
	@touch $@

$(VENV)/.dev-stamp: requirements/dev.txt $(VENV)/.run-stamp | $(PY)
	@echo "Installing what the tests and checks need into $(VENV) …" >&2
	@$(PIP) $(HASHED) -r requirements/dev.txt
	@touch $@
