# SPDX-License-Identifier: GPL-2.0-or-later
"""One tree in one QEMU: how far does it get?

Everything is learned from outside: from QEMU's exit status and what it says on
standard error, from QMP, from the console that the guest writes to, and from the
kernel's log in the guest's memory, which is there whether or not QEMU has a model
of the UART that the tree names as console.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from typing import Dict

from .monitor import Died, Monitor, TimedOut

# The line of the initrd's first program, on the console and in the kernel's log
USERSPACE = re.compile(r'fdt-machine: userspace: (\S+), (\d+) CPUs')
KERNEL = re.compile(r'Linux version \d|Booting Linux on physical CPU 0x[0-9a-f]+\b')
BROUGHT_UP = re.compile(r'Brought up \d+ nodes?, (\d+) CPUs?')
# What begins the kernel's own log; the format string in its image has a % here
LOG_START = re.compile(rb'Booting Linux on physical CPU 0x[0-9a-f]+')
# Where printk takes a level off the front, the last two characters stay twice
STRIPPED = re.compile(r'(..)\1$')
# The kernel, its data and its log lie in this part of the bank that it is in
KERNEL_SPAN = 96 << 20
SMALLEST_KERNEL_BANK = 32 << 20
LOG_BYTES = 512 << 10
VERDICTS = ('modelled', 'substituted', 'stub', 'memory', 'structure', 'disabled',
            'ignored')


# Architectures of boot CPUs that a kernel for ARMv7 does not run on
BEFORE_ARMV7 = {'armv5': 'ARMv5', 'armv6': 'ARMv6'}

# A kernel that cannot switch the power off has stopped for good when it says so
HALTED = re.compile(r'reboot: (Power off not available: )?System halted')
# How often a silent guest's log is looked at, in seconds
LOOK_EVERY = 15


@contextlib.contextmanager
def started(command, stderr):
    """A QEMU with a socket for QMP, which is ended when the block is left: the process,
    the client of its monitor, and the socket that this one shall connect to."""
    ours, theirs = socket.socketpair()
    monitor = Monitor()
    with ours, theirs, open(stderr, 'wb') as file:
        chardev = 'socket,id=qmp,fd=%d' % theirs.fileno()
        process = subprocess.Popen(
            command + ['-chardev', chardev, '-mon', 'chardev=qmp,mode=control'],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=file,
            pass_fds=[theirs.fileno()])
        theirs.close()
        try:
            yield process, monitor, ours
        finally:
            process.kill()
            process.wait()
            monitor.close()


def text_of(path):
    """What a file holds, as text; nothing if it is not there."""
    try:
        with open(path, 'rb') as file:
            return file.read().decode('utf-8', 'replace')
    except OSError:
        return ''


def log_places(report):
    """(address, size) of the memory that may hold the kernel's log: where the kernel
    is loaded to and, for the longer log of many CPUs, at the end of all memory."""
    banks = report.get('memory', [])
    places = [(b['address'], min(b['size'], KERNEL_SPAN)) for b in banks
              if b['size'] >= SMALLEST_KERNEL_BANK][:1]
    if banks:
        last = max(banks, key=lambda b: b['address'])
        size = min(last['size'], KERNEL_SPAN)
        places.append((last['address'] + last['size'] - size, size))
    return places


def kernel_log(monitor, report, path, deadline):
    """The kernel's messages, read from the guest's memory."""
    texts = []
    for address, size in log_places(report):
        reply = monitor.command('pmemsave', deadline, val=address, size=size,
                                filename=path)
        if 'error' in reply:
            continue
        with open(path, 'rb') as file:
            memory = file.read()
        os.unlink(path)
        texts += [memory[m.start():m.start() + LOG_BYTES]
                  for m in LOG_START.finditer(memory)]
    # A longer log buffer takes over from the first one, which stays as it was
    text = max(texts, key=log_length, default=b'')
    return '\n'.join(log_lines(text))


def log_lines(data):
    """The messages at the beginning of a log buffer, which has NULs between."""
    end = data.find(b'\0' * 4096)
    data = data[:end] if end >= 0 else data
    chunks = re.findall(rb'[\t\x20-\x7e]{3,}', data)
    return [STRIPPED.sub(r'\1', chunk.decode('ascii')) for chunk in chunks]


def log_length(data):
    """How much of a log buffer is in use."""
    end = data.find(b'\0' * 4096)
    return end if end >= 0 else len(data)


def count_nodes(report):
    """How many nodes got which verdict."""
    counts = dict.fromkeys(VERDICTS, 0)
    for node in report.get('nodes', []):
        counts[node['verdict']] = counts.get(node['verdict'], 0) + 1
    return counts


def stands_in(report, path):
    """Whether the node is one that the rule for consoles has added."""
    return any(e['rule'] == 'console' and e['path'] == path and e['text'] == 'added'
               for e in report.get('edits', []))


def describe(report):
    """What the report says of a machine, without its nodes."""
    rules: Dict[str, int] = {}
    for edit in report.get('edits', []):
        rules[edit['rule']] = rules.get(edit['rule'], 0) + 1
    console = [b['path'] for b in report.get('backends', [])
               if b['kind'] == 'serial' and 'path' in b]
    return {
        'model': report.get('model', ''),
        'compatible': report.get('compatible', []),
        'cpus': report.get('cpus', 0),
        'nodes': count_nodes(report),
        'rules': rules,
        'console': console[0] if console else None,
        'stand_in': bool(console) and stands_in(report, console[0]),
        'substitutes': sorted({n['reason'] for n in report.get('nodes', [])
                               if n['verdict'] == 'substituted' and n.get('reason')}),
    }


def wrong_cpu(report):
    """Why a kernel for ARMv7 cannot run, if the boot CPU is the reason."""
    old = BEFORE_ARMV7.get(report.get('cpu-architecture', ''))
    if not old:
        return None
    return 'not started: the CPU is %s, and the kernel is for ARMv7' % old


def last_words(text, tree):
    """The message of a QEMU that refused, without the names of its files."""
    lines = [re.sub(r'^\S*qemu-system-\S+: ', '', line) for line in text.splitlines()]
    lines = [line for line in lines if line and 'warning:' not in line]
    text = '; '.join(lines[:4]) or 'no message'
    return text.replace(tree, os.path.basename(tree))


def ended(process, stderr, tree):
    """What became of a QEMU that has gone before its machine was built."""
    code = process.wait()
    text = text_of(stderr)
    if code < 0:
        return {'build': 'crash', 'message': '%s: %s' % (
            signal.Signals(-code).name, last_words(text, tree))}
    return {'build': 'refused' if code == 1 else 'crash',
            'message': last_words(text, tree)}


def outcome(reason, console, log, stand_in):
    """How far the guest got, by what it wrote, on the tree's own console or on one that
    stands in, and why it stopped."""
    on_console = USERSPACE.search(console)
    in_log = USERSPACE.search(log)
    brought_up = BROUGHT_UP.search(console) or BROUGHT_UP.search(log)
    result = {'stop': reason, 'cpus_up': 0,
              'kernel': bool(KERNEL.search(console) or KERNEL.search(log))}
    if on_console:
        result['userspace'] = 'stand-in' if stand_in else 'own console'
    elif reason == 'guest-shutdown' or in_log:
        result['userspace'] = 'headless'
    else:
        result['userspace'] = None
    said = on_console or in_log
    if said:
        result['cpus_up'] = int(said[2])
    elif brought_up:
        result['cpus_up'] = int(brought_up[1])
    if result['userspace']:
        result['kernel'] = True
    return result


def why_not(reason, log, console):
    """A line that tells best why there is no userspace."""
    lines = [line for line in (log or console).splitlines() if line.strip()]
    for pattern in ('Kernel panic', 'Internal error', 'Unable to handle', 'BUG: '):
        for line in lines:
            if pattern in line:
                return line.strip()
    return '%s: %s' % (reason, lines[-1].strip() if lines else 'no kernel message')


class Run:
    """A run of a tree: its command line and the files that it leaves."""

    def __init__(self, tree, config, stem):
        self.tree = tree
        self.config = config
        self.start = 0.0
        self.console = stem + '.console'
        self.log = stem + '.log'
        self.work = tempfile.mkdtemp(prefix='sweep-')
        self.report = os.path.join(self.work, 'report.json')
        self.stderr = os.path.join(self.work, 'stderr')

    def command(self):
        config = self.config
        option = 'file=%s,report=%s' % (self.tree.replace(',', ',,'), self.report)
        if config.rules:
            option += ',' + config.rules
        command = [config.qemu, '-dtb-machine', option, '-display', 'none',
                   '-S', '-no-reboot', '-no-shutdown', '-monitor', 'none',
                   '-net', 'none',
                   '-serial', 'file:' + self.console.replace(',', ',,')]
        if not config.build_only:
            command += ['-kernel', config.kernel, '-initrd', config.initrd,
                        '-append', config.append]
        return command + config.arguments

    def read_log(self, monitor, report):
        return kernel_log(monitor, report, os.path.join(self.work, 'memory'),
                          time.monotonic() + 60)

    def wait(self, monitor, report, deadline):
        """Why the guest has stopped, or timeout if it has not for a while."""
        try:
            event = monitor.event('SHUTDOWN', min(deadline,
                                                  time.monotonic() + LOOK_EVERY))
            return event['data']['reason']
        except TimedOut:
            halted = HALTED.search(self.read_log(monitor, report))
            return 'halted' if halted else 'timeout'

    def boot(self, process, monitor, report):
        """Let the guest run until it stops, or for as long as it may."""
        deadline = time.monotonic() + self.config.timeout
        reason = 'timeout'
        try:
            monitor.command('cont', deadline)
            while reason == 'timeout' and time.monotonic() < deadline:
                reason = self.wait(monitor, report, deadline)
            if reason in ('timeout', 'halted'):
                monitor.command('stop', time.monotonic() + 20)
        except Died:
            code = process.wait()
            return {'stop': 'crash', 'kernel': False, 'userspace': None, 'cpus_up': 0,
                    'message': 'QEMU ended with status %d: %s' % (
                        code, last_words(text_of(self.stderr), self.tree))}
        log = self.read_log(monitor, report)
        console = text_of(self.console)
        result = outcome(reason, console, log, describe(report)['stand_in'])
        if not result['userspace']:
            result['message'] = why_not(reason, log, console)
        with open(self.log, 'w', encoding='utf-8') as file:
            file.write(log)
        return result

    def go(self, process, monitor, socket_):
        deadline = time.monotonic() + self.config.timeout
        try:
            monitor.connect(socket_, deadline)
        except TimedOut:
            return {'build': 'hang', 'message': 'no machine after %d s'
                    % self.config.timeout}
        except Died:
            return ended(process, self.stderr, self.tree)
        built = time.monotonic()
        report = json.loads(text_of(self.report))
        result = {'build': 'built', 'build_seconds': round(built - self.start, 2)}
        result.update(describe(report))
        wrong = wrong_cpu(report) if self.config.armv7 else None
        if wrong:
            result.update({'stop': 'not started', 'kernel': False, 'userspace': None,
                           'cpus_up': 0, 'message': wrong})
        elif not self.config.build_only:
            try:
                result.update(self.boot(process, monitor, report))
            except (Died, TimedOut):
                result.update({'stop': 'hang', 'kernel': False, 'userspace': None,
                               'cpus_up': 0, 'message': 'the monitor does not answer'})
        return result

    def run(self):
        self.start = time.monotonic()
        try:
            with started(self.command(), self.stderr) as parts:
                result = self.go(*parts)
        finally:
            shutil.rmtree(self.work)
        result['seconds'] = round(time.monotonic() - self.start, 1)
        return result
