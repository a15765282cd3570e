# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the build is, and where a program of ours may write: as the shell scripts have it
(scripts/lib.sh), for a clone may belong to another user."""

import os
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def ask():
    """The folders of the build, of what is written beside it, and of the cache."""
    script = os.path.join(TOP, 'scripts/sweeplib/guests')
    done = subprocess.run(['sh', script, 'places', 'places'], check=True, text=True,
                          stdout=subprocess.PIPE)
    return done.stdout.splitlines()


BUILD, WORK, CACHE = ask()
