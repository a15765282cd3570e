# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions that install Debian on a disk, for scripts/image. To be sourced after lib.sh,
# guest.sh, devices.sh and tree.sh. What they leave behind in $cache:
#
#   image-ARCH-SUITE-SUM/root.img  the file system as it was installed; SUM is that of
#                                  the packages, and of how they are installed
#   ssh-key, ssh-key.pub           a key for these disks, without a password

: "${top:?is set by the script that sources this}" "${cache:?is set by lib.sh}"
: "${arch:=}" "${suite:=}" "${include:=}" "${offline:=}" "${key:=}" "${size:=}" "${format:=}"
: "${out:=}" "${log_dir:?is set by lib.sh}" "${keyring:?is set by lib.sh}"

# Debian's stable release has all architectures of the guests; its systemd runs on the
# kernels of the release before, too.
# shellcheck disable=SC2034 # for scripts/image
image_suite=trixie
image_packages="apt systemd-sysv systemd-resolved libpam-systemd dbus udev kmod
openssh-server iproute2 iputils-ping netbase"
# What dpkg leaves out: it is half of the files, and nobody reads it here
image_excluded="/usr/share/doc/* /usr/share/man/* /usr/share/locale/* /usr/share/info/*
/usr/share/lintian/* /usr/share/bug/*"
# The label by which our initrd finds the file system, on whatever disk it is
image_label=fdt-machine
# The packages of this machine that make disks
image_tools="mmdebstrap fakeroot e2fsprogs qemu-utils openssh-client debian-archive-keyring
python3 device-tree-compiler cpp"

# image_board ARCH: the board of ours that runs the installation
image_board() {
    case $1 in
    arm64) echo a57x4-gicv3-pcie ;;
    armhf) echo a15 ;;
    riscv64) echo riscv-virt ;;
    esac
}

# mebibytes SIZE: a size with M or G as a number of MiB
mebibytes() {
    case $1 in
    *G) echo $((${1%G} * 1024)) ;;
    *) echo "${1%M}" ;;
    esac
}

# image_base: have the installed file system of $arch, $suite and $include; sets $base
image_base() {
    ib_sum=$({ echo "$image_label" "$image_packages" "$include" "$image_excluded"
        cat "$top/scripts/bootlib/second-stage"; } | checksum)
    ib_dir=$cache/image-$arch-$suite-$ib_sum
    base=$ib_dir/root.img
    # shellcheck disable=SC2086 # a list of words
    need_packages $image_tools
    PATH=$PATH:/usr/sbin:/sbin
    [ ! -f "$base" ] || return 0
    [ -z "$offline" ] || die "no Debian $suite of $arch is installed in the cache: run this" \
        "without --offline"
    "$top/scripts/build" "$(arch_qemu "$arch")" || exit 1
    [ "$arch" != riscv64 ] || need_packages opensbi
    guest_disk "$arch"
    lock "image-$arch"
    [ -f "$base" ] || image_install
    unlock
}

# image_install: make $base; what is not done lies in a folder that goes with this script
image_install() {
    need_space "$cache" 4000 "an installation of Debian"
    ii=$ib_dir.partial ii_pid=''
    rm -rf "$ii"
    need_folder "$ii"
    trap image_stop EXIT
    image_fetch
    { truncate -s 3G "$ii/root.img" &&
        mke2fs -q -t ext4 -L "$image_label" -m 0 "$ii/root.img"; } ||
        die "$ii/root.img could not be made"
    image_configure
    { e2fsck -pf "$ii/root.img" && resize2fs -M "$ii/root.img"; } >"$log_dir/resize-$arch.log" 2>&1 ||
        die "$ii/root.img could not be made small (see $log_dir/resize-$arch.log)"
    rm -rf "$ii/packages.tar" "$ib_dir"
    mv "$ii" "$ib_dir" || die "$ib_dir cannot be written"
    trap - EXIT
}

# image_stop: end what runs for the installation, and remove what it has left
image_stop() {
    if [ -n "$ii_pid" ]; then
        kill -- "-$ii_pid" 2>/dev/null
        wait "$ii_pid"
        # Some of the group still write as they end
        while kill -0 -- "-$ii_pid" 2>/dev/null; do
            sleep 0.2
        done
    fi
    rm -rf "$ii"
}

# attended LOG WHAT COMMAND...: run a command in a group of its own, which image_stop can
# end, and say how far it is; when it fails, show the end of the log and stop
attended() {
    at_log=$log_dir/$1-$arch.log at_what=$2
    shift 2
    setsid "$@" >"$at_log" 2>&1 </dev/null &
    ii_pid=$!
    image_progress
    wait "$ii_pid"
    at_status=$? ii_pid=''
    [ "$at_status" = 0 ] && return
    tail -n 15 "$at_log" >&2
    explain_log "$at_log"
    die "$at_what failed (see $at_log)"
}

# image_progress: while $ii_pid runs, say every 20 seconds what came last of its steps
image_progress() {
    ip_seconds=0
    while kill -0 "$ii_pid" 2>/dev/null; do
        sleep 1
        ip_seconds=$((ip_seconds + 1))
        [ $((ip_seconds % 20)) = 0 ] || continue
        ip_done=$(sed -n "$image_steps" "$at_log")
        say "${image_total:+$(printf '%s' "$ip_done" | grep -c .) of $image_total: }$(printf '%s' "$ip_done" | tail -n 1)"
    done
}

# image_fetch: the packages, unpacked and as they are, in one archive. No program of the
# target is run for that, so anyone may do it; fakeroot keeps owners and devices.
image_fetch() {
    if_mirror=$(mirrors | head -n 1)
    [ -n "$if_mirror" ] ||
        die "no mirror of Debian's archive in this machine's apt configuration"
    # shellcheck disable=SC2086 # lists of words
    if_include=$(printf '%s,' $image_packages $include)
    say "fetching and unpacking Debian $suite for $arch"
    # shellcheck disable=SC2086 # a list of words
    if_excluded=$(set -f; printf -- '--dpkgopt=path-exclude=%s ' $image_excluded)
    image_steps='s/^I: //p' image_total=''
    set -f
    # shellcheck disable=SC2086 # a list of words
    attended mmdebstrap "mmdebstrap" env TMPDIR="$ii" fakeroot \
        mmdebstrap --mode=chrootless --variant=extract --architectures="$arch" \
        --components=main --keyring="$keyring" --skip=cleanup/apt/cache \
        --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --include='?essential' --include="${if_include%,}" \
        $if_excluded --format=tar "$suite" "$ii/packages.tar" "$if_mirror"
    set +f
    image_total=$(tar -tf "$ii/packages.tar" |
        grep -c '^\./var/cache/apt/archives/.*\.deb$')
    [ "$image_total" -gt 0 ] || die "mmdebstrap has left no packages (see $at_log)"
}

# image_configure: have a machine of the architecture install what is in the archive
image_configure() {
    say "installing $image_total packages on a machine of $arch"
    image_steps='/^\(Unpacking\|Setting up\) /s/ (.*//p'
    # Each is unpacked, and then set up
    image_total=$((image_total * 2))
    attended install "the installation" \
        "$top/scripts/boot" --offline "$top/dts/$(image_board "$arch").dts" \
        --keys virtio=2 --timeout 7200 --run "$(cat "$top/scripts/bootlib/second-stage")" \
        -smp 2 -m 512M \
        -drive "if=none,id=root,format=raw,cache=unsafe,file=$(commas "$ii/root.img")" \
        -device virtio-blk-device,drive=root,serial=root \
        -drive "if=none,id=packages,format=raw,readonly=on,file=$(commas "$ii/packages.tar")" \
        -device virtio-blk-device,drive=packages,serial=packages
}

