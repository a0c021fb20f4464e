PYTHON ?= python3
BIN = .venv/bin

.PHONY: all setup test check bench

# What CI runs, browser tests included.
all:
	bash tests/run.sh

setup:
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test]'

# The quick tests.
test:
	$(BIN)/python -m pytest -q -m "not model and not e2e"

check:
	bash tests/check.sh

bench:
	$(BIN)/python eval/run.py
