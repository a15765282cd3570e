# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions that scripts/build, scripts/boot and scripts/check share.
# To be sourced, after $top has been set to the top folder of the repository.
#
# Every download goes to a private apt directory under the cache, so nothing
# of the machine's own apt set-up is read (except the mirror) or changed.

# The cache is shared by all clones of a user; the build folder is this clone's.
: "${top:?is set by the script that sources this}"
build=$top/build
# Messages of other programs are looked through for what has gone wrong.
export LC_ALL=C.UTF-8
if [ -z "${HOME:-}" ]; then
    HOME=$(getent passwd "$(id -u)" | cut -d : -f 6)
    export HOME="${HOME:-$build}"
fi
cache=${FDT_MACHINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fdt-machine}

# writable FOLDER: whether a folder can be written, or made
writable() {
    [ -w "$1" ] || { [ ! -e "$1" ] && [ -w "${1%/*}" ]; }
}

# A clone may belong to another user, or be on a file system that cannot be written.
# Then what is written beside the build goes to the user's cache ($work). A build that
# somebody has made in the clone is used as it is, unless the script has to change it
# ($own_build); without one, the user's build is in the cache, too.
work=$build
if [ -n "${FDT_MACHINE_BUILD_ROOT:-}" ]; then
    build=$FDT_MACHINE_BUILD_ROOT work=$FDT_MACHINE_BUILD_ROOT
elif [ -f "$top/installed" ]; then
    # By a package: what is built is not to be built again, whoever runs it.
    work=$cache/installed
elif ! writable "$build"; then
    work=$cache/clone-$(printf '%s' "$top" | sha256sum | cut -c 1-16)
    if [ -n "${own_build:-}" ] || ! [ -d "$build/bin" ]; then
        build=$work
    fi
fi
# Those that are started from here go the same way.
[ "$build" = "$top/build" ] || export FDT_MACHINE_BUILD_ROOT="$build"
log_dir=$work/log
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# --- talking to the user ----------------------------------------------------

