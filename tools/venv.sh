#!/bin/sh
# Make .venv ready, or find it ready: tools/venv.sh requirements.txt | requirements-dev.txt
# tools/venv.sh --find [3.12] only prints a Python that could make it.
# A file in .venv remembers which locks it was made from: a second run needs no network.
set -eu
cd "$(dirname "$0")/.."

old=3.12
needs='import sys; assert sys.version_info >= (3, 12); import ensurepip, sqlite3, ssl, venv'

candidates() {
    for name in python3.14 python3.13 python3.12 python3 python; do
        command -v "$name" 2>/dev/null || true
    done
    ls "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python 2>/dev/null | sort -rV
}

# Names prove nothing (pyenv's shims, half-installed packages): each one is run.
find_python() {
    only=${1:-}
    incomplete=
    for python in $(candidates); do
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if [ -n "$only" ]; then
            [ "$version" = "$only" ] || continue
        else
            "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' || continue
        fi
        if "$python" -c "$needs" 2>/dev/null; then
            echo "$python"
            return
        fi
        incomplete="$python ($version)"
    done
    if [ -n "$incomplete" ]; then
        echo "$incomplete lacks venv, sqlite3 or ssl: on Debian and Ubuntu, install its -venv package." >&2
    else
        echo "Pocket needs Python ${only:-$old or newer}, and none was found: install it, or let pyenv do it." >&2
    fi
    exit 1
}

if [ "$1" = --find ]; then
    find_python "${2:-}"
    exit
fi

lock=$1
stamp=.venv/made-from-$lock
made_from=$(cksum <"$lock")

works() { .venv/bin/python -c "$needs" 2>/dev/null; }

if works && [ "$(cat "$stamp" 2>/dev/null)" = "$made_from" ]; then
    exit
fi
if ! works; then
    python=$(find_python)
    echo "Making .venv with $python …"
    "$python" -m venv --clear .venv
fi
echo "Installing $lock …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
echo "$made_from" >"$stamp"
