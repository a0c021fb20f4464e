#!/usr/bin/env bash
# The checks that run no test: format, lint, types, the arrows between the rooms, their drawing.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/lint-imports
.venv/bin/python docs/architecture.py --check
