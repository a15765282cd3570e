# SPDX-License-Identifier: GPL-2.0-or-later
"""
QEMU with a machine that is put together by QMP, for the tests of this folder.

Environment, as set by meson.build:
  FDT_MACHINE_BUILD   where QEMU is built
  FDT_MACHINE_SOURCE  QEMU's source tree
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Optional

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get('FDT_MACHINE_BUILD', os.path.join(TOP, 'build/qemu'))
CACHE = os.environ.get('FDT_MACHINE_CACHE',
                       os.path.expanduser('~/.cache/fdt-machine'))
sys.path.append(os.path.join(TOP, 'scripts'))

from sweeplib.monitor import Died, Monitor, TimedOut
from sweeplib.source import SOURCE

SECONDS = int(os.environ.get('FDT_MACHINE_BOOT_SECONDS', 240))


class Skip(Exception):
    """A test point that cannot be tried here."""


class Tap:
    """Test points in TAP."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, name, func, *args):
        """Call a function; it passes unless it raises an exception."""
        self.count += 1
        try:
            func(*args)
        except Skip as reason:
            print(f'ok {self.count} {name} # SKIP {reason}', flush=True)
        except Exception as err:            # pylint: disable=broad-except
            self.failed += 1
            for line in f'{type(err).__name__}: {err}'.splitlines():
                print(f'# {line}')
            print(f'not ok {self.count} {name}', flush=True)
        else:
            print(f'ok {self.count} {name}', flush=True)

    def finish(self):
        """The plan, and the exit status."""
        print(f'1..{self.count}')
        return 1 if self.failed else 0


def program(name):
    """Path of a program of QEMU; Skip if that target is not built."""
    path = os.path.join(BUILD, name)
    if not os.path.exists(path):
        raise Skip(f'{name} is not built')
    return path


def guest_file(name, guest='arm64'):
    """Path of a file of Debian's guest; Skip if it was not fetched."""
    path = os.path.join(CACHE, f'guest-{guest}', name)
    if not os.path.exists(path):
        raise Skip(f'there is no {path}')
    return path


def guest_files():
    """Debian's kernel and initrd for arm64."""
    return [guest_file('Image'), guest_file('initrd.gz')]


def compile_tree(source, blob):
    """A .dts, or .dtso, of the repository as a blob, as scripts/boot does it."""
    subprocess.run(['sh', '-euc', '. "$top/scripts/lib.sh";'
                    ' . "$top/scripts/guest.sh"; . "$top/scripts/tree.sh";'
                    ' compile_tree "$1" "$2"', 'compile',
                    os.path.join(TOP, source), blob],
                   check=True, env={**os.environ, 'top': TOP})
    return blob


def wait_for(what, func, seconds):
    """Call a function until it returns something that is true."""
    end = time.monotonic() + seconds
    while not func():
        if time.monotonic() > end:
            raise TimeoutError(f'no {what} after {seconds} s')
        time.sleep(0.05)


class Machine:
    """A QEMU in a folder of its own, with a QMP socket and a serial port."""

    def __init__(self, qemu, *options, serial='file:serial', files=()):
        self.dir = tempfile.mkdtemp(prefix='fdt-machine-')
        for file in files:
            os.symlink(file, os.path.join(self.dir, os.path.basename(file)))
        self.path = os.path.join(self.dir, 'qmp')
        self.qmp: Optional[Monitor] = None
        self.errors = open(os.path.join(self.dir, 'errors'), 'w+b')
        self.said = ''
        self.process: subprocess.Popen      # while the block of `with` is executed
        self.command = [program(qemu), *options, '-display', 'none',
                        '-serial', serial,
                        '-qmp', 'unix:qmp,server=on,wait=off']

    def __enter__(self):
        self.start()
        return self

    def start(self):
        """Start it, and wait until it can be connected to."""
        self.process = subprocess.Popen(self.command, cwd=self.dir,
                                        stdin=subprocess.DEVNULL,
                                        stdout=self.errors,
                                        stderr=self.errors)
        try:
            wait_for('QMP socket', self.started, 60)
        except (ChildProcessError, TimeoutError):
            self.end()
            raise

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Kill it, and remove its folder; what it has printed is kept."""
        if self.qmp:
            self.qmp.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.said = self.messages()
        self.errors.close()
        shutil.rmtree(self.dir)

    def started(self):
        """Whether it answers; an error if it has ended instead."""
        if self.process.poll() is not None:
            raise ChildProcessError(f'QEMU ended: {self.messages()}')
        return os.path.exists(self.path)

    def messages(self):
        """What QEMU has printed."""
        with open(os.path.join(self.dir, 'errors'), encoding='utf-8',
                  errors='replace') as file:
            return file.read()

    def serial(self):
        """What the guest has printed."""
        try:
            with open(os.path.join(self.dir, 'serial'), encoding='utf-8',
                      errors='replace') as file:
                return file.read()
        except FileNotFoundError:
            return ''

    def expect(self, text, seconds=SECONDS):
        """Wait until the guest has printed a text."""
        try:
            wait_for(repr(text), lambda: text in self.serial(), seconds)
        except TimeoutError as err:
            tail = '\n'.join(self.serial().splitlines()[-10:])
            raise TimeoutError(f'{err}; the guest said:\n{tail}') from None

    def connect(self):
        """Become the client of QMP."""
        wait_for('QMP server', self.answers, 60)

    def answers(self):
        """Whether somebody listens; the socket is there a moment before."""
        self.qmp = Monitor()
        try:
            self.qmp.connect(self.path, time.monotonic() + 60)
        except Died:
            self.qmp.close()
            self.qmp = None
            self.started()
            return False
        return True

    def send_line(self, line):
        """Send a line, and return the answer; events are dropped."""
        request = json.loads(line)
        assert self.qmp, 'connect() comes first'
        try:
            return self.qmp.command(request['execute'], time.monotonic() + 60,
                                    **request.get('arguments', {}))
        except TimedOut:
            raise TimeoutError(f'{line}: no answer') from None
        except Died:
            self.process.wait(60)
            status = self.process.returncode
            name = signal.Signals(-status).name if status < 0 else status
            raise ChildProcessError(f'{line}: QEMU ended ({name}): '
                                    f'{self.messages()}') from None

    def send(self, command, **arguments):
        """Execute a command, and return what it returns."""
        request = {'execute': command, 'arguments': arguments}
        answer = self.send_line(json.dumps(request))
        if 'error' in answer:
            raise RuntimeError(f'{command}: {answer["error"]["desc"]}')
        return answer['return']

    def shell(self, lines):
        """Give lines to QEMU's qmp-shell, and return the answers' text."""
        shell = os.path.join(SOURCE, 'scripts/qmp/qmp-shell')
        result = subprocess.run([shell, 'qmp'], cwd=self.dir,
                                input='\n'.join(lines) + '\n', text=True,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, timeout=SECONDS, check=False,
                                env={**os.environ, 'HOME': self.dir})
        answers = result.stdout.split('(QEMU) ')[1:]
        return [answer.strip() for answer in answers][:len(lines)]
