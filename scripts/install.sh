#!/bin/sh
# Makes .venv with a suitable Python where there is none yet, and installs the locked requirements named as arguments.
set -eu
cd "$(dirname "$0")/.."

# True when a command really starts (a version manager's stub may not), is of a version we test, and can make environments.
suits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

find_python() {
    for candidate in python3.14 python3.13 python3.12 python3 python \
        /usr/bin/python3 /usr/local/bin/python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[234]*/bin/python3; do
        if command -v "$candidate" >/dev/null 2>&1 && suits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "No suitable Python was found: install Python 3.12, 3.13 or 3.14 with its venv module" \
        "(on Debian and Ubuntu: apt-get install python3 python3-venv) and run make again." >&2
    return 1
}

# Without pip it was interrupted while being made.
if ! { [ -x .venv/bin/pip ] && suits .venv/bin/python; }; then
    python=$(find_python)
    echo "Making .venv with $("$python" --version)."
    "$python" -m venv --clear .venv
fi
for requirements in "$@"; do
    echo "Installing $requirements."
    PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install -qq --no-compile --no-deps --require-hashes -r "$requirements" || {
        echo "Installing $requirements failed; see above. Nothing was started." >&2
        exit 1
    }
done
