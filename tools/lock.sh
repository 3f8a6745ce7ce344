#!/bin/sh
# Resolves pyproject.toml into two plain requirements files: hashes in them, no registry's name.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --no-header "$@"
}
compile --upgrade -o requirements.txt
compile --upgrade --group dev -c requirements.txt -o requirements-dev.txt
