.PHONY: help setup run test explore soak mutants slips coverage bench audit lint docs words pins
PYTHON ?= python3
BIN = .venv/bin
# Many tests wait for processes and sockets: half as many again as there are cores keep them busy.
TESTERS = $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 2) * 3 // 2)')

help: ## list what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /: /'

.venv/.runs: requirements/run.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/run.txt
	touch $@

.venv/.ready: .venv/.runs requirements/test.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/test.txt
	touch $@

setup: .venv/.ready ## create .venv with everything that running and testing need

run: .venv/.runs ## the demo: service, worker and two simulated shops on this machine (PORT, default 8000)
	@$(BIN)/flask --app app demo

test: setup ## pass all tests; installs Debian's Chromium where it may
	@test -x /usr/bin/chromium || (apt-get update -qq && apt-get install -y -qq chromium) || \
		echo "Chromium is missing: install Debian's package chromium, the browser tests drive /usr/bin/chromium"
	@# Compiled files are kept whatever the machine says: each tester and each started service would compile all anew.
	@# The same order, the same draws, the same order within sets: what passes once passes again.
	PYTHONDONTWRITEBYTECODE= PYTHONHASHSEED=0 $(BIN)/python -m pytest --randomly-seed=1 --numprocesses $(TESTERS) --dist worksteal

explore: setup ## the properties, tried with other examples each time and DRAWS (default 30) times as many
	DRAWS=$(or $(DRAWS),30) $(BIN)/python -m pytest -m hypothesis --numprocesses $(TESTERS) --dist worksteal

soak: setup ## the tests that take minutes: the service killed in the middle of 200 orders, 200 seeds of what may happen
	$(BIN)/python -m pytest -m soak

mutants: setup ## bring each known kind of bug into a copy of the code and tell which tests see it
	$(BIN)/python tests/mutants/report.py

slips: setup ## make each small slip in MODULES of core, one at a time, and tell those that no test of core sees
	$(BIN)/python tests/mutants/sweep.py $(MODULES) -- tests/core

coverage: setup ## see that the tests of core alone run every branch of core
	$(BIN)/python -m coverage run --rcfile=tests/core/coveragerc -m pytest -q tests/core
	$(BIN)/python -m coverage report --rcfile=tests/core/coveragerc

bench: setup ## tables of ratios: ingest, beside work, webhook to hold by workers, pages, one event, the engine, start
	@for bench in ingest busy end_to_end pages event engine start; do \
		echo; echo "== $$bench"; echo; PYTHONPATH=. $(BIN)/python tests/benchmarks/bench_$$bench.py || exit 1; done

audit: setup ## compare every pinned library with the public list of known weaknesses (needs a network; fails without)
	@$(BIN)/python tests/audit.py

lint: setup ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: setup ## write the tables in docs/ from the code
	PYTHONPATH=. $(BIN)/python tests/test_docs.py

words: setup ## collect the merchant pages' sentences into templates/languages/merchant/*.po
	PYTHONPATH=. $(BIN)/python tests/merchant_words.py

pins: ## pin requirements/*.in with versions and hashes (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --quiet requirements/run.in -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --quiet requirements/test.in -o requirements/test.txt
