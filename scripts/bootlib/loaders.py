# SPDX-License-Identifier: GPL-2.0-or-later
"""What boot loaders start from a card: a function for each form of their files.

Each takes the file systems and what the user has said, and gives a Choice, or None where
there is no file of its form; a file that names something which is not there is a Failure.
"""

import fnmatch
import os
import re
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Tuple

import libfdt

from bootlib import hush
from bootlib.volumes import Failure, Volume

# Where boot files are: on a boot partition, or in a root file system
PREFIXES = ('/', '/boot/')


@dataclass
class Choice:
    """What is booted; files are their content."""
    source: str
    append: str = ''
    kernel: bytes = b''
    initrd: bytes = b''
    tree: bytes = b''
    # Where trees are, if a tree has to be chosen; that of a board's firmware otherwise
    trees: Optional[Tuple[Volume, str]] = None
    # Names, contents and parameters
    overlays: List[Tuple[str, bytes, str]] = field(default_factory=list)


class Card:
    """The file systems of a card, and the board that the user has named, if at all."""

    def __init__(self, volumes: List[Volume], board: str) -> None:
        self.volumes, self.board = volumes, board
        self.looked: List[str] = []

    def find(self, *names: str) -> Optional[Tuple[Volume, str, bytes]]:
        """The first file of these names, at the prefixes; noted for a message."""
        self.looked += names
        for volume in self.volumes:
            for prefix in PREFIXES:
                for name in names:
                    data = volume.read(prefix + name)
                    if data is not None:
                        return volume, prefix + name, data
        return None

    def all(self, pattern: str, depth: int = 2) -> List[Tuple[Volume, str]]:
        """All files whose paths match."""
        self.looked.append(pattern)
        return [(volume, path) for volume in self.volumes
                for path in volume.files('/', depth)
                if fnmatch.fnmatch(path.lower(), '*/' + pattern)]

    def need(self, volume: Volume, path: str, whose: str) -> bytes:
        """A file that another one names: there, or on another file system, with or
        without the folder boot, which may be a partition of its own."""
        tail = path.lstrip('/')
        short = tail[len('boot/'):] if tail.startswith('boot/') else tail
        for place in [volume] + [other for other in self.volumes if other is not volume]:
            for name in dict.fromkeys([tail, short, 'boot/' + short]):
                data = place.read('/' + name)
                if data is not None:
                    return data
        raise Failure(f'{whose} names {path}, which is not there: {near(volume, path)}')


def near(volume: Volume, path: str) -> str:
    """What is in the folder where a file should be, in words."""
    folder = os.path.dirname(path) or '/'
    names = volume.names(folder)
    return f'{volume} has in {folder}: ' + (', '.join(names[:12]) or 'nothing') + \
        (', ...' if len(names) > 12 else '')


def joined(folder: str, path: str) -> str:
    """A path that is relative to a folder, unless it begins with a slash."""
    return os.path.normpath(os.path.join(folder, path.strip()))


# --- extlinux.conf -----------------------------------------------------------------

def pairs(text: str) -> List[Tuple[str, str]]:
    """Lines of a keyword and a value, without comments."""
    lines = [line.strip() for line in text.splitlines()]
    return [((words := line.split(None, 1))[0].lower(), words[1] if words[1:] else '')
            for line in lines if line and not line.startswith('#')]


def labels_of(text: str) -> Tuple[str, Dict[str, Dict[str, str]]]:
    """The default label of extlinux.conf, and the keywords of each."""
    default, labels, label = '', {}, {}     # type: str, Dict[str, Dict[str, str]], dict
    for key, value in pairs(text):
        if key == 'default':
            default = value
        elif key == 'label':
            label = labels.setdefault(value, {})
        else:
            label.setdefault(key, value)
    return default, labels


def extlinux(card: Card) -> Optional[Choice]:
    """extlinux/extlinux.conf, of U-Boot and Syslinux."""
    found = card.find('extlinux/extlinux.conf', 'syslinux/syslinux.cfg')
    if not found:
        return None
    volume, path, data = found
    default, labels = labels_of(data.decode(errors='replace'))
    kernels = {name: label for name, label in labels.items()
               if 'linux' in label or 'kernel' in label}
    if not kernels:
        raise Failure(f'{path} has no label with a kernel')
    label = kernels.get(default) or next(iter(kernels.values()))
    return of_label(card, volume, path, label)


