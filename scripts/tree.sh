# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions about device trees: find one by its name, compile it, and read from
# it what has to be known before QEMU is started. To be sourced after lib.sh and
# guest.sh. They need the packages in $tree_packages.

: "${top:?is set by the script that sources this}" "${guest_archs:?is set by guest.sh}"
: "${work:?is set by lib.sh}" "${cache:?}"
# shellcheck disable=SC2034 # for those who source this
tree_packages="device-tree-compiler cpp"

# tree_in_guests NAME [ARCH]: the tree of that name, as arm/juno or juno, in the
# kernel packages that are in the cache, or in that of one architecture
tree_in_guests() {
    for tg_arch in ${2:-$guest_archs}; do
        tg_dir=$(guest_dir "$tg_arch")/dtbs
        for tg in "$tg_dir/$1.dtb" "$tg_dir"/*/"$1.dtb"; do
            [ -f "$tg" ] && echo "$tg" && return
        done
    done
    return 1
}

# is_blob FILE: whether a file starts like a flattened tree, as a FIT image does, or
# like a table of them for Android's boot loader
is_blob() {
    case $(od -A n -t x1 -N 4 "$1" | tr -d ' ') in
    d00dfeed | d7b7ab1e) ;;
    *) return 1 ;;
    esac
}

# check_blob FILE: stop if a file is no flattened tree
check_blob() {
    [ -s "$1" ] || die "$1: the file is empty"
    is_blob "$1" && return
    if head -c 4096 "$1" | grep -qE '/dts-v1/|/ *\{'; then
        die "$1: this is the source of a device tree, not a blob: name it .dts," \
            "or compile it with dtc"
    fi
    die "$1: this is not a device tree blob (it does not begin with d00dfeed)"
}

# compile_tree SOURCE BLOB [FOLDER...]: compile the source of a tree or of an
# overlay the way that Linux does, first cpp, then dtc; #include finds files
# beside the source and in the folders
compile_tree() {
    ct_in=$1 ct_out=$2 ct_tmp=$2.$$
    shift 2
    [ -r "$ct_in" ] || die "$ct_in: cannot be read"
    need_folder "${ct_out%/*}"
    for ct_dir; do
        [ -d "$ct_dir" ] || die "--include $ct_dir: no such folder"
    done
    set -- "$(dirname "$ct_in")" "$@"
    for ct_dir; do
        shift
        set -- "$@" -I "$ct_dir"
    done
    {
        cpp -nostdinc -undef -D__DTS__ -x assembler-with-cpp "$@" "$ct_in" \
            "$ct_tmp.pre" &&
            dtc -q -@ -I dts -O dtb -o "$ct_tmp.partial" "$ct_tmp.pre" &&
            mv "$ct_tmp.partial" "$ct_out"
    } 2>"$ct_tmp.log" || {
        # dtc counts lines as cpp's marks tell, but names them after its input,
        # and what is wrong with the whole after its output
        sed "s,^\\(Error: \\)*$ct_tmp\\.[a-z]*,\\1$ct_in," "$ct_tmp.log" |
            head -n 15 >&2
        rm -f "$ct_tmp.partial" "$ct_tmp.pre"
        explain_log "$ct_tmp.log"
        die "$ct_in could not be compiled"
    }
    rm -f "$ct_tmp.pre" "$ct_tmp.log"
}

# blob_folder FOLDER: where the blobs of sources in a folder go: those of dts/ beside the
# build, those of a user's own trees into the user's cache
blob_folder() {
    if [ "$1" = "$top/dts" ]; then
        echo "$work/dtb"
    else
        echo "$cache/dtb/$(printf '%s' "$1" | checksum)"
    fi
}

# source_blob FILE [FOLDER...]: set $blob to the blob of a tree or an overlay, compiled
# if FILE is a source
source_blob() {
    blob=$1 sb_file=$1
    shift
    [ -r "$sb_file" ] || die "$sb_file: the file is not there, or cannot be read"
    case $sb_file in
    *.dts | *.dtso)
        blob=${sb_file##*/}
        blob=$(blob_folder "$(cd "$(dirname "$sb_file")" && pwd -P)")/${blob%.dts*}.dtb
        case $sb_file in *.dtso) blob=${blob%.dtb}.dtbo ;; esac
        (compile_tree "$sb_file" "$blob" "$@") || exit 1
        ;;
    esac
    check_blob "$blob"
}

# is_cpu BLOB NODE: whether a node of /cpus is a CPU: its device_type says so, or,
# where it has none, its name (Devicetree Specification 3.8), as in QEMU
is_cpu() {
    case $(fdtget "$1" "/cpus/$2" device_type 2>/dev/null || echo "${2%%@*}") in
    cpu) ;;
    *) return 1 ;;
    esac
}

# tree_cpus BLOB: the names of its CPUs' nodes, without those that are disabled
tree_cpus() {
    fdtget -l "$1" /cpus 2>/dev/null | while read -r tc; do
        is_cpu "$1" "$tc" || continue
        case $(fdtget -d okay "$1" "/cpus/$tc" status) in
        ok*) echo "$tc" ;;
        esac
    done
}

# tree_model BLOB: its model, as /proc/device-tree/model has it
tree_model() {
    fdtget "$1" / model 2>/dev/null
}

# cpu_arch COMPATIBLE...: Debian's word for the architecture of a CPU. It has to be
# known before QEMU is built, whose tables of CPUs know it as well: the test
# cpu-words-test compares. The names of 64-bit CPUs grow from year to year, those of
# 32-bit ones do not.
cpu_arch() {
    for ca; do
        case $ca in
        riscv | *,riscv*) echo riscv64 && return ;;
        esac
    done
    case ${1:-} in
    sifive,* | thead,c[0-9]*) echo riscv64 ;;
    arm,cortex-a[5789] | arm,cortex-a1[257] | arm,cortex-a32 | arm,arm[0-9]* | \
    arm,sa11* | arm,cortex-[mr]* | brcm,brahma-b15 | faraday,* | \
    marvell,feroceon* | marvell,mohawk | marvell,pj4* | marvell,sheeva* | \
    marvell,xsc* | qcom,krait | qcom,scorpion)
        echo armhf
        ;;
    ?*) echo arm64 ;;
    *) return 1 ;;
    esac
}

# tree_arch BLOB: the same of the first CPU of a tree
tree_arch() {
    ta_node=$(tree_cpus "$1" | head -n 1)
    [ -n "$ta_node" ] || return 1
    # shellcheck disable=SC2046 # a word each
    cpu_arch $(fdtget "$1" "/cpus/$ta_node" compatible 2>/dev/null)
}

# arch_qemu ARCH: the name of QEMU's binary; the one for AArch64 has the 32-bit
# CPUs as well
arch_qemu() {
    case $1 in
    arm64 | armhf) echo aarch64 ;;
    *) echo "$1" ;;
    esac
}

# arch_machine ARCH: what uname -m says
arch_machine() {
    case $1 in
    arm64) echo aarch64 ;;
    armhf) echo armv7l ;;
    *) echo "$1" ;;
    esac
}

# boot_boards: the trees that tests boot, one a line, with arguments for QEMU:
# those of tests/boot/boards.txt, and all of dts/
boot_boards() {
    sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$top/tests/boot/boards.txt"
    (cd "$top" && ls dts/*.dts)
}
