# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions that get a guest: Debian's stock kernel, its device trees, and an
# initrd of busybox and the modules that a console may need. To be sourced after
# lib.sh. A guest is ARCH, Debian's word for an architecture, or ARCH-SUITE for the
# kernel of one of Debian's releases, as arm64-trixie; it lives in $cache/guest-GUEST/:
#
#   Image or zImage   the kernel, under the name that its kind has
#   initrd.gz         the initrd
#   disk.gz           the same, with drivers for all disks and networks (devices.sh)
#   dtbs/             the trees of the kernel package, as they are there
#   version           the kernel's package and the suite that it came from

: "${top:?is set by the script that sources this}" "${cache:?is set by lib.sh}"
guest_archs="arm64 armhf riscv64"

# guest_dir GUEST: where a guest is
guest_dir() {
    echo "$cache/guest-$1"
}

# guest_arch GUEST: its architecture
guest_arch() {
    echo "${1%%-*}"
}

# guest_suites GUEST: the suites that its kernel may come from, the first one first
guest_suites() {
    case $1 in
    *-*) echo "${1#*-}" ;;
    riscv64) echo "trixie forky sid" ;;
    *) echo "bookworm trixie" ;;
    esac
}

# guest_meta GUEST: the package that depends on the newest kernel
guest_meta() {
    case $(guest_arch "$1") in
    arm64) echo linux-image-arm64 ;;
    armhf) echo linux-image-armmp ;;
    riscv64) echo linux-image-riscv64 ;;
    *) die "$1: no Debian kernel is known for this architecture (known: $guest_archs)" ;;
    esac
}

# guest_kernel GUEST: the kernel's file
guest_kernel() {
    case $(guest_arch "$1") in
    armhf) echo "$(guest_dir "$1")/zImage" ;;
    *) echo "$(guest_dir "$1")/Image" ;;
    esac
}

# Console drivers that Debian builds as modules sit in the first folder; the
# others hold what those may depend on, and the disks and networks of boards.
guest_module_dirs="drivers/tty/serial drivers/clk drivers/pinctrl drivers/virtio
drivers/block/virtio_blk drivers/net/virtio_net drivers/nvme drivers/mmc
drivers/net/ethernet/smsc drivers/net/ethernet/cadence drivers/rtc drivers/gpio
drivers/input/keyboard/gpio_keys fs/ext4 crypto/crc32c_generic fs/9p net/9p
net/vmw_vsock/vmw_vsock_virtio"

# guest_init: the initrd's first program
guest_init() {
    cat <<'END'
#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
/bin/busybox mkdir -p /sbin /usr/bin /usr/sbin /dev /proc /sys /tmp /run /root /mnt
/bin/busybox --install -s
export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null

# Load the drivers for what is there: first the consoles' alone, and
# everything else only when that gave no console.
has_console() {
    [ -n "$(consoles)" ]
}
modaliases() {
    find /sys/devices -name modalias | xargs cat | sort -u
}
if ! has_console; then
    for m in $(modaliases | tr ' ' '_'); do
        for name in $(modprobe -D "$m" 2>/dev/null |
                sed -n 's,^insmod .*/drivers/tty/serial/.*/*\([^/]*\)\.ko.*,\1,p'); do
            modprobe "$name"
        done
    done 2>/dev/null
fi
has_console || coldplug 2>/dev/null

mkdir -p /dev/pts
mount -t devpts devpts /dev/pts

# The shell needs the device itself, for /dev/console cannot be a controlling
# terminal.
console=$(console)
exec <"/dev/$console" >"/dev/$console" 2>&1

# Nothing shall break into the lines that follow.
dmesg -n 1
model=$(tr -d '\000' </proc/device-tree/model)
line="fdt-machine: userspace: $(uname -m), $(nproc) CPUs, $model"
echo "$line"
# The kernel's log has it as well, where there is no console.
echo "$line" >/dev/kmsg

root='' rootfstype=ext4 mode=ro init=/sbin/init
for word in $(cat /proc/cmdline); do
    case $word in
    fdt-machine.poweroff) poweroff -f ;;
    root=*) root=${word#root=} ;;
    rootfstype=*) rootfstype=${word#rootfstype=} ;;
    init=*) init=${word#init=} ;;
    ro | rw) mode=$word ;;
    esac
done

