# SPDX-License-Identifier: GPL-2.0-or-later
"""The source tree that QEMU was built from; importing this makes its Python packages,
qemu.qmp among them, importable."""

import os
import sys

from . import places


def find() -> str:
    """The path of QEMU's source: what Meson's environment says, or what scripts/build
    has noted."""
    path = os.environ.get('FDT_MACHINE_SOURCE')
    if path:
        return path
    try:
        with open(os.path.join(places.BUILD, 'source'), encoding='utf-8') as file:
            return file.read().strip()
    except FileNotFoundError:
        return os.path.join(places.BUILD, 'qemu-src')


SOURCE = find()
PYTHON = os.path.join(SOURCE, 'python')
if not os.path.isdir(PYTHON):
    sys.exit(f'error: {PYTHON}: no such folder of QEMU\'s source: run scripts/build')
sys.path.append(PYTHON)