prog=${0##*/}
# A script that another one of ours has started goes on counting its seconds,
# and leaves it to that one to tell that it was interrupted.
t_start=${FDT_MACHINE_START:-$(date +%s)}
nested=${FDT_MACHINE_START:-}
export FDT_MACHINE_START="$t_start"

# interrupted: what a signal does. It may come while a function's standard error
# goes to a log, so the way to the user is kept in file descriptor 7.
exec 7>&2
interrupted() {
    trap - INT TERM HUP
    [ -n "$nested" ] ||
        printf '\n%s: interrupted; start it again, and it goes on\n' "$prog" >&7
    exit 130
}
trap interrupted INT TERM HUP

# say TEXT: one line of progress, with the seconds since the start
say() {
    printf '[%4ds] %s\n' "$(($(date +%s) - t_start))" "$*" >&2
}

# die TEXT: the one message of a failure
die() {
    printf '%s: error: %s\n' "$prog" "$*" >&2
    exit 1
}

# tty: whether progress may be animated
tty() {
    [ -t 2 ] && [ -z "${CI:-}" ]
}

# run_logged LOG WHAT COMMAND...: run a command with its output in LOG; when it
# fails, show the end of the log and stop with one message.
run_logged() {
    rl_log=$1 rl_what=$2
    shift 2
    need_folder "${rl_log%/*}"
    if ! "$@" >"$rl_log" 2>&1 </dev/null; then
        {
            echo "--- the last lines of $rl_log:"
            tail -n 15 "$rl_log"
            echo "---"
        } >&2
        explain_log "$rl_log"
        die "$rl_what failed"
    fi
}

# disk_full: whether there is no room for another object file
disk_full() {
    for df_dir in "$build" "$cache"; do
        df_free=$(df -Pk "$df_dir" 2>/dev/null | awk 'NR == 2 { print $4 }')
        [ "${df_free:-99999}" -ge 16384 ] || return 0
    done
    return 1
}

# explain_log LOG: turn two common causes of any failure into a message
explain_log() {
    if disk_full || grep -qi 'no space left on device' "$1" 2>/dev/null; then
        die "the disk is full: make room in $build and $cache, then run $prog again"
    fi
    if grep -qE "Could not resolve|Temporary failure resolving|Could not connect|\
Unable to connect|Network is unreachable|Connection timed out|Connection failed|\
Cannot initiate the connection|Could not wait for server fd" \
            "$1" 2>/dev/null; then
        die "the package mirror cannot be reached: check the network, then run" \
            "$prog again"
    fi
}

# need_folder DIR...: have folders that can be written
need_folder() {
    for nf; do
        { mkdir -p "$nf" 2>/dev/null && [ -w "$nf" ]; } ||
            die "$nf cannot be written"
    done
}

# need_space DIR MIB WHAT: refuse to start what the disk has no room for
need_space() {
    need_folder "$1"
    ns_free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
    if [ "$ns_free" -lt "$2" ]; then
        die "$3 needs $2 MiB in $1 and there are $ns_free MiB: make room first"
    fi
}

# checksum: one short key of what comes on standard input
checksum() {
    sha256sum | cut -c 1-16
}

# build_lock: let only one script at a time work on this clone's build folder,
# for as long as the calling shell lives; file descriptor 8 is taken.
build_lock() {
    command -v flock >/dev/null || return 0
    exec 8>"$build/lock" || die "$build cannot be written"
    if ! flock -n 8; then
        say "waiting for another build in $build"
        flock 8
    fi
}

# lock NAME: let only one script at a time work on a part of the cache, until
# unlock; file descriptor 9 is taken.
lock() {
    need_folder "$cache"
    command -v flock >/dev/null || return 0
    exec 9>"$cache/$1.lock"
    if ! flock -n 9; then
        say "waiting for another run to let go of $cache/$1.lock"
        flock 9
    fi
}

unlock() {
    exec 9>&-
}

# --- packages of this machine -----------------------------------------------

# need_debian: stop on a system that this cannot prepare
need_debian() {
    command -v apt-get >/dev/null ||
        die "this needs Debian 12 or 13 (no apt-get here)"
}

# missing_packages NAME...: those that are not installed
missing_packages() {
    # shellcheck disable=SC2016 # the dollars are dpkg's
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        awk -v want="$*" '
            $1 == "installed" { have[$2] = 1 }
            END {
                n = split(want, w, /[ \n]+/)
                for (i = 1; i <= n; i++)
                    if (!(w[i] in have))
                        printf " %s", w[i]
            }'
}

# need_packages NAME...: install what is missing, or say how
need_packages() {
    np_missing=$(missing_packages "$@")
    [ -n "$np_missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        np_sudo=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        np_sudo=sudo
    else
        printf '%s: error: packages are missing; as root, run:\n%s%s\n' "$prog" \
            "apt-get update && apt-get install -y --no-install-recommends" \
            "$np_missing" >&2
        exit 1
    fi
    say "installing packages:$np_missing"
    need_folder "$log_dir"
    # The update may fail for one broken third-party source: installing decides.
    $np_sudo env DEBIAN_FRONTEND=noninteractive apt-get update \
        >"$log_dir/apt-update.log" 2>&1 </dev/null || :
    # shellcheck disable=SC2086 # a list of words
    if ! $np_sudo env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y --no-install-recommends \
            -o DPkg::Lock::Timeout=300 $np_missing \
            >"$log_dir/apt-install.log" 2>&1 </dev/null; then
        # A package that cannot be located may be a list that was not fetched.
        explain_log "$log_dir/apt-update.log"
        explain_log "$log_dir/apt-install.log"
        tail -n 8 "$log_dir/apt-install.log" >&2
        die "apt-get could not install:$np_missing"
    fi
}

# --- the private apt directories --------------------------------------------

# mirrors: the addresses of Debian's archive in this machine's apt
# configuration, one a line, the likeliest first. With the lists of a bare
# system deleted, only the print-uris form knows them.
mirrors() {
    {
        # shellcheck disable=SC2016 # the dollars are apt's
        apt-get indextargets --format \
            '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
            awk '$1 == "Debian" && $2 == "main" { print $3 }'
        apt-get update --print-uris -qq 2>/dev/null |
            sed -n "s,^'\\(.*/\\)dists/[a-z]*/InRelease'.*,\\1,p"
    } | awk '!seen[$0]++ && /^(http|https|ftp|file|mirror.*):/ && !/security/'
}

# apt_dir NAME ARCH SUITE [TYPE]: make ready the private apt directory NAME for
# an architecture and a suite (TYPE deb or deb-src), and set APT_CONFIG to it.
# The lists are fetched once; apt_refresh fetches them again.
apt_dir() {
    ad=$cache/apt/$1 ad_arch=$2 ad_suite=$3 ad_type=${4:-deb}
    need_folder "$ad/lists/partial" "$ad/archives/partial"
    : >"$ad/status"
    {
        cat <<END
APT::Architecture "$ad_arch";
APT::Architectures "$ad_arch";
APT::Sandbox::User "root";
APT::Get::List-Cleanup "false";
Dir::State "$ad";
Dir::State::status "$ad/status";
Dir::State::lists "$ad/lists";
Dir::Cache "$ad";
Dir::Cache::archives "$ad/archives";
Dir::Etc::sourcelist "$ad/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::Etc::trusted "$keyring";
Dir::Etc::trustedparts "-";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
END
    } >"$ad/apt.conf"
}

# apt_private TOOL...: apt-get or apt-cache with the private directory
apt_private() {
    ap_tool=$1
    shift
    # Options win over the machine's own configuration files, APT_CONFIG does not.
    APT_CONFIG=$ad/apt.conf "$ap_tool" -q \
        -o Dir::Etc::sourceparts=- -o Dir::Etc::sourcelist="$ad/sources.list" \
        -o Dir::State::lists="$ad/lists" -o APT::Architecture="$ad_arch" \
        -o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::= "$@"
}

# apt_refresh: fetch the lists from the first mirror that has the suite, signed
# by Debian's archive key
apt_refresh() {
    [ -r "$keyring" ] || die "$keyring is missing: install debian-archive-keyring"
    ar_list=$(mirrors)
    [ -n "$ar_list" ] ||
        die "no mirror of Debian's archive in this machine's apt configuration"
    : >"$ad/update.log" || die "$ad/update.log cannot be written"
    for ar in $ar_list; do
        echo "$ad_type [signed-by=$keyring] $ar $ad_suite main" >"$ad/sources.list"
        if apt_private apt-get update --error-on=any >>"$ad/update.log" 2>&1 \
                </dev/null; then
            touch "$ad/fresh"
            return 0
        fi
    done
    return 1
}

# apt_lists: as apt_refresh, once a day
apt_lists() {
    if [ -n "$(find "$ad/fresh" -mmin -1440 2>/dev/null)" ]; then
        return 0
    fi
    apt_refresh
}

# fetch_deb PACKAGE DIR: the .deb of a package into DIR; prints its path
fetch_deb() {
    mkdir -p "$2.partial" || return 1
    (cd "$2.partial" && apt_private apt-get download "$1") \
        >>"$ad/update.log" 2>&1 </dev/null || return 1
    mkdir -p "$2"
    for fd in "$2.partial/$1"_*.deb; do
        mv "$fd" "$2/" && echo "$2/${fd##*/}"
    done
    rmdir "$2.partial"
}

# --- the tools of the build -------------------------------------------------

# system_meson: whether this system's own Meson is new enough for QEMU 10.0
system_meson() {
    sm=$(/usr/bin/python3 -m mesonbuild.mesonmain --version 2>/dev/null) &&
        printf '1.5\n%s\n' "$sm" | sort -VC
}

# meson_setup: have Meson 1.5 or newer. Debian 13 has it. For Debian 12 the
# package of its backports is unpacked into the build folder: Meson is pure
# Python, and so nothing of the system is changed.
meson_setup() {
    ms_path=$build/tools/usr/lib/python3/dist-packages
    if [ -d "$ms_path/mesonbuild" ]; then
        export PYTHONPATH="$ms_path"
        return
    fi
    if system_meson; then
        return
    fi
    case $(. /etc/os-release && echo "${VERSION_ID:-}") in
    12) ;;
    *)
        need_packages meson
        system_meson || die "Meson 1.5 is needed, and this system's is older"
        return
        ;;
    esac
    lock meson
    ms_deb=$(find "$cache/meson" -name 'meson_*.deb' 2>/dev/null | head -n 1)
    if [ -z "$ms_deb" ]; then
        for ms_suite in bookworm-backports trixie; do
            say "fetching Meson of $ms_suite"
            apt_dir "meson-$ms_suite" "$(dpkg --print-architecture)" "$ms_suite"
            apt_lists && ms_deb=$(fetch_deb meson "$cache/meson") && break
        done
    fi
    unlock
    if [ -z "$ms_deb" ]; then
        explain_log "$ad/update.log"
        die "Meson 1.5 could not be fetched (see $ad/update.log)"
    fi
    rm -rf "$build/tools.partial" "$build/tools"
    run_logged "$log_dir/meson.log" "unpacking Meson" \
        dpkg-deb -x "$ms_deb" "$build/tools.partial"
    mv "$build/tools.partial" "$build/tools" || die "$build/tools cannot be written"
    export PYTHONPATH="$ms_path"
}

# run_meson ARGUMENT...: Meson as found by meson_setup
run_meson() {
    /usr/bin/python3 -m mesonbuild.mesonmain "$@"
}

# compiler_cache: objects are found again by what goes into them, not by where:
# a second clone builds from the first one's objects.
compiler_cache() {
    export CCACHE_BASEDIR="$top" CCACHE_NOHASHDIR=1
    export CCACHE_SLOPPINESS=include_file_mtime,include_file_ctime,time_macros
}