# root=DEVICE, as without an initrd, or LABEL=, UUID=, or first, the first disk or partition
# with a program for init: on with the root file system that is there. Its disk may appear
# a while after its driver.
is_root() {
    mount -t "$rootfstype" -o "$mode" "$1" /mnt 2>/dev/null || return 1
    # A link leads from the root of its file system, which is elsewhere now
    [ -x "/mnt$init" ] || [ -L "/mnt$init" ] && return
    umount /mnt
    return 1
}
find_root() {
    case $root in
    first)
        for name in $(sed -n 's/.* \([a-z][a-z0-9]*\)$/\1/p' /proc/partitions); do
            is_root "/dev/$name" && return
        done
        return 1
        ;;
    LABEL=* | UUID=*) device=$(findfs "$root" 2>/dev/null) && is_root "$device" ;;
    *) [ -b "$root" ] && is_root "$root" ;;
    esac
}
# A root file system without the modules of this kernel gets those of the initrd
lend_modules() {
    lent=lib/modules/$(uname -r)
    [ -d /mnt/lib/modules ] && [ -d "/$lent" ] && [ ! -d "/mnt/$lent" ] &&
        mkdir "/mnt/$lent" 2>/dev/null || return
    mount -t tmpfs -o mode=755 modules "/mnt/$lent"
    cp -a "/$lent/." "/mnt/$lent"
}

if [ -n "$root" ]; then
    coldplug 2>/dev/null
    modprobe -q "$rootfstype"
    for i in $(seq 60); do
        if find_root; then
            lend_modules
            for dir in dev proc sys; do
                mount --move /$dir /mnt/$dir
            done
            exec switch_root /mnt "$init"
        fi
        sleep 0.5
    done
    echo "fdt-machine: $root is no root file system; block devices:"
    cat /proc/partitions
fi

cd /root
# Commands that the host has put beside this program, or that come by the console: what
# they print stands between two lines for the host, and then the machine is done.
unattended() {
    echo "fdt-machine: run"
    "$@"
    echo "
fdt-machine: status $?"
    poweroff -f
}
if [ -f /fdt-machine.run ]; then
    coldplug 2>/dev/null
    unattended sh /fdt-machine.run </dev/null
elif grep -qw fdt-machine.input /proc/cmdline; then
    coldplug 2>/dev/null
    stty -echo
    # A shell whose script is the terminal neither prompts nor edits lines.
    unattended sh "/dev/$console"
fi
while :; do
    setsid -c sh -l <"/dev/$console" >"/dev/$console" 2>&1
    sleep 1
done
END
}

# Commands of the initrd, each of which prints its text

# guest_consoles: all consoles, one a line, the last one being that for which
# /dev/console stands
guest_consoles() {
    cat <<'END'
#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A virtual terminal (tty0) is no console that anyone sees here.
tr ' ' '\n' </sys/class/tty/console/active | grep -v '^tty[0-9]'
END
}

# guest_console: the last console or, without any, a port that may be there
guest_console() {
    cat <<'END'
#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
console=$(consoles | tail -n 1)
if [ -z "$console" ]; then
    for console in ttyAMA0 ttyS0 ttyPS0 console; do
        (exec <"/dev/$console") 2>/dev/null && break
        console=null
    done
fi
echo "$console"
END
}

# guest_coldplug: load every module in the initrd that a device of this machine
# asks for, and again for the devices that these bring; all in one go, for
# modprobe reads long tables each time
guest_coldplug() {
    cat <<'END'
#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
set -f
before=
while after=$(find /sys/devices -name modalias -print0 | xargs -0 cat | sort -u) &&
        [ "$after" != "$before" ]; do
    # A list of words, none of which has a space
    modprobe -q -a $(echo "$after" | tr ' ' '_')
    before=$after
done 2>/dev/null
END
}

# guest_modules FROM TO VERSION FOLDERS: copy the modules that the initrd needs, with
# what they depend on, uncompressed; FROM and TO hold a folder VERSION.
guest_modules() {
    gm_from=$1/$3 gm_to=$2/$3
    mkdir -p "$gm_to"
    # modules.dep: "a.ko: b.ko c.ko", every dependency already spelled out
    for gm in $4; do
        grep "^kernel/$gm" "$gm_from/modules.dep"
    done | tr -d ':' | tr ' ' '\n' | sort -u | while read -r gm; do
        [ -f "$gm_from/$gm" ] || continue
        mkdir -p "$gm_to/${gm%/*}"
        case $gm in
        *.xz) xz -dc "$gm_from/$gm" >"$gm_to/${gm%.xz}" ;;
        *.zst) zstd -qdc "$gm_from/$gm" >"$gm_to/${gm%.zst}" ;;
        *.gz) gzip -dc "$gm_from/$gm" >"$gm_to/${gm%.gz}" ;;
        *) cp "$gm_from/$gm" "$gm_to/$gm" ;;
        esac
    done
    cp "$gm_from/modules.order" "$gm_from"/modules.builtin* "$gm_to/"
    depmod -b "${2%/lib/modules}" "$3"
}