def of_label(card: Card, volume: Volume, path: str, label: Dict[str, str]) -> Choice:
    """What a label of extlinux.conf names."""
    folder = os.path.dirname(path)

    def file(name: str) -> bytes:
        return card.need(volume, joined(folder, name), path)
    kernel = label.get('linux') or label['kernel']
    if '#' in kernel or kernel.endswith(('.itb', '.fit')):
        choice = of_fit(file(kernel.split('#')[0]), kernel.partition('#')[2], path)
    else:
        choice = Choice(path, kernel=file(kernel))
    choice.append = label.get('append', '')
    if 'initrd' in label:
        choice.initrd = b''.join(file(name) for name in label['initrd'].split(','))
    tree = label.get('fdt') or label.get('devicetree')
    folder_of_trees = label.get('fdtdir') or label.get('devicetreedir')
    if tree:
        choice.tree = file(tree)
    elif folder_of_trees:
        choice.trees = volume, joined(folder, folder_of_trees)
    overlays = label.get('fdtoverlays') or label.get('devicetree-overlay') or ''
    choice.overlays = [(os.path.basename(name), file(name), '')
                       for name in overlays.split()]
    return choice


# --- boot.scr ----------------------------------------------------------------------

def boot_script(card: Card) -> Optional[Choice]:
    """boot.scr, a script of U-Boot's."""
    found = card.find('boot.scr', 'boot.scr.uimg')
    if not found:
        return None
    volume, path, data = found
    prefix = path[:path.rindex('/') + 1]
    board = card.board + '.dtb' if card.board else ''
    script = hush.boots(hush.script_text(data), volume.read, {
        'devtype': 'mmc', 'devnum': '0', 'mmcdev': '0', 'mmcpart': str(volume.number),
        'distro_bootpart': str(volume.number), 'bootpart': f'0:{volume.number}',
        'prefix': prefix, 'fdtfile': board, 'fdt_file': board})
    if not script.boot:
        missing = f'; it wants {", ".join(script.missing)}' if script.missing else ''
        raise Failure(f'{path} comes to no booti, bootz or bootm{missing}: '
                      'give -kernel, -initrd and -append yourself, with --disk')
    return of_script(card, volume, path, script)


def of_script(card: Card, volume: Volume, path: str, script: hush.Script) -> Choice:
    """What the arguments of booti and its like stand for."""
    kernel, initrd, tree = (script.boot + ['-'] * 3)[:3]

    def loaded(address: str) -> bytes:
        name = script.loaded.get(address.split('#')[0].split(':')[0])
        return card.need(volume, name, path) if name else b''
    if not loaded(kernel):
        raise Failure(f'{path}: nothing was loaded to {kernel.lstrip("@")}, where it '
                      f'boots; it wants {", ".join(script.missing) or "no other file"}')
    if loaded(kernel)[:4] == bytes.fromhex('d00dfeed'):
        choice = of_fit(loaded(kernel), kernel.partition('#')[2], path)
    else:
        choice = Choice(path, kernel=loaded(kernel), initrd=loaded(initrd),
                        tree=loaded(tree))
    choice.append = script.variables.get('bootargs', '')
    if not choice.tree:
        trees = [name for name in script.missing if name.endswith('.dtb')]
        choice.trees = volume, os.path.dirname(trees[0]) if trees else '/'
    choice.overlays = [(os.path.basename(name), card.need(volume, name, path), '')
                       for name in script.overlays]
    return choice


# --- Raspberry Pi ------------------------------------------------------------------

# The part of a tree's name that a filter of config.txt stands for
FILTERS = {'pi1': 'bcm2708', 'pi2': '-2-', 'pi3': '-3-', 'pi3+': 'b-plus', 'pi4': '-4-',
           'pi02': 'zero-2', 'pi0': 'zero', 'pi5': '-5-', 'cm4': 'cm4', 'all': ''}


def settings(card: Card, volume: Volume, text: str) -> List[Tuple[str, str]]:
    """The lines of config.txt that are for the board, in their order."""
    live, found = True, []
    for line in (line.strip() for line in text.splitlines()):
        section = re.fullmatch(r'\[(.*)\]', line)
        if section:
            live = FILTERS.get(section[1], '[') in '-' + card.board + '-'
        elif live and line.startswith('include '):
            more = volume.read('/' + line.split(None, 1)[1]) or b''
            found += settings(card, volume, more.decode(errors='replace'))
        elif live and re.match(r'\w+(=|\s)', line):
            # initramfs FILE followkernel is the one line without an equals sign
            key, value = re.split(r'=|\s+', line, maxsplit=1)
            found.append((key.lower(), value.strip()))
    return found


