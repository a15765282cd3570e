# SPDX-License-Identifier: GPL-2.0-or-later
"""The file systems in the image of a card, read without root.

sfdisk tells where partitions are, blkid what is on them, mtools and debugfs read them.
"""

import json
import os
import re
import subprocess
from typing import List, Optional

SECTOR = 512
# How often a link may lead to a link
LINKS = 16


class Failure(Exception):
    """What is wrong, in words for the user."""


def run(*command: str) -> bytes:
    """What a program prints, or Failure with the last line of what it complains of."""
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False,
                            env={**os.environ, 'MTOOLS_SKIP_CHECK': '1'})
    if result.returncode:
        lines = result.stderr.decode(errors='replace').strip().splitlines()
        raise Failure(f'{command[0]}: ' + (lines[-1] if lines else 'failed'))
    return result.stdout


class Volume:
    """A file system in an image.  Paths begin with a slash."""

    kinds: List[str] = []

    def __init__(self, image: str, number: int, offset: int, kind: str) -> None:
        self.image, self.number, self.offset, self.kind = image, number, offset, kind

    def __str__(self) -> str:
        return f'partition {self.number} ({self.kind})' if self.number else self.kind

    def read(self, path: str) -> Optional[bytes]:
        """The content of a file, or None where there is none."""
        raise NotImplementedError

    def names(self, folder: str) -> List[str]:
        """The names in a folder; none where it is none."""
        raise NotImplementedError

    def files(self, folder: str, depth: int) -> List[str]:
        """The paths of all that is in a folder, and in those below it."""
        found = []
        for name in self.names(folder):
            path = os.path.join(folder, name)
            found.append(path)
            if depth and '.' not in name:
                found += self.files(path, depth - 1)
        return found


class Fat(Volume):
    """FAT, by mtools.  It tells no upper case from lower case."""

    kinds = ['vfat']

    def drive(self) -> str:
        return f'{self.image}@@{self.offset}'

    def read(self, path: str) -> Optional[bytes]:
        try:
            return run('mtype', '-i', self.drive(), '::' + path)
        except Failure:
            return None

    def names(self, folder: str) -> List[str]:
        try:
            listed = run('mdir', '-b', '-i', self.drive(), '::' + folder)
        except Failure:
            return []
        return [os.path.basename(line.rstrip('/'))
                for line in listed.decode(errors='replace').splitlines() if line]


class Ext(Volume):
    """ext2, ext3 and ext4, by debugfs, which follows no links."""

    kinds = ['ext2', 'ext3', 'ext4']

    def ask(self, request: str) -> bytes:
        return run('debugfs', '-R', request, f'{self.image}?offset={self.offset}')

    def resolved(self, path: str) -> Optional[str]:
        """The path that links at its parts lead to, or None."""
        done, todo, links = '/', path.split('/'), 0
        while todo:
            part = todo.pop(0)
            step = os.path.normpath(os.path.join(done, part))
            status = self.ask(f'stat "{step}"').decode(errors='replace')
            if 'Inode:' not in status or links > LINKS:
                return None
            link = re.search(r'link dest: "([^"]*)"', status)
            if 'Type: symlink' in status:
                target = link[1] if link else self.ask(f'cat "{step}"').decode()
                todo = target.split('/') + todo
                done = '/' if target.startswith('/') else done
                links += 1
            else:
                done = step
        return done

    def read(self, path: str) -> Optional[bytes]:
        real = self.resolved(path)
        if not real or 'Type: regular' not in self.ask(f'stat "{real}"').decode(
                errors='replace'):
            return None
        return self.ask(f'cat "{real}"')

    def names(self, folder: str) -> List[str]:
        real = self.resolved(folder)
        if not real:
            return []
        # /INODE/MODE/UID/GID/NAME/SIZE/
        rows = [line.split('/') for line in self.ask(f'ls -p "{real}"').decode(
            errors='replace').splitlines()]
        return sorted(row[5] for row in rows
                      if len(row) > 6 and row[5] not in ('.', '..'))


class Unknown(Volume):
    """What cannot be read."""

    def read(self, path: str) -> Optional[bytes]:
        return None

    def names(self, folder: str) -> List[str]:
        return []


def kind_at(image: str, offset: int) -> str:
    """What kind of file system begins at an offset."""
    try:
        told = run('blkid', '-p', '-o', 'value', '-s', 'TYPE', '-O', str(offset), image)
    except Failure:
        return 'unknown'
    return told.decode().strip() or 'unknown'


def volume(image: str, number: int, offset: int) -> Volume:
    kind = kind_at(image, offset)
    for reader in (Fat, Ext):
        if kind in reader.kinds:
            return reader(image, number, offset, kind)
    return Unknown(image, number, offset, kind)


def volumes(image: str) -> List[Volume]:
    """The file systems of an image: those of its partitions, bootable ones first, or its
    only one."""
    try:
        table = json.loads(run('sfdisk', '--json', image))['partitiontable']
    except Failure:
        return [volume(image, 0, 0)]
    sector = table.get('sectorsize', SECTOR)
    partitions = [(not is_bootable(entry), number, entry['start'] * sector)
                  for number, entry in enumerate(table['partitions'], 1)]
    return [volume(image, number, offset) for _, number, offset in sorted(partitions)]


def is_bootable(entry: dict) -> bool:
    """By the flag of DOS tables, or the attribute of GPT that U-Boot looks at."""
    return bool(entry.get('bootable')) or 'LegacyBIOSBootable' in entry.get('attrs', '')
