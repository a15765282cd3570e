# SPDX-License-Identifier: GPL-2.0-or-later
"""One guest on one of two machines: QEMU's own, or the one built from the tree."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from typing import Any, Dict

from . import machine, memmap
from .monitor import Died, TimedOut

SAYS = re.compile(r'^side-by-side: (.*?)\r?$', re.MULTILINE)
LINE = re.compile(r'(sd|disk|net|flash) (works|failed): (.*)')
UP = re.compile(r'userspace: (\S+), (\d+) CPUs')
NUM_SERIALS = 6
DISK_SIZE = 64 << 20
# Written into both file systems, and served to the network
MARKER = 'side-by-side\n'


def make_flash(path, mebibytes):
    """What a flash chip of that size has in it: the marker, at its begin."""
    with open(path, 'wb') as file:
        file.write(MARKER.encode())
        file.truncate(mebibytes << 20)


def make_disk(path):
    """A file system with the marker, of a size that a card can have."""
    with open(path, 'wb') as file:
        file.truncate(DISK_SIZE)
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, 'marker'), 'w', encoding='ascii') as file:
            file.write(MARKER)
        subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext4', '-d', folder, path],
                       check=True)


def has_answer(path):
    """Whether the guest has written to a file system."""
    done = subprocess.run(['debugfs', '-R', 'cat /answer', path], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout == b'answer\n'


def expected(pair):
    """What a guest may find: numbers of cards, disks, networks and flash chips."""
    return {'sd': 1 if pair.get('card') else len(pair.get('sd', [])),
            'disk': 1 if pair.get('disk') else 0,
            'net': pair.get('net', 0) + (1 if pair.get('usb') else 0),
            'flash': 1 if pair.get('flash') else 0}


class Side:
    """A run of a pair on one of its machines."""

    def __init__(self, pair, ours, config, stem):
        self.pair = pair
        self.ours = ours
        self.config = config
        self.stem = stem + ('.tree' if ours else '.board')
        self.work = tempfile.mkdtemp(prefix='side-by-side-')
        self.report = os.path.join(self.work, 'report.json')
        self.stderr = os.path.join(self.work, 'stderr')
        self.images = {}

    def image(self, name):
        path = os.path.join(self.work, name)
        make_disk(path)
        self.images[name] = path
        return path

    def serials(self):
        return ['%s.serial%d' % (self.stem, i) for i in range(NUM_SERIALS)]

    def machine_options(self):
        tree = self.config.trees[self.pair['machine']].replace(',', ',,')
        if self.ours:
            return ['-dtb-machine', 'file=%s,report=%s' % (tree, self.report)]
        options = ['-M', self.pair['machine']]
        if 'smp' in self.pair:
            options += ['-smp', str(self.pair['smp'])]
        return options + ['-dtb', tree]

    def drives(self):
        options = []
        for where in self.pair.get('sd', []):
            options += ['-drive', 'if=sd,%s,format=raw,file=%s' % (
                where, self.image('sd-' + where))]
        if self.pair.get('card') and self.ours:
            options += ['-drive', 'if=sd,format=raw,file=' + self.image('sd')]
        elif self.pair.get('card'):
            options += ['-drive', 'if=none,id=card,format=raw,file=' + self.image('sd'),
                        '-device', 'sd-card,drive=card']
        if 'disk' in self.pair:
            options += ['-drive', 'if=none,id=disk,format=raw,file=' + self.image('disk'),
                        '-device', self.pair['disk'] + ',drive=disk' + self.disk_bus()]
        if 'flash' in self.pair:
            path = os.path.join(self.work, 'flash')
            make_flash(path, self.pair['flash'])
            options += ['-drive', 'if=mtd,format=raw,file=' + path]
        return options

    def disk_bus(self):
        if self.ours or 'disk_bus' not in self.pair:
            return ''
        return ',bus=' + self.pair['disk_bus']

    def nics(self):
        options = []
        for _ in range(self.pair.get('net', 0)):
            model = self.pair.get('nic_model')
            options += ['-nic', 'user,tftp=%s%s' % (
                self.work, ',model=' + model if model and not self.ours else '')]
        if self.pair.get('usb'):
            options += ['-netdev', 'user,id=usb,tftp=' + self.work,
                        '-device', 'usb-net,netdev=usb']
        return options or ['-net', 'none']

    def command(self):
        with open(os.path.join(self.work, 'marker'), 'w', encoding='ascii') as file:
            file.write(MARKER)
        command = [self.config.qemu] + self.machine_options() + [
            '-display', 'none', '-S', '-no-reboot', '-monitor', 'none']
        if 'no_kernel' in self.pair:
            return command + ['-net', 'none']
        probe = ','.join('%s:%d' % item for item in expected(self.pair).items())
        if 'm' in self.pair:
            command += ['-m', self.pair['m']]
        command += self.drives() + self.nics()
        for path in self.serials():
            command += ['-serial', 'file:' + path.replace(',', ',,')]
        kernel, initrd = self.config.guests[self.pair['arch']]
        return command + ['-kernel', kernel, '-initrd', initrd, '-append', ' '.join(
            filter(None, ['panic=-1', 'probe=' + probe, self.pair.get('append')]))]

    def memory(self, monitor, deadline):
        """The machine's regions, each with the type of its owner."""
        reply = monitor.command('human-monitor-command', deadline,
                                **{'command-line': 'info mtree -f -o'})
        regions = memmap.parse(reply['return'])
        for entry in regions:
            if entry['owner']:
                kind = monitor.command('qom-get', deadline, path=entry['owner'],
                                       property='type')
                entry['type'] = kind.get('return')
        return regions

    def console(self):
        """What the guest has written, on whatever port."""
        return '\n'.join(filter(None, map(machine.text_of, self.serials())))

    def watch(self, monitor, deadline):
        """Let the guest run until it has said all, or for as long as it may, and
        return why it has ended."""
        monitor.command('cont', deadline)
        while time.monotonic() < deadline:
            try:
                event = monitor.event('SHUTDOWN', min(deadline, time.monotonic() + 2))
                return event['data']['reason']
            except TimedOut:
                if 'done' in SAYS.findall(self.console()):
                    return 'done'
        return 'timeout'

    def boot(self, process, monitor):
        deadline = time.monotonic() + self.config.timeout
        died, reason = False, None
        try:
            reason = self.watch(monitor, deadline)
            monitor.command('quit', time.monotonic() + 10)
            process.wait(10)
        except (Died, TimedOut, subprocess.TimeoutExpired):
            died = process.poll() not in (None, 0)
        console = self.console()
        with open(self.stem + '.console', 'w', encoding='utf-8') as file:
            file.write(console)
        result = outcome(console)
        result['stop'] = reason
        result['written'] = sum(map(has_answer, self.images.values()))
        if died:
            result['message'] = machine.last_words(machine.text_of(self.stderr), '')
        return result

    def go(self, process, monitor, socket_):
        deadline = time.monotonic() + 60
        try:
            monitor.connect(socket_, deadline)
            result = {'built': True, 'regions': self.memory(monitor, deadline)}
        except (Died, TimedOut):
            process.kill()
            process.wait()
            return {'built': False,
                    'message': machine.last_words(machine.text_of(self.stderr), '')}
        if self.ours:
            result['report'] = json.loads(machine.text_of(self.report))
            del result['report']['commands']
        if 'no_kernel' not in self.pair:
            result.update(self.boot(process, monitor))
        return result

    def run(self):
        start = time.monotonic()
        try:
            with machine.started(self.command(), self.stderr) as parts:
                result = self.go(*parts)
        finally:
            for path in self.serials():
                if os.path.exists(path):
                    os.unlink(path)
            shutil.rmtree(self.work)
        result['seconds'] = round(time.monotonic() - start, 1)
        return result


def outcome(console):
    """What a guest says of itself."""
    said = SAYS.findall(console)
    up = [m for m in map(UP.match, said) if m]
    result: Dict[str, Any] = {
        'kernel': bool(machine.KERNEL.search(console)), 'userspace': bool(up),
        'cpus': int(up[0][2]) if up else 0, 'done': 'done' in said,
        'sd': [], 'disk': [], 'net': [], 'flash': [], 'failed': [], 'deferred': []}
    for line in said:
        match = LINE.match(line)
        if match and match[2] == 'works':
            result[match[1]].append(match[3])
        elif match:
            result['failed'].append('%s: %s' % (match[1], match[3]))
        elif line.startswith('deferred: '):
            result['deferred'].append(line[len('deferred: '):])
    return result
