# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Functions that put what scripts/build has built where a package has it. To be sourced
# by scripts/build --install, whose functions it calls. What goes where is in docs/install.md.

: "${top:?is set by the script that sources this}" "${build:?is set by lib.sh}" "${work:?}"

# install_commands: the scripts that users start, as far as there are such; each becomes a
# command fdt-machine-NAME, with a page of the manual
install_commands() {
    for ic in boot image view gallery sweep test; do
        [ ! -f "$top/scripts/$ic" ] || echo "$ic"
    done
}

# installed_words PREFIX: text about the scripts of a clone, as it is of installed commands
installed_words() {
    iw_names=$(install_commands | paste -s -d '|' -)
    sed -E "s,scripts/($iw_names)\\>,fdt-machine-\\1,g"
}

# install_binaries HOME PROGRAM...: the emulators, and what tests with them need
install_binaries() {
    ib_home=$1
    shift
    mkdir -p "$ib_home/build/bin" "$ib_home/build/qemu/tests/fdt-machine/qtest" \
        "$ib_home/build/qemu-src/python" || return 1
    for ib; do
        install -s -m 755 "$build/qemu/$ib" "$ib_home/build/bin/$ib" || return 1
        ln -sfn "../bin/$ib" "$ib_home/build/qemu/$ib"
    done
    ib=tests/fdt-machine/qtest/fdt-board-test
    install -s -m 755 "$build/qemu/$ib" "$ib_home/build/qemu/$ib" || return 1
    # scripts/sweep speaks QMP with it
    tar -C "$(cat "$build/source")/python" --exclude=__pycache__ -cf - qemu |
        tar -C "$ib_home/build/qemu-src/python" --no-same-owner -xf -
}

# install_scripts HOME: a folder that looks like a clone; the file installed in it says
# that nothing is to be built there
install_scripts() {
    for is in scripts dts; do
        tar -C "$top" --exclude=__pycache__ -cf - "$is" |
            tar -C "$1" --no-same-owner -xf - || return 1
    done
    rm -f "$1/scripts/install.sh" "$1/scripts/completion.bash" "$1/scripts/package"
    echo "by scripts/build --install" >"$1/installed"
}

# install_wrappers BIN PROGRAM...: the commands, which find what they start beside BIN
install_wrappers() {
    iwr_bin=$1
    shift
    mkdir -p "$iwr_bin" || return 1
    for iwr in $(install_commands); do
        cat >"$iwr_bin/fdt-machine-$iwr" <<END
#!/bin/sh
exec "\$(dirname "\$(readlink -f "\$0")")/../lib/fdt-machine/scripts/$iwr" "\$@"
END
        chmod 755 "$iwr_bin/fdt-machine-$iwr"
    done
    for iwr; do
        ln -sfn "../lib/fdt-machine/build/bin/$iwr" "$iwr_bin/fdt-machine-$iwr"
    done
}

# help_of NAME: what a script's --help prints, with "usage" as help2man looks for it, and
# the environment as a section of its own
help_of() {
    "$top/scripts/$1" --help | installed_words |
        sed -E 's/^usage: /Usage: /; s/^(optional arguments|options):$/Options:/'
}

# summary_of NAME: the first sentence of it
summary_of() {
    help_of "$1" | awk '
        NF == 0 { begun = 1; next }
        begun { text = text " " $0 }
        begun && /[.]( |$)/ { exit }
        END { sub(/^ +/, "", text); sub(/[.].*/, "", text); print text }'
}

# man_page NAME VERSION: a page of the manual, made of the text of --help
man_page() {
    mp=$work/help2man.$$
    help_of "$1" >"$mp.help" || return 1
    printf '#!/bin/sh\ncat %s.help\n' "$mp" >"$mp" && chmod 755 "$mp"
    help2man --no-info --no-discard-stderr --version-string "$2" \
        --name "$(summary_of "$1")" --output "$mp.1" "$mp" &&
        sed "s/${mp##*/}/fdt-machine-$1/g; s/HELP2MAN[.]$$/FDT-MACHINE-$1/g" "$mp.1"
    mp_status=$?
    rm -f "$mp" "$mp.help" "$mp.1"
    return "$mp_status"
}

# install_pages SHARE: pages of the manual, the documentation, and bash completion
install_pages() {
    mkdir -p "$1/man/man1" "$1/doc/fdt-machine" "$1/bash-completion/completions" || return 1
    for ip in $(install_commands); do
        ip_page=$1/man/man1/fdt-machine-$ip.1
        man_page "$ip" "$(cat "$(cat "$build/source")/VERSION")" >"$ip_page" &&
            gzip -n9 "$ip_page" || return 1
        ln -sfn fdt-machine "$1/bash-completion/completions/fdt-machine-$ip"
    done
    for ip in "$top"/docs/*.md "$top"/README.md; do
        installed_words <"$ip" >"$1/doc/fdt-machine/${ip##*/}"
    done
    cp "$top"/docs/*.dts "$top"/docs/*.dtso "$1/doc/fdt-machine/"
    cp "$top/scripts/completion.bash" "$1/bash-completion/completions/fdt-machine"
    for ip in "$build"/bin/qemu-system-*; do
        ln -sfn fdt-machine "$1/bash-completion/completions/fdt-machine-${ip##*/}"
    done
}

# install_all DIR PREFIX PROGRAM...: everything, below DIR
install_all() {
    ia_to=$1$2
    shift 2
    need_packages help2man
    need_folder "$ia_to"
    compile tests/fdt-machine/qtest/fdt-board-test
    umask 022
    { install_binaries "$ia_to/lib/fdt-machine" "$@" &&
        install_scripts "$ia_to/lib/fdt-machine" &&
        install_wrappers "$ia_to/bin" "$@" &&
        install_pages "$ia_to/share"; } || die "$ia_to could not be written"
    say "installed in $ia_to: bin/fdt-machine-boot and others"
}
