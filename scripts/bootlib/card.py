#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Find what the image of a card boots, for scripts/boot --image.

Prints lines of a key and a value: disk, kernel, initrd, tree, overlay and append. The
files are in the folder, as the boot loader would have put them into memory: unpacked.
"""

import argparse
import gzip
import lzma
import os
import shutil
import subprocess
import sys
from typing import List, Tuple

sys.path.append(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True
from bootlib.loaders import FORMS, Card, Choice, near
from bootlib.volumes import Failure, Unknown, Volume, run, volumes

# Suffixes of packed images, and what unpacks them to standard output
PACKED = {'.xz': ['xz', '-dcT0'], '.gz': ['gzip', '-dc'], '.zst': ['zstd', '-qdc'],
          '.bz2': ['bzip2', '-dc']}
CHUNK = 1 << 20
# How many names a message lists
NAMES = 12


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--folder', required=True, help='where the files go')
    parser.add_argument('--tree', default='', help='the tree that the user has named')
    parser.add_argument('image')
    return parser.parse_args()


def say(text: str) -> None:
    print(f'boot: {text}', file=sys.stderr, flush=True)


# --- the image ---------------------------------------------------------------------

def copy_sparse(source, target) -> None:
    """Copy what is not zero; the rest of the file is a hole."""
    while chunk := source.read(CHUNK):
        if chunk.strip(b'\0'):
            target.write(chunk)
        else:
            target.seek(len(chunk), os.SEEK_CUR)
    target.truncate()


def unpacked(image: str, folder: str) -> str:
    """The image as it is written to a card."""
    stem, suffix = os.path.splitext(image)
    if suffix not in PACKED:
        return image
    say(f'unpacking {image}')
    path = os.path.join(folder, os.path.basename(stem))
    with open(path, 'wb') as target, \
            subprocess.Popen(PACKED[suffix] + [image], stdout=subprocess.PIPE) as process:
        copy_sparse(process.stdout, target)
    if process.returncode:
        raise Failure(f'{image} cannot be unpacked by {PACKED[suffix][0]}')
    return path


def raw(image: str, folder: str) -> str:
    """The image in the form that tools of file systems read."""
    if b'QFI\xfb' != open(image, 'rb').read(4):
        return image
    path = os.path.join(folder, 'card.raw')
    run('qemu-img', 'convert', '-O', 'raw', image, path)
    return path


# --- kernels -----------------------------------------------------------------------

def by_program(program: str, data: bytes) -> bytes:
    """What a program makes of its input; zstd and lz4 complain of what follows."""
    return subprocess.run([program, '-dc'], input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False).stdout


def plain_kernel(data: bytes) -> bytes:
    """A kernel without what packs it: gzip and its like, and Linux' zboot, which has
    "zimg" at offset 4, offset and size of the payload at 8, and how it is packed at 24
    (drivers/firmware/efi/libstub/zboot-header.S)."""
    if data[4:8] == b'zimg':
        start, size = (int.from_bytes(data[at:at + 4], 'little') for at in (8, 12))
        how = data[24:32].split(b'\0')[0].decode(errors='replace')
        payload = data[start:start + size]
        return plain_kernel(payload if how == 'gzip' else by_program(how, payload))
    if data[:2] == b'\x1f\x8b':
        return gzip.decompress(data)
    if data[:6] == b'\xfd7zXZ\0':
        return lzma.decompress(data)
    if data[:4] == b'\x28\xb5\x2f\xfd':
        return by_program('zstd', data)
    return data


# --- trees -------------------------------------------------------------------------

def board_of(tree: str) -> str:
    """A tree that the user has named, as its name in a folder of trees."""
    return '' if os.path.isfile(tree) else tree


def chosen_tree(choice: Choice, board: str) -> bytes:
    """The tree of the board's name in the folder of trees; without one, the only one."""
    if not choice.trees:
        return b''
    volume, folder = choice.trees
    trees = [path for path in volume.files(folder, 2) if path.endswith('.dtb')]
    named = [path for path in trees if board and path.endswith('/' + board + '.dtb')]
    if not board and len(trees) == 1:
        named = trees
    return volume.read(named[0]) or b'' if named else b''


def need_tree(choice: Choice, config: argparse.Namespace) -> None:
    """Say what the user can do, where the image leaves the tree to the boot loader."""
    if config.tree:
        # A file, or what scripts/boot finds by its name where the image has none
        choice.tree = chosen_tree(choice, board_of(config.tree))
        return
    choice.tree = choice.tree or chosen_tree(choice, '')
    if choice.tree:
        return
    where = ''
    if choice.trees:
        volume, folder = choice.trees
        trees = [path[len(folder):].lstrip('/') for path in volume.files(folder, 2)
                 if path.endswith('.dtb')]
        where = f': {volume} has in {folder} {some(trees)}' if trees else \
            f': {near(volume, folder + "/x")}'
    raise Failure(f'{config.image}: {choice.source} names no tree, for the boot loader '
                  f'knows the board: give TREE, a file or a name{where}')


def some(names: List[str]) -> str:
    return ', '.join(names[:NAMES]) + (f' and {len(names) - NAMES} more'
                                       if len(names) > NAMES else '')


# --- all of it ---------------------------------------------------------------------

def choose(config: argparse.Namespace, image: str) -> Choice:
    """What the first boot loader starts whose files are there."""
    found = volumes(image)
    card = Card(found, os.path.basename(board_of(config.tree)))
    for form in FORMS:
        choice = form(card)
        if choice:
            return choice
    what = '; '.join(describe(volume) for volume in found) or 'no partition'
    raise Failure(f'{config.image}: nothing that a boot loader starts: looked for '
                  f'{", ".join(dict.fromkeys(card.looked))} in / and /boot; '
                  f'there is {what}')


def describe(volume: Volume) -> str:
    if isinstance(volume, Unknown):
        return f'{volume}, which cannot be read'
    return f'{volume} with {some(volume.names("/")) or "nothing"}'


def written(folder: str, name: str, data: bytes) -> str:
    path = os.path.join(folder, os.path.basename(name))
    with open(path, 'wb') as file:
        file.write(data)
    return path


def lines_of(config: argparse.Namespace, image: str,
             choice: Choice) -> List[Tuple[str, str]]:
    """What scripts/boot is told."""
    lines = [('disk', image),
             ('kernel', written(config.folder, 'kernel', plain_kernel(choice.kernel)))]
    if choice.initrd:
        lines.append(('initrd', written(config.folder, 'initrd', choice.initrd)))
    if choice.tree:
        lines.append(('tree', written(config.folder, 'tree.dtb', choice.tree)))
    for number, (name, data, parameters) in enumerate(choice.overlays):
        if not name:
            say(f'config.txt sets {parameters} of the tree, which is left out')
            continue
        path = written(config.folder, f'{number}-{name.replace(".dtbo", "")}.dtbo', data)
        lines.append(('overlay', path + (',' + parameters if parameters else '')))
    return lines + [('append', choice.append)]


def main() -> int:
    config = parse_args()
    try:
        image = unpacked(config.image, config.folder)
        choice = choose(config, raw(image, config.folder))
        need_tree(choice, config)
        say(f'{choice.source} of {config.image} says what boots')
        for key, value in lines_of(config, image, choice):
            print(key, value)
    except (Failure, OSError, EOFError, lzma.LZMAError) as err:
        print(f'boot: error: {err}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    if not shutil.which('sfdisk'):
        os.environ['PATH'] += ':/usr/sbin:/sbin'
    sys.exit(main())
