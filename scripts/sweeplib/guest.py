# SPDX-License-Identifier: GPL-2.0-or-later
"""The guests that programs in Python boot: what scripts/guest.sh knows of them."""

import os
import subprocess
import sys
from typing import Dict, List, NamedTuple

from .places import TOP

SCRIPT = os.path.join(TOP, 'scripts/sweeplib/guests')


class Guest(NamedTuple):
    """An architecture as Debian calls it: the suite whose kernel and trees are swept, the
    name of the kernel's file, and QEMU's word for the architecture."""
    arch: str
    suite: str
    kernel: str
    emulator: str

    @property
    def name(self) -> str:
        """What names the guest in the cache."""
        return self.arch + '-' + self.suite


def ask(*words: str) -> List[str]:
    """Lines that the shell's functions print; their messages go to the user."""
    done = subprocess.run(['sh', SCRIPT, os.path.basename(sys.argv[0]), *words],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.splitlines()


def known() -> Dict[str, Guest]:
    """All guests, by architecture."""
    guests = [Guest(*line.split()) for line in ask('facts')]
    return {guest.arch: guest for guest in guests}


def fetch(name: str) -> str:
    """The folder of a guest, fetched if need be."""
    return ask('fetch', name)[0]


def fetch_devices(name: str) -> str:
    """The same, with the initrd that tries devices."""
    return ask('devices', name)[0]
