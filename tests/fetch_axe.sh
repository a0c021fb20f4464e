#!/usr/bin/env bash
# Fetches axe-core, which tests/e2e/test_accessibility.py runs in the page, from the npm registry.
# Its version and checksum are pinned; it is kept in tests/.axe and is no part of qa_bot.
set -euo pipefail
cd "$(dirname "$0")"
file=axe-core-4.10.3.tgz
sum=0f2b4d7dcdf7d1219df8d1959ad68e565f51d14c3f0d88bb71cd59abeb956292
mkdir -p .axe
cd .axe
[ -f "$file" ] || npm pack --silent "axe-core@4.10.3" >/dev/null
echo "$sum  $file" | sha256sum --check --quiet
