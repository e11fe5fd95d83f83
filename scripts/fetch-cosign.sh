#!/usr/bin/env bash
# Builds cosign below .cache, where a test looks for it; it takes Go and some minutes. Without it
# that test says so and is skipped: signatures are then tested in the forms that the tests make.
#   scripts/fetch-cosign.sh v2.4.1    the last line that signs under a tag
#   scripts/fetch-cosign.sh v3.0.2    bundles
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:-v3.0.2}
major=${version%%.*}
GOBIN="$PWD/.cache/cosign" go install "github.com/sigstore/cosign/$major/cmd/cosign@$version"
