# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# For the tests of the scripts: TAP, and a folder of their own that looks like this
# repository. To be sourced; $repository is set to the top folder.

: "${repository:?is set by the script that sources this}"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
count=0
out=$scratch/out
unset QEMU_SRC FDT_MACHINE_START JOBS
export FDT_MACHINE_CACHE="$scratch/cache"

# here NAME: a copy of the scripts and boards in $scratch/NAME, to work in
here() {
    mkdir -p "$scratch/$1/tests"
    cp -R "$repository/scripts" "$repository/dts" "$scratch/$1/"
    cp -R "$repository/tests/boot" "$scratch/$1/tests/"
    cd "$scratch/$1" || exit 1
    # The copy's build is its own.
    unset FDT_MACHINE_BUILD_ROOT
}

# run COMMAND...: run a command, its words in $out, its exit status in $status
run() {
    "$@" >"$out" 2>&1 </dev/null
    status=$?
}

# ok TEXT COMMAND...: a test point, passed if the command succeeds
ok() {
    text=$1
    shift
    count=$((count + 1))
    if "$@"; then
        echo "ok $count - $text"
    else
        echo "not ok $count - $text"
        sed 's/^/# /' "$out" 2>/dev/null
    fi
}

# says TEXT...: whether the last command has said all of this
says() {
    for says_text; do
        grep -qF -e "$says_text" "$out" || return 1
    done
}

# fails TEXT...: whether it failed, with one message that says all of this
fails() {
    [ "$status" = 1 ] && [ "$(grep -cE '^[a-z]+: error: ' "$out")" = 1 ] && says "$@"
}

# fake NAME: a program of that name, its text on standard input, found first
fake() {
    mkdir -p "$scratch/bin"
    { echo '#!/bin/sh'; cat; } >"$scratch/bin/$1"
    chmod +x "$scratch/bin/$1"
    PATH=$scratch/bin:${PATH#"$scratch/bin:"}
    export PATH
}

finish() {
    echo "1..$count"
}