# commas FILE: a file name as a value of QEMU's options, where a comma ends it
commas() {
    printf '%s' "$1" | sed 's/,/,,/g'
}

# image_key: set $key to the public key that may log in
image_key() {
    [ -z "$key" ] || return 0
    key=$cache/ssh-key.pub
    [ -f "$key" ] && return
    lock ssh-key
    [ -f "$key" ] || ssh-keygen -q -t ed25519 -N '' -C fdt-machine -f "$cache/ssh-key" ||
        die "$cache/ssh-key could not be made"
    unlock
}

# image_write: make $out of $base, with the key
image_write() {
    image_key
    iw=$out.partial.$$
    trap 'rm -rf "$iw" "$iw.log" "$iw.qcow2" "$iw.files"' EXIT
    iw_least=$(($(stat -c %s "$base") / 1048576))
    [ "$iw_least" -lt "$(mebibytes "$size")" ] ||
        die "--size $size: Debian alone takes $iw_least MiB"
    cp --sparse=always "$base" "$iw" && truncate -s "$size" "$iw" &&
        resize2fs "$iw" >"$iw.log" 2>&1 && image_settings "$iw" || return 1
    if [ "$format" = qcow2 ]; then
        qemu-img convert -O qcow2 "$iw" "$iw.qcow2" && mv "$iw.qcow2" "$iw" || return 1
    fi
    mv "$iw" "$out"
}

# image_settings FILE: write the settings and the key into the file system, as root's
image_settings() {
    is=$1.files
    mkdir -p "$is" && "$top/scripts/bootlib/settings" "$is" && mkdir -p "$is/root/.ssh" &&
        cp "$key" "$is/root/.ssh/authorized_keys" || return 1
    chmod -R u+rwX,go+rX,go-w "$is" && chmod -R go-rwx "$is/root" || return 1
    (cd "$is" && find . -mindepth 1 | LC_ALL=C sort | sed 's,^\./,,' | image_requests) \
        >"$1.requests" && debugfs -w -f "$1.requests" "$1" >"$1.log" 2>&1
    rm -f "$1.requests"
    debugfs -R 'cat root/.ssh/authorized_keys' "$1" 2>/dev/null | cmp -s - "$key"
}

# image_requests: what debugfs is asked to do, for files of the current folder whose names
# come on standard input; it makes folders once, and each other thing anew
image_requests() {
    while read -r ir; do
        if [ -L "$ir" ]; then
            printf 'rm "/%s"\nsymlink "/%s" "%s"\n' "$ir" "$ir" "$(readlink "$ir")"
        elif [ -d "$ir" ]; then
            printf 'mkdir "/%s"\n' "$ir"
            continue
        else
            printf 'rm "/%s"\nwrite "%s/%s" "/%s"\n' "$ir" "$PWD" "$ir" "$ir"
            printf 'set_inode_field "/%s" mode 0100%s\n' "$ir" "$(stat -c %a "$ir")"
        fi
        printf 'set_inode_field "/%s" uid 0\nset_inode_field "/%s" gid 0\n' "$ir" "$ir"
    done
    printf 'set_inode_field root/.ssh mode 040700\n'
}
