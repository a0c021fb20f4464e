#!/usr/bin/env bash
# Installs qa_bot with what its tests need into .venv and runs every check. Needs Chromium for the
# browser tests: `apt-get install chromium fonts-noto-cjk npm` on Debian and Ubuntu.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x .venv/bin/python ] || "${PYTHON:-python3}" -m venv .venv
.venv/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
bash tests/check.sh
bash tests/fetch_axe.sh
# two processes, each with files of its own: most of a browser test is waiting
.venv/bin/python -m pytest -n 2 --dist loadfile "$@"