def raspberry_overlays(volume: Volume, lines: List[Tuple[str, str]],
                       folder: str) -> List[Tuple[str, bytes, str]]:
    """The overlays of config.txt, each with its parameters.  A dtparam sets one of the
    overlay before it, or, before the first one, of the tree, whose name is empty here."""
    found: List[Tuple[str, bytes, str]] = []
    for key, value in lines:
        name, _, parameters = value.partition(',')
        if key in ('dtoverlay', 'device_tree_overlay') and name:
            data = volume.read(f'{folder}{name}.dtbo')
            if data is None:
                raise Failure(f'config.txt wants the overlay {name}: '
                              + near(volume, f'{folder}{name}.dtbo'))
            found.append((name, data, parameters))
        elif key in ('dtparam', 'dtparams') and value:
            last = found.pop() if found else ('', b'', '')
            found.append((last[0], last[1], ','.join(filter(None, [last[2], value]))))
    return found


def raspberry_kernel(volume: Volume, config: Dict[str, str],
                     prefix: str) -> Tuple[str, bytes]:
    """The kernel that the firmware takes: what config.txt says, or by its names."""
    names = [config['kernel']] if 'kernel' in config else [
        'kernel8.img', 'kernel_2712.img', 'kernel7l.img', 'kernel7.img', 'kernel.img']
    if 'kernel' not in config and config.get('arm_64bit') == '0':
        names = names[2:]
    for name in names:
        data = volume.read(prefix + name)
        if data:
            return name, data
    raise Failure(f'config.txt: none of {", ".join(names)} is there: '
                  + near(volume, prefix))


def raspberry(card: Card) -> Optional[Choice]:
    """config.txt and cmdline.txt of Raspberry Pi's firmware."""
    found = card.find('config.txt')
    if not found:
        return None
    volume, path, data = found
    lines = settings(card, volume, data.decode(errors='replace'))
    config = dict(lines)
    prefix = '/' + config.get('os_prefix', '').lstrip('/')
    name, kernel = raspberry_kernel(volume, config, prefix)
    if b'U-Boot' in kernel:
        return None
    choice = Choice(path, kernel=kernel, trees=(volume, prefix))
    text = volume.read(prefix + config.get('cmdline', 'cmdline.txt')) or b''
    choice.append = ' '.join(text.decode(errors='replace').split())
    initrd = config.get('initramfs', '').split()[:1]
    if config.get('auto_initramfs') == '1' and not initrd:
        initrd = [re.sub(r'\.img$', '', name).replace('kernel', 'initramfs')]
        choice.initrd = volume.read(prefix + initrd[0]) or b''
    elif initrd:
        choice.initrd = card.need(volume, prefix + initrd[0], path)
    if 'device_tree' in config:
        choice.tree = card.need(volume, prefix + config['device_tree'], path)
    choice.overlays = raspberry_overlays(
        volume, lines, prefix + config.get('overlay_prefix', 'overlays/'))
    return choice


# --- boot loaders of EFI -----------------------------------------------------------

def boot_entries(card: Card) -> Optional[Choice]:
    """loader/entries/*.conf (the Boot Loader Specification)."""
    found = card.all('loader/entries/*.conf', 4)
    if not found:
        return None
    default = card.find('loader/loader.conf')
    wanted = dict(pairs(default[2].decode(errors='replace'))).get('default', '*') \
        if default else '*'
    named = [entry for entry in found
             for name in [os.path.basename(entry[1])]
             if fnmatch.fnmatch(name, wanted) or name == wanted + '.conf']
    volume, path = max(named or found, key=lambda entry: natural(entry[1]))
    lines = pairs((volume.read(path) or b'').decode(errors='replace'))
    values = dict(lines)
    if 'linux' not in values:
        raise Failure(f'{path} has no line "linux"')

    def files(key: str) -> List[bytes]:
        return [card.need(volume, name, path) for each, value in lines if each == key
                for name in value.split()]
    options = [value for key, value in lines if key == 'options']
    return Choice(path, append=' '.join(options),
                  kernel=files('linux')[0], initrd=b''.join(files('initrd')),
                  tree=(files('devicetree') or [b''])[0],
                  overlays=[(f'overlay{number}', data, '') for number, data
                            in enumerate(files('devicetree-overlay'))])


def natural(text: str) -> List[Tuple[int, str]]:
    """A key that sorts versions by their numbers."""
    return [(int(part), '') if part.isdigit() else (-1, part)
            for part in re.split(r'(\d+)', text)]


