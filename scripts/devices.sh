# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions that make initrds with drivers of all disks and networks that boards have and
# QEMU has models of. To be sourced after guest.sh. They are, in $cache/guest-GUEST/:
#
#   devices.gz  that of scripts/side-by-side: the guest tries its card slots, networks and
#               disks, and says what works
#   disk.gz     that of scripts/boot with a disk or a network: the same first program as in
#               initrd.gz, which is smaller

: "${top:?is set by the script that sources this}" "${cache:?is set by lib.sh}"
: "${guest_module_dirs:?is set by guest.sh}"

# Drivers of what boards have that QEMU has models of, and what they may want
devices_module_dirs="drivers/tty/serial drivers/clk drivers/pinctrl drivers/gpio
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
drivers/virtio/virtio_pci drivers/block/virtio_blk
fs/ext4 crypto/crc32c_generic"

# devices_init: the initrd's first program
devices_init() {
    cat "$top/scripts/sweeplib/probe.sh"
}

# guest_variant GUEST NAME INIT FOLDERS PURPOSE [FILE...]: make sure that another initrd,
# NAME.gz, is in the cache; FILEs are what it is made of besides these scripts
guest_variant() {
    guest_fetch "$1"
    gv_dir=$(guest_dir "$1")
    gv_guest=$1 gv_name=$2 gv_init=$3 gv_folders=$4 gv_purpose=$5
    shift 5
    gv_key=$(cat "$top/scripts/guest.sh" "$top/scripts/devices.sh" "$@" | checksum)
    [ "$(cat "$gv_dir/$gv_name.stamp" 2>/dev/null)" = "$gv_key" ] && return 0
    lock guest
    say "making the initrd of $gv_guest $gv_purpose"
    { guest_extract "$gv_dir" &&
        guest_initrd "$gv_dir/$gv_name.gz" "$gv_init" "$gv_folders"; } ||
        die "the initrd $gv_dir/$gv_name.gz could not be made"
    echo "$gv_key" >"$gv_dir/$gv_name.stamp"
    rm -rf "${gu:?}" "$gu.initrd"
    unlock
}

# guest_devices GUEST: make sure that the initrd is in the cache
guest_devices() {
    need_packages python3-libfdt e2fsprogs
    guest_variant "$1" devices devices_init "$devices_module_dirs" "that tries devices" \
        "$top/scripts/sweeplib/probe.sh"
}

# guest_disk GUEST: make sure that the initrd of scripts/boot with a disk is in the cache
guest_disk() {
    guest_variant "$1" disk guest_init "$guest_module_dirs $devices_module_dirs" \
        "with the drivers of disks and networks"
}
