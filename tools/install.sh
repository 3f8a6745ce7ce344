#!/bin/sh
# Finds a Python that can make the environment, and hands over to install.py. POSIX sh, so that it runs before anything else does.
set -u
cd "$(dirname "$0")/.." || exit 1

fits() { "$1" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2]))' >/dev/null 2>&1; }
whole() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

if [ -z "${PYTHON:-}" ] && [ -x .venv/bin/python ] && fits .venv/bin/python; then
    exec .venv/bin/python tools/install.py "$@"
fi

# 3.12 and 3.11 first: the Redis that comes as a package exists for these two. pyenv's names work only for the version
# that .python-version wants, so its own programs are looked at as well.
pyenv=${PYENV_ROOT:-${HOME:-/root}/.pyenv}/versions
without_venv=
for name in ${PYTHON:-python3.12 "$pyenv"/3.12*/bin/python python3.11 "$pyenv"/3.11*/bin/python python3.13 python3.14 python3 python \
    "$pyenv"/3.1[34]*/bin/python}; do
    fits "$name" || continue
    whole "$name" && exec "$name" tools/install.py "$@"
    without_venv=${without_venv:-$name}
done

if [ -n "$without_venv" ]; then
    version=$("$without_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "✗ Python $version に venv モジュールがありません → sudo apt install python$version-venv を実行してから、もう一度 make run (the venv module is missing)" >&2
    exit 78
fi
found=$("${PYTHON:-python3}" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null || echo "なし / none")
echo "✗ Python 3.11 以上が必要です（見つかったもの: $found）(needs Python 3.11 or newer) →" >&2
echo "    Debian・Ubuntu・WSL: sudo apt install python3 python3-venv   macOS: brew install python@3.12   別の場所にあるとき: PYTHON=/path/to/python3.12 make run" >&2
exit 78