# guest_initrd OUT INIT FOLDERS: an initrd, from the packages that guest_extract has
# unpacked, with the first program that the command INIT prints, and the modules of
# FOLDERS
guest_initrd() {
    gi=$gu.initrd
    rm -rf "$gi"
    mkdir -p "$gi/bin" "$gi/lib/modules" "$gi/proc" "$gi/sys" "$gi/dev" "$gi/tmp"
    for gi_bb in "$gu/bin/busybox" "$gu/usr/bin/busybox"; do
        [ -f "$gi_bb" ] && cp "$gi_bb" "$gi/bin/busybox"
    done
    [ -f "$gi/bin/busybox" ] || return 1
    "$2" >"$gi/init"
    for gi_command in consoles console coldplug; do
        "guest_$gi_command" >"$gi/bin/$gi_command"
    done
    chmod 755 "$gi/init" "$gi/bin"/*
    ln -s busybox "$gi/bin/sh"
    guest_modules "$gu_mod" "$gi/lib/modules" "$gu_ver" "$3" || return 1
    # Names sorted, owners and times fixed: the same input, the same initrd.
    find "$gi" -exec touch -h -d @0 {} +
    (cd "$gi" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --reproducible --quiet) |
        gzip -n >"$1.partial" && mv "$1.partial" "$1"
}

# guest_fetch GUEST: make sure that the guest is in the cache
guest_fetch() {
    gf_guest=$1 gf_arch=$(guest_arch "$1") ad=
    gf_dir=$(guest_dir "$1")
    gf_meta=$(guest_meta "$1") || exit 1
    gf_key=$(checksum <"$top/scripts/guest.sh")
    [ "$(cat "$gf_dir/stamp" 2>/dev/null)" = "$gf_key" ] && return 0
    need_packages apt dpkg xz-utils zstd cpio kmod gzip debian-archive-keyring
    lock guest
    [ "$(cat "$gf_dir/stamp" 2>/dev/null)" = "$gf_key" ] && { unlock; return 0; }
    need_space "$cache" 1500 "a guest of $gf_guest"
    if [ ! -f "$gf_dir/packages" ]; then
        guest_download || {
            explain_log "$ad/update.log"
            tail -n 5 "$ad/update.log" >&2
            die "no kernel for $gf_guest could be fetched (see $ad/update.log)"
        }
    fi
    say "making the initrd of $gf_guest"
    guest_unpack || die "the packages of $gf_guest could not be unpacked in $gf_dir"
    echo "$gf_key" >"$gf_dir/stamp"
    unlock
}

# guest_parts IMAGE: the packages that hold the kernel, its modules and its trees,
# where those are not in the package of the image itself
guest_parts() {
    apt_private apt-cache show "$1" 2>/dev/null | sed -n '/^Depends:/{p;q}' |
        grep -o "linux-[a-z]*-${1#linux-image-}"
}

# guest_download: the packages of $gf_guest, from the first suite that has them
guest_download() {
    for gf_suite in $(guest_suites "$gf_guest"); do
        apt_dir "$gf_arch-$gf_suite" "$gf_arch" "$gf_suite"
        say "asking for $gf_meta of $gf_suite"
        apt_lists || continue
        gf_image=$(apt_private apt-cache show "$gf_meta" 2>/dev/null |
            sed -n 's/^Depends:.* \(linux-image-[^ ,]*\).*/\1/p' | head -n 1)
        [ -n "$gf_image" ] || continue
        rm -rf "$gf_dir.deb"
        say "downloading $gf_image and busybox-static of $gf_arch"
        for gf_deb in "$gf_image" $(guest_parts "$gf_image") busybox-static; do
            fetch_deb "$gf_deb" "$gf_dir.deb" >/dev/null || continue 2
        done
        mkdir -p "$gf_dir"
        mv "$gf_dir.deb"/*.deb "$gf_dir/" || return 1
        rmdir "$gf_dir.deb"
        echo "$gf_image $gf_suite" >"$gf_dir/packages"
        return 0
    done
    return 1
}

# guest_extract FOLDER: unpack the packages of the guest in FOLDER to $gu, a folder in
# it; sets $gf_image, $gf_suite, $gu_ver and $gu_mod, where the modules are
guest_extract() {
    read -r gf_image gf_suite <"$1/packages" || return 1
    gu=$1/unpack.partial
    rm -rf "$gu"
    mkdir -p "$gu" || return 1
    for gu_deb in "$1"/linux-*-"${gf_image#linux-image-}"_*.deb "$1"/busybox-static_*.deb; do
        dpkg-deb -x "$gu_deb" "$gu" || return 1
    done
    gu_ver=${gf_image#linux-image-}
    gu_mod=$gu/lib/modules
    [ -d "$gu_mod" ] || gu_mod=$gu/usr/lib/modules
    [ -f "$gu_mod/$gu_ver/modules.dep" ] || guest_depmod "$gu" "$gu_mod"
}

# number FILE OFFSET: the little-endian 32-bit number at an offset of a file
number() {
    od -A n -t u4 --endian=little -j "$2" -N 4 "$1" | tr -d ' '
}

# guest_flat FROM TO: move a kernel, and take it out of the EFI program that decompresses
# itself, if it is one: Linux' zboot (drivers/firmware/efi/libstub/zboot-header.S) has
# "zimg" at offset 4, offset and size of the payload at 8, and at 24 how it is compressed.
guest_flat() {
    if [ "$(dd if="$1" bs=1 skip=4 count=4 2>/dev/null | tr -d '\000')" != zimg ]; then
        mv "$1" "$2"
        return
    fi
    gfl_how=$(dd if="$1" bs=1 skip=24 count=8 2>/dev/null | tr -d '\000')
    case $gfl_how in
    gzip | xz | zstd | lz4 | lzma) need_packages "$(guest_decompressor "$gfl_how")" ;;
    *) return 1 ;;
    esac
    # zstd and lz4 complain of the size that the linker puts after the payload
    tail -c +"$(($(number "$1" 8) + 1))" "$1" | head -c "$(number "$1" 12)" |
        "$gfl_how" -dc >"$2.partial" 2>/dev/null
    [ -s "$2.partial" ] && mv "$2.partial" "$2"
}

# guest_decompressor HOW: the package that has the program of that name
guest_decompressor() {
    case $1 in
    xz | lzma) echo xz-utils ;;
    *) echo "$1" ;;
    esac
}

# guest_unpack: make the files of $gf_dir out of its packages
guest_unpack() {
    guest_extract "$gf_dir" || return 1
    guest_initrd "$gf_dir/initrd.gz" guest_init "$guest_module_dirs" || return 1
    rm -rf "$gf_dir/dtbs"
    # Beside the modules, where the package has parts
    gu_parts=$gu_mod/$gu_ver
    for gu_file in "$gu_parts/dtb" "$gu/usr/lib/$gf_image"; do
        [ ! -d "$gu_file" ] || { mv "$gu_file" "$gf_dir/dtbs" && break; } || return 1
    done
    # The second name is that of an image which is not compressed
    for gu_file in "$gu_parts/vmlinuz" "$gu/boot/vmlinux-$gu_ver" "$gu/boot/vmlinuz-$gu_ver"; do
        [ ! -f "$gu_file" ] ||
            { guest_flat "$gu_file" "$(guest_kernel "$gf_guest")" && break; } || return 1
    done
    [ -d "$gf_dir/dtbs" ] && [ -f "$(guest_kernel "$gf_guest")" ] || return 1
    echo "$gf_image $gf_suite" >"$gf_dir/version"
    rm -rf "$gu" "$gu.initrd"
}

# guest_depmod ROOT MODULES: the package leaves modules.dep to its installation
guest_depmod() {
    [ -d "$1/lib/modules" ] || { mkdir -p "$1/lib" && ln -s "$2" "$1/lib/modules"; }
    depmod -b "$1" "$gu_ver"
}

# guest_trees: the names of all trees in the guests that are in the cache
guest_trees() {
    for gt in $guest_archs; do
        gt_dir=$(guest_dir "$gt")/dtbs
        [ -d "$gt_dir" ] || continue
        (cd "$gt_dir" && find . -name '*.dtb' | sed 's,^\./,,; s,\.dtb$,,' | LC_ALL=C sort)
    done
}
