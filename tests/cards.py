# SPDX-License-Identifier: GPL-2.0-or-later
"""Images of cards for tests, made without root by mtools, mke2fs and sfdisk."""

import os
import shutil
import subprocess
import tempfile
from typing import Dict, List, NamedTuple

MIB = 1 << 20
# What is before the first partition
GAP = MIB
TOOLS = ('mformat', 'mcopy', 'mke2fs', 'sfdisk', 'mkimage', 'dtc')

# A folder for sbin, which not everybody's PATH has
os.environ['PATH'] += ':/usr/sbin:/sbin'


class Partition(NamedTuple):
    """A file system: fat or ext4; files by their paths; links by theirs, to a target."""
    kind: str
    files: Dict[str, bytes]
    links: Dict[str, str] = {}
    mib: int = 16
    bootable: bool = False
    label: str = ''


def missing_tools() -> List[str]:
    """The programs that are not there."""
    return [tool for tool in TOOLS if not shutil.which(tool)]


def run(*command: str, given: bytes = b'') -> None:
    result = subprocess.run(command, input=given, check=False, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
    if result.returncode:
        raise OSError(f'{" ".join(command)}: {result.stdout.decode()}')


def lay_out(folder: str, partition: Partition) -> None:
    """The files of a partition, in a folder."""
    for path, data in partition.files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), 'wb') as file:
            file.write(data)
        # Some are programs
        os.chmod(os.path.join(folder, path), 0o755)
    for path, target in partition.links.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        os.symlink(target, os.path.join(folder, path))


def make_partition(path: str, partition: Partition) -> None:
    """A file with the file system of a partition."""
    with tempfile.TemporaryDirectory() as folder:
        lay_out(folder, partition)
        if partition.kind == 'fat':
            run('mformat', '-C', '-i', path, '-T', str(partition.mib * MIB // 512), '::')
            names = [os.path.join(folder, name) for name in os.listdir(folder)]
            if names:
                run('mcopy', '-s', '-i', path, *names, '::/')
        else:
            run('mke2fs', '-q', '-t', 'ext4', '-L', partition.label, '-d', folder, path,
                f'{partition.mib}M')


def make_card(path: str, partitions: List[Partition], label: str = 'dos') -> None:
    """A card with these partitions, one after the other."""
    size = GAP + sum(partition.mib for partition in partitions) * MIB + MIB
    with open(path, 'wb') as card:
        card.truncate(size)
        at, table = GAP, f'label: {label}\n'
        for number, partition in enumerate(partitions):
            make_partition(f'{path}.{number}', partition)
            with open(f'{path}.{number}', 'rb') as file:
                card.seek(at)
                shutil.copyfileobj(file, card)
            os.unlink(f'{path}.{number}')
            kind = {'dos': 'c' if partition.kind == 'fat' else '83'}.get(label, 'L')
            flag = ', bootable' if partition.bootable else ''
            table += f'start={at // 512}, size={partition.mib * MIB // 512}, ' \
                f'type={kind}{flag}\n'
            at += partition.mib * MIB
    run('sfdisk', '-q', path, given=table.encode())


def boot_script(text: str) -> bytes:
    """A script as U-Boot's source command takes it."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, 'boot')
        with open(name, 'w', encoding='utf-8') as file:
            file.write(text)
        run('mkimage', '-A', 'arm64', '-T', 'script', '-C', 'none', '-d', name,
            name + '.scr')
        with open(name + '.scr', 'rb') as image:
            return image.read()


def fit(source: str, files: Dict[str, bytes], *options: str) -> bytes:
    """A FIT image of a source that includes these files."""
    with tempfile.TemporaryDirectory() as folder:
        lay_out(folder, Partition('', {**files, 'image.its': source.encode()}))
        run('mkimage', *options, '-f', os.path.join(folder, 'image.its'),
            os.path.join(folder, 'image.itb'))
        with open(os.path.join(folder, 'image.itb'), 'rb') as image:
            return image.read()