def grub(card: Card) -> Optional[Choice]:
    """The first entry of grub.cfg that starts a kernel."""
    for volume, path in card.all('grub.cfg', 3):
        text = (volume.read(path) or b'').decode(errors='replace')
        entry = first_entry(text.replace('\\\n', ' '))
        if not entry:
            continue
        name, *words = entry['linux']

        def file(name: str, volume: Volume = volume, path: str = path) -> bytes:
            return card.need(volume, re.sub(r'^\([^)]*\)|^\$\w+', '', name), path)
        return Choice(path, kernel=file(name), append=' '.join(words),
                      initrd=b''.join(file(each) for each in entry.get('initrd', [])),
                      tree=file(entry['devicetree'][0]) if 'devicetree' in entry else b'')
    return None


def first_entry(text: str) -> Dict[str, List[str]]:
    """The commands linux, initrd and devicetree, without their quotes, up to the second
    command linux."""
    found: Dict[str, List[str]] = {}
    for line in text.splitlines():
        match = re.match(r'\s*(linux|initrd|devicetree)(?:16|efi)?\s+(.*)', line)
        if match and (match[1] == 'linux') == ('linux' not in found) and \
                match[1] not in found:
            found[match[1]] = match[2].replace('"', '').replace("'", '').split()
    return found


# --- FIT ---------------------------------------------------------------------------

class Fit:
    """A FIT image: the Flat Image Tree specification's /images and /configurations."""

    def __init__(self, data: bytes, whose: str) -> None:
        self.data, self.whose = data, whose
        try:
            self.fdt = libfdt.Fdt(data)
            self.images = self.fdt.path_offset('/images')
            self.configurations = self.fdt.path_offset('/configurations')
        except libfdt.FdtException as err:
            raise Failure(f'{whose}: this FIT image is faulty: {err}') from err

    def strings(self, node: int, name: str) -> List[str]:
        """The strings of a property; none if it is not there."""
        value = self.fdt.getprop(node, name, (libfdt.NOTFOUND,))
        if not isinstance(value, bytearray):
            return []
        return bytes(value).decode(errors='replace').rstrip('\0').split('\0')

    def number(self, node: int, name: str) -> Optional[int]:
        value = self.fdt.getprop(node, name, (libfdt.NOTFOUND,))
        return int.from_bytes(value, 'big') if isinstance(value, bytearray) else None

    def configuration(self, name: str) -> int:
        """The node of a configuration: that of the name, the default, or the first."""
        chosen = name or (self.strings(self.configurations, 'default') or [''])[0]
        try:
            if chosen:
                return self.fdt.subnode_offset(self.configurations, chosen)
            return self.fdt.first_subnode(self.configurations)
        except libfdt.FdtException as err:
            raise Failure(f'{self.whose}: the FIT image has no configuration '
                          f'{chosen}') from err

    def image(self, name: str) -> bytes:
        """The data of an image, which may lie behind the tree."""
        try:
            node = self.fdt.subnode_offset(self.images, name)
        except libfdt.FdtException as err:
            raise Failure(f'{self.whose}: the FIT image has no image {name}') from err
        value = self.fdt.getprop(node, 'data', (libfdt.NOTFOUND,))
        if isinstance(value, bytearray):
            return bytes(value)
        size = self.number(node, 'data-size') or 0
        start = self.number(node, 'data-position')
        if start is None:
            start = (self.number(node, 'data-offset') or 0) + \
                (self.fdt.totalsize() + 3) // 4 * 4
        return self.data[start:start + size]


def of_fit(data: bytes, name: str, whose: str) -> Choice:
    """The configuration of a FIT image."""
    fit = Fit(data, whose)
    node = fit.configuration(name)

    def images(key: str) -> List[bytes]:
        return [fit.image(image) for image in fit.strings(node, key)]
    kernels, trees = images('kernel'), images('fdt')
    if not kernels:
        raise Failure(f'{whose}: the configuration of the FIT image has no kernel')
    return Choice(whose, kernel=kernels[0], initrd=b''.join(images('ramdisk')),
                  tree=trees[0] if trees else b'',
                  overlays=[(f'overlay{number}', overlay, '')
                            for number, overlay in enumerate(trees[1:])])


def fit_image(card: Card) -> Optional[Choice]:
    """A FIT image that nothing else names."""
    found = card.find('fitImage', 'image.fit', 'image.itb', 'fit.itb', 'kernel.itb',
                      'linux.itb', 'image.ub')
    return of_fit(found[2], '', found[1]) if found else None


# In the order in which U-Boot and firmware look for them
FORMS: List[Callable[[Card], Optional[Choice]]] = [
    extlinux, boot_script, raspberry, boot_entries, grub, fit_image]
