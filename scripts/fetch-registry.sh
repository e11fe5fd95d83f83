#!/usr/bin/env bash
# Unpacks Debian's docker-registry below .cache, where the tests look for it when none is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=.cache/docker-registry/usr/bin/docker-registry
if command -v docker-registry >/dev/null || [ -x "$binary" ]; then exit 0; fi
mkdir -p .cache && cd .cache
# A mirror that does not answer once is asked again.
patient=(-o Acquire::Retries=5)
apt-get "${patient[@]}" download docker-registry >/dev/null 2>&1 ||
  { apt-get "${patient[@]}" update >/dev/null && apt-get "${patient[@]}" download docker-registry >/dev/null; }
dpkg -x docker-registry_*.deb docker-registry
rm -f docker-registry_*.deb
