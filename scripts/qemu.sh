# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions that get QEMU's source, patch it, and link our folders into it. To be
# sourced after lib.sh. What they leave behind:
#
#   $cache/qemu/               Debian's source package as downloaded
#   $build/qemu-src/           the source, unpacked, patched and linked
#   $src/.fdt-machine/         which patches are in, and the files as before them

: "${top:?is set by the script that sources this}"
: "${build:?is set by lib.sh}" "${cache:?}" "${log_dir:?}"

# --- the source package -----------------------------------------------------

# qemu_dsc: the newest source package in the cache
qemu_dsc() {
    for qd in "$cache"/qemu/*.dsc; do
        [ -f "$qd" ] && echo "$qd"
    done | sort -V | tail -n 1
}

# qemu_download: fetch the source package, checked against Debian's signature
qemu_download() {
    ad=
    need_space "$cache" 400 "QEMU's source package"
    apt_dir qemu-trixie "$(dpkg --print-architecture)" trixie deb-src
    say "asking for QEMU's source in Debian trixie"
    if ! apt_refresh; then
        explain_log "$ad/update.log"
        tail -n 5 "$ad/update.log" >&2
        die "the list of Debian's source packages could not be fetched"
    fi
    say "downloading QEMU's source"
    qdl=$cache/qemu.partial
    mkdir -p "$qdl" || die "$qdl cannot be created"
    run_logged "$cache/qemu-download.log" "downloading QEMU's source" \
        in_dir "$qdl" apt_private apt-get source --download-only qemu
    mkdir -p "$cache/qemu"
    # The .dsc names the others, so it moves last: it is there, all are there.
    for qdl_file in "$qdl"/*.tar.* "$qdl"/*.dsc; do
        mv "$qdl_file" "$cache/qemu/" || die "$cache/qemu cannot be written"
    done
    rm -rf "$qdl"
}

# in_dir DIR COMMAND...: run a command in a folder
in_dir() (
    cd "$1" || exit 1
    shift
    "$@"
)

# qemu_unpack: have the source with Debian's patches in $build/qemu-src
qemu_unpack() {
    qu_dsc=$(qemu_dsc)
    if [ -z "$qu_dsc" ] || [ -n "${update:-}" ]; then
        lock qemu
        if [ -z "$(qemu_dsc)" ] || [ -n "${update:-}" ]; then
            qemu_download
        fi
        unlock
        qu_dsc=$(qemu_dsc)
    fi
    qu_key=${qu_dsc##*/}
    [ "$(cat "$build/qemu-src/.fdt-machine.dsc" 2>/dev/null)" = "$qu_key" ] && return 0
    need_space "$build" 3000 "the build of QEMU"
    say "unpacking $qu_key"
    rm -rf "$build/qemu-src.partial" "$build/qemu-src" "$build/qemu"
    run_logged "$log_dir/unpack.log" "unpacking QEMU's source" \
        dpkg-source --no-check --no-copy -x "$qu_dsc" "$build/qemu-src.partial"
    echo "$qu_key" >"$build/qemu-src.partial/.fdt-machine.dsc"
    mv "$build/qemu-src.partial" "$build/qemu-src" || die "$build cannot be written"
}

# --- the patches ------------------------------------------------------------

# series: the names of the patches, in order
series() {
    sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$top/patches/series" 2>/dev/null
}

# patched_files: every file that the series changes, adds or removes
patched_files() {
    series | while read -r pf; do
        sed -n 's,^--- a/\([^	]*\).*,\1,p; s,^+++ b/\([^	]*\).*,\1,p' \
            "$top/patches/$pf"
    done | sort -u
}

# copy_files FROM TO LIST: copy those of the listed files that are there
copy_files() {
    while read -r cf; do
        [ -f "$1/$cf" ] || continue
        mkdir -p "$(dirname "$2/$cf")" && cp -p "$1/$cf" "$2/$cf" || return 1
    done <"$3"
}

# apply_series DIR [-R]: apply every patch, without fuzz; or take all back
apply_series() {
    if [ "${2:-}" = -R ]; then
        as_list=$(series | sed '1!G; h; $!d')
    else
        as_list=$(series)
    fi
    for as in $as_list; do
        echo "# $as"
        patch -d "$1" -p1 --fuzz=0 --force --no-backup-if-mismatch -r - \
            ${2:+"$2"} <"$top/patches/$as" || return 1
    done
}

