# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions that make the initrd of scripts/side-by-side: with it the guest tries
# its card slots, networks and disks, and says what works. To be sourced after
# guest.sh, some of whose functions this replaces. The initrd is $cache/guest-GUEST/devices.gz.

: "${top:?is set by the script that sources this}" "${cache:?is set by lib.sh}"

# Drivers of what boards have that QEMU has models of, and what they may want
# shellcheck disable=SC2034 # for guest_modules
guest_module_dirs="drivers/tty/serial drivers/clk drivers/pinctrl drivers/gpio
drivers/regulator drivers/reset drivers/phy drivers/soc drivers/bus drivers/firmware
drivers/mailbox drivers/mfd drivers/i2c drivers/dma drivers/memory drivers/nvmem
drivers/mmc drivers/ata drivers/scsi/sd_mod drivers/scsi/scsi_mod
drivers/usb/host drivers/usb/dwc2 drivers/usb/dwc3 drivers/usb/chipidea drivers/usb/phy
drivers/usb/misc drivers/usb/storage/usb-storage drivers/usb/core drivers/usb/common
drivers/net/phy drivers/net/mdio drivers/net/usb/usbnet drivers/net/usb/cdc
drivers/net/usb/rndis drivers/net/usb/smsc95xx drivers/net/ethernet/allwinner
drivers/net/ethernet/broadcom/genet drivers/net/ethernet/cadence
drivers/net/ethernet/calxeda drivers/net/ethernet/faraday
drivers/net/ethernet/freescale drivers/net/ethernet/smsc drivers/net/ethernet/stmicro
drivers/pwm drivers/extcon drivers/spi drivers/mtd drivers/power/reset
fs/ext4 crypto/crc32c_generic"

# guest_init: the initrd's first program
guest_init() {
    cat "$top/scripts/sweeplib/probe.sh"
}

# guest_devices GUEST: make sure that the initrd is in the cache
guest_devices() {
    need_packages python3-libfdt e2fsprogs
    guest_fetch "$1"
    gd_dir=$(guest_dir "$1") gd_new=$(guest_dir "$1")/devices.partial
    gd_key=$(cat "$top/scripts/guest.sh" "$top/scripts/devices.sh" \
        "$top/scripts/sweeplib/probe.sh" | checksum)
    [ "$(cat "$gd_dir/devices.stamp" 2>/dev/null)" = "$gd_key" ] && return 0
    lock guest
    say "making the initrd of $1 that tries devices"
    read -r gf_image _ <"$gd_dir/packages" || die "$gd_dir/packages: cannot be read"
    rm -rf "$gd_new"
    mkdir -p "$gd_new" || exit 1
    for gd_deb in "$gd_dir/$gf_image"_*.deb "$gd_dir"/busybox-static_*.deb; do
        dpkg-deb -x "$gd_deb" "$gd_new" || die "$gd_deb could not be unpacked"
    done
    gu_ver=${gf_image#linux-image-} gd_mod=$gd_new/lib/modules
    [ -d "$gd_mod" ] || gd_mod=$gd_new/usr/lib/modules
    [ -f "$gd_mod/$gu_ver/modules.dep" ] || guest_depmod "$gd_new" "$gd_mod" ||
        die "the modules of $1 could not be listed"
    guest_initrd "$gd_new" "$gd_mod" "$gu_ver" "$gd_dir/devices.gz" ||
        die "the initrd $gd_dir/devices.gz could not be made"
    echo "$gd_key" >"$gd_dir/devices.stamp"
    rm -rf "$gd_new" "$gd_new.initrd"
    unlock
}
