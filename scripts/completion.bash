# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion for bash, of the scripts (source this file in a clone) and of the installed
# commands: options as --help has them, keys of -dtb-machine as QEMU has them, and trees
# that are files or are in the kernel packages in the cache.

# _fdt_machine_script COMMAND: the folder of the scripts, and the script of a command
_fdt_machine_script() {
    local name=${1##*/}
    case $1 in
    */scripts/* | scripts/*) echo "${1%/*} $name" ;;
    *) echo "/usr/lib/fdt-machine/scripts ${name#fdt-machine-}" ;;
    esac
}

# _fdt_machine_keys QEMU: the keys of -dtb-machine, up to the sign
_fdt_machine_keys() {
    "$1" -dtb-machine help,keys 2>/dev/null |
        sed -n 's/^  \([a-zA-Z.-]*=\).*/\1/p' | sed 's/\.N\([.=]\)/.0\1/'
}

# _fdt_machine_complete_keys QEMU KEY,...,WORD: what may follow the last comma
_fdt_machine_complete_keys() {
    local head='' word=$2
    [[ $word != *,* ]] || head=${word%,*},
    word=${word##*,}
    compopt -o nospace
    case $word in
    unmatched=*) mapfile -t COMPREPLY < <(compgen -W "stub error ignore" -- "${word#*=}") ;;
    *=*) mapfile -t COMPREPLY < <(compgen -f -- "${word#*=}") ;;
    *)
        mapfile -t COMPREPLY < <(compgen -P "$head" -W "$(_fdt_machine_keys "$1")" -- "$word")
        ;;
    esac
}

_fdt_machine() {
    local cur prev scripts name words qemu
    # = and , are parts of a word here
    cur=${COMP_LINE:0:COMP_POINT}
    cur=${cur##* }
    prev=${COMP_WORDS[COMP_CWORD - 1]}
    read -r scripts name < <(_fdt_machine_script "$1")
    case $name in
    qemu-system-*) qemu=${scripts%/scripts}/build/bin/$name ;;
    *) qemu=${scripts%/scripts}/build/bin/qemu-system-aarch64 ;;
    esac
    COMPREPLY=()
    case " $COMP_LINE" in
    *" --keys $cur" | *" -dtb-machine $cur")
        _fdt_machine_complete_keys "$qemu" "$cur"
        return
        ;;
    esac
    case $name:$prev in
    *:--include | *:--out) mapfile -t COMPREPLY < <(compgen -d -- "$cur") && return ;;
    *:--arch) mapfile -t COMPREPLY < <(compgen -W "arm64 armhf riscv64" -- "$cur") && return ;;
    qemu-system-*:*) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && return ;;
    esac
    if [[ $cur == -* ]]; then
        words=$("$scripts/$name" --help 2>/dev/null | grep -oE '^  +(-., )?--[a-z-]+' |
            grep -oE -- '--[a-z-]+')
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
        return
    fi
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$cur"
        compgen -W "$("$scripts/boot" --list 2>/dev/null)" -- "$cur")
}

for _fdt_machine_name in boot image view gallery sweep test; do
    complete -F _fdt_machine "scripts/$_fdt_machine_name" "./scripts/$_fdt_machine_name" \
        "fdt-machine-$_fdt_machine_name"
done
for _fdt_machine_name in aarch64 riscv64 arm; do
    complete -F _fdt_machine "fdt-machine-qemu-system-$_fdt_machine_name"
done
unset _fdt_machine_name