# qemu_patch DIR: bring the patches of a source tree up to date.
#
# The patches are applied to a copy of the files that they touch, and only when
# all fit, the results are put in place: a series that does not fit leaves the
# tree as it was, and files whose content stays keep their times, so that little
# is built again. DIR/.fdt-machine/ holds the files as they were (orig/), their
# list (files), the sums of the results (sums), and, once all are in place, the
# sum of the series (key): no key means that a run was interrupted.
qemu_patch() {
    qp=$1/.fdt-machine
    for qp_patch in $(series); do
        [ -f "$top/patches/$qp_patch" ] ||
            die "patches/series names $qp_patch, which is not there"
    done
    qp_key=$({ series; series | sed "s,^,$top/patches/," | xargs -r cat; } | checksum)
    [ -d "$qp" ] || { [ -d "$qp.old" ] && mv "$qp.old" "$qp"; }
    rm -rf "$qp.old" "$qp.new"
    [ "$(cat "$qp/key" 2>/dev/null)" = "$qp_key" ] && return 0
    say "applying $(series | wc -l) patches"
    if [ -f "$qp/key" ] && [ -s "$qp/sums" ] && ! (cd "$1" && sha256sum --quiet -c "$qp/sums") \
            >"$log_dir/patch.log" 2>&1; then
        cat "$log_dir/patch.log" >&2
        die "$1: these files were changed by hand after they were patched:" \
            "move the changes into patches/, or remove the folder"
    fi

    mkdir -p "$qp.new/orig" || die "$1 cannot be written"
    { patched_files; cat "$qp/files" 2>/dev/null; } | sort -u >"$qp.new/files"
    # As they were before: kept from last time, or, if new to the list, as now.
    sort -u "$qp/files" 2>/dev/null >"$qp.new/known" || :
    comm -23 "$qp.new/files" "$qp.new/known" >"$qp.new/fresh"
    { copy_files "$qp/orig" "$qp.new/orig" "$qp.new/known" &&
        copy_files "$1" "$qp.new/orig" "$qp.new/fresh" &&
        cp -Rp "$qp.new/orig" "$qp.new/tree"; } || die "$1: the disk is full?"
    if ! apply_series "$qp.new/tree" >"$log_dir/patch.log" 2>&1 </dev/null; then
        patched_already "$1" && return 0
        grep -E '^#|FAILED|No file|Reversed' "$log_dir/patch.log" | tail -n 6 >&2
        rm -rf "$qp.new"
        die "the patches do not fit $1, which was left as it was" \
            "(see $log_dir/patch.log)"
    fi
    (cd "$qp.new/tree" && find . -type f | sort | xargs -r sha256sum) >"$qp.new/sums"
    rm -f "$qp.new/known" "$qp.new/fresh"

    [ ! -d "$qp" ] || mv "$qp" "$qp.old"
    mv "$qp.new" "$qp" && rm -rf "$qp.old"
    put_in_place "$1" || die "$1: the patched files could not be written"
    rm -rf "$qp/tree"
    echo "$qp_key" >"$qp/key"
}

# put_in_place DIR: make the listed files of the tree what they are in tree/
put_in_place() {
    while read -r pp; do
        if [ ! -f "$qp/tree/$pp" ]; then
            rm -f "$1/$pp"
        elif ! cmp -s "$qp/tree/$pp" "$1/$pp"; then
            mkdir -p "$(dirname "$1/$pp")"
            cp "$qp/tree/$pp" "$1/$pp.fdt-machine" || return 1
            # the new time is wanted: ninja shall see a change
            mv "$1/$pp.fdt-machine" "$1/$pp" || return 1
        fi
    done <"$qp/files"
}

# patched_already DIR: whether someone has applied the series by other means
# (git am); such a tree is used as it is, and nothing is noted in it.
patched_already() {
    [ ! -d "$qp" ] || return 1
    rm -rf "$qp.new/tree"
    cp -Rp "$qp.new/orig" "$qp.new/tree"
    if apply_series "$qp.new/tree" -R >"$log_dir/unpatch.log" 2>&1 </dev/null; then
        rm -rf "$qp.new"
        say "the patches are in $1 already"
        return 0
    fi
    return 1
}

# --- our folders ------------------------------------------------------------

# qemu_link DIR: have our folders in a source tree
qemu_link() {
    link_into "$top/hw/fdt-machine" "$1/hw/fdt-machine"
    link_into "$top/qapi/fdt-machine.json" "$1/qapi/fdt-machine.json"
    link_into "$top/tests" "$1/tests/fdt-machine"
}

# link_into FROM TO: a symbolic link, unless something else is there
link_into() {
    [ "$(readlink "$2")" = "$1" ] && return 0
    [ -L "$2" ] || [ ! -e "$2" ] || die "$2 is in the way: it is not a link of ours"
    ln -sfn "$1" "$2" || die "$2 cannot be linked"
}
