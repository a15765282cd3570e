#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# The first program of a guest that tries its devices: scripts/side-by-side. What it
# has found it says in lines that begin with "side-by-side:", the last one is
# "side-by-side: done". The kernel's command line tells what may be there: probe=
# with sd, disk, net and flash, each with a number, as probe=sd:1,net:2.

/bin/busybox mkdir -p /sbin /usr/bin /usr/sbin /dev /proc /sys /tmp /run /root /mnt
/bin/busybox --install -s
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
mount -t debugfs debugfs /sys/kernel/debug

# Who an AMBA device is, kernels ask only once there is a driver that may want it
modprobe -q armmmci
# Some network drivers give up if the bus of their PHY is not there yet
for i in /lib/modules/*/kernel/drivers/net/mdio/*; do
    i=${i##*/}
    modprobe -q "${i%.ko}"
done
coldplug

console=$(console)
exec <"/dev/$console" >"/dev/$console" 2>&1
dmesg -n 1

say() {
    echo "side-by-side: $*"
}

# where PATH: the device's name on its bus that the tree describes, as 1c0f000.mmc
where() {
    readlink -f "$1" | tr / '\n' | grep -E '^[0-9a-f]+\.|^ethernet|^soc|\.auto$' | tail -n 1
}

# expected WHAT: how many there may be
expected() {
    sed -n "s/.*probe=[^ ]*$1:\([0-9]*\).*/\1/p" /proc/cmdline
}

cards() {
    ls -d /sys/block/mmcblk? 2>/dev/null
}

disks() {
    ls -d /sys/block/[sv]d? 2>/dev/null
}

# Partitions have no device of their own
flashes() {
    ls -d /sys/class/mtd/mtd? 2>/dev/null
}

nets() {
    ls -d /sys/class/net/*/device 2>/dev/null
}

# are_there WHAT LIST: whether a list is as long as it may be
are_there() {
    at=$(expected "$1")
    [ "$(echo "$2" | wc -w)" -ge "${at:-0}" ]
}

# try_block WHAT NAME: mount it, read the marker that is there, write an answer
try_block() {
    tb_dir=/sys/block/$2
    if ! mount -t ext4 "/dev/$2" /mnt; then
        say "$1 failed: $2 cannot be mounted"
        return
    fi
    tb_marker=$(cat /mnt/marker)
    echo "answer" >/mnt/answer && sync
    if umount /mnt && [ "$tb_marker" = side-by-side ]; then
        say "$1 works: $2 at $(where "$tb_dir")"
    else
        say "$1 failed: $2 has no marker, or cannot be written"
    fi
}

# try_flashes: look for the marker at the begin of one of them
try_flashes() {
    for tf in $(flashes); do
        if [ "$(head -c 12 "/dev/${tf##*/}")" = side-by-side ]; then
            say "flash works: $(where "$tf/device")"
            return
        fi
    done
    say "flash failed: no marker in any of $(flashes | wc -l)"
}

# try_net INTERFACE: fetch a file from the network's server
try_net() {
    tn_at=$(where "/sys/class/net/$1/device")
    ifconfig "$1" 10.0.2.15 netmask 255.255.255.0 up || {
        say "net failed: $1 at $tn_at cannot be brought up"
        return
    }
    for _ in $(seq 12); do
        [ "$(cat "/sys/class/net/$1/carrier" 2>/dev/null)" = 1 ] && break
        sleep 0.5
    done
    cd /tmp || return
    rm -f marker
    for _ in 1 2; do
        timeout 6 tftp -g -r marker 10.0.2.2 2>/dev/null && break
    done
    if [ "$(cat marker 2>/dev/null)" = side-by-side ]; then
        say "net works: $1 at $tn_at"
    else
        say "net failed: $1 at $tn_at: no answer, carrier" \
            "$(cat "/sys/class/net/$1/carrier" 2>/dev/null || echo none)"
    fi
    ifconfig "$1" 0.0.0.0 down
}

say "userspace: $(uname -m), $(nproc) CPUs"
modprobe -q -a ext4 spi-nor
# Disks, cards and USB devices appear a while after their controllers
for i in $(seq 20); do
    are_there sd "$(cards)" && are_there disk "$(disks)" && are_there net "$(nets)" &&
        are_there flash "$(flashes)" && break
    sleep 0.5
    [ $((i % 6)) != 0 ] || coldplug
done
for i in $(cards); do
    try_block sd "${i##*/}"
done
for i in $(disks); do
    try_block disk "${i##*/}"
done
[ "$(expected flash)" = 0 ] || try_flashes
for i in $(nets); do
    i=${i%/device}
    try_net "${i##*/}"
done
while read -r i; do
    [ -z "$i" ] || say "deferred: $i"
done <<EOF
$(tr '\t' ' ' </sys/kernel/debug/devices_deferred | grep .)
EOF
say "done"
poweroff -f
