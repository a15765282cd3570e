#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run QEMU with nobody at its console, for scripts/boot.

The guest's console is QEMU's standard output, and its input QEMU's standard input. The
first program of our initrd writes a line before the commands and one with their exit
status after them; what is between is their output.
"""

import argparse
import os
import re
import selectors
import subprocess
import sys
import time

BEGIN = b'fdt-machine: run\n'
END = re.compile(rb'\nfdt-machine: status (\d+)\n')
PANIC = re.compile(rb'Kernel panic - not syncing[^\n]*')
# Exit statuses for what is not the commands' own
NOT_EXPECTED, PANICKED, ENDED, TIMEOUT, REFUSED = 120, 121, 122, 124, 125
# Lines of the console that explain a failure
LAST_LINES = 15
# How much is read, and written, at once; a guest's UART takes a few bytes at a time
CHUNK = 4096


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('--timeout', type=float, default=300.0)
    add('--expect', metavar='REGEX')
    add('--commands', action='store_true', help='the initrd runs commands')
    add('--input', action='store_true', help='standard input is for the commands')
    add('command', nargs='+')
    return parser.parse_args()


class Failure(Exception):
    """The exit status, and a line that says why."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Console:
    """What the guest has written, and how much of it the user has seen."""

    def __init__(self, commands):
        self.text = b''
        self.commands = commands
        self.begin = -1 if commands else 0
        self.shown = 0
        self.status = None

    def add(self, data):
        """Take what the guest has written, with lines that end as files' do."""
        self.text += data.replace(b'\r', b'')
        if self.begin < 0 and BEGIN in self.text:
            self.begin = self.shown = self.text.index(BEGIN) + len(BEGIN)
        if self.begin >= 0:
            self.show()

    def show(self):
        """Print the output; what may become the guest's mark waits for the rest of it."""
        found = END.search(self.text, self.begin) if self.commands else None
        if found:
            self.status = int(found[1])
        self.show_to(found.start() if found
                     else self.text.rfind(b'\n') + (not self.commands))

    def show_to(self, end):
        if end > self.shown:
            sys.stdout.buffer.write(self.text[self.shown:end])
            sys.stdout.buffer.flush()
            self.shown = end

    def output(self):
        """The commands' output or, without commands, all of the console."""
        return self.text[self.begin:self.shown].decode('utf-8', 'replace')

    def panic(self):
        return PANIC.search(self.text)


class Guest:
    """A QEMU, its console, and what it still has to read."""

    def __init__(self, config):
        self.config = config
        self.console = Console(config.commands)
        self.selector = selectors.PollSelector()   # takes files, too
        self.unsent = b''
        self.process = subprocess.Popen(config.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        assert self.process.stdin and self.process.stdout
        self.stdin = self.process.stdin.fileno()
        self.stdout = self.process.stdout.fileno()
        os.set_blocking(self.stdin, False)
        self.selector.register(self.stdout, selectors.EVENT_READ, self.read)

    def read(self):
        data = os.read(self.stdout, CHUNK)
        if not data:
            self.selector.unregister(self.stdout)
            raise self.ended()
        started = self.console.begin >= 0
        self.console.add(data)
        if self.config.input and not started and self.console.begin >= 0:
            self.selector.register(sys.stdin.buffer, selectors.EVENT_READ, self.take)

    def take(self):
        """Read what is for the commands; its end is a terminal's, Ctrl-D."""
        data = os.read(sys.stdin.fileno(), CHUNK)
        self.selector.unregister(sys.stdin.buffer)
        self.unsent = data or b'\n\x04'
        self.selector.register(self.stdin, selectors.EVENT_WRITE, self.send)
        self.config.input = bool(data)

    def send(self):
        self.unsent = self.unsent[os.write(self.stdin, self.unsent):]
        if self.unsent:
            return
        self.selector.unregister(self.stdin)
        if self.config.input:
            self.selector.register(sys.stdin.buffer, selectors.EVENT_READ, self.take)

    def ended(self):
        """Why QEMU is gone before the guest was done."""
        status = self.process.wait()
        if self.console.panic():
            return Failure(PANICKED, 'the guest panicked: %s'
                           % self.console.panic()[0].decode('utf-8', 'replace'))
        if status:
            return Failure(REFUSED, 'QEMU ended with status %d' % status)
        return Failure(ENDED, 'the guest switched off, or reset, before it was done')

    def is_done(self):
        if self.config.commands:
            return self.console.status is not None
        return re.search(self.config.expect, self.console.output())

    def run(self):
        """Until the guest is done; the exit status of its commands."""
        deadline = time.monotonic() + self.config.timeout
        while not self.is_done():
            left = deadline - time.monotonic()
            if left <= 0:
                raise Failure(TIMEOUT, 'no end after %g seconds (--timeout): %s' % (
                    self.config.timeout, 'the guest has written nothing to the console'
                    if not self.console.text else 'the guest hangs, or is slow'))
            for key, _ in self.selector.select(left):
                key.data()
        expect = self.config.expect
        if expect and not re.search(expect, self.console.output()):
            raise Failure(NOT_EXPECTED, 'the output does not match %s' % expect)
        return self.console.status or 0

    def stop(self):
        self.process.kill()
        self.process.wait()


def explain(failure, console):
    """Tell why, after the end of the console, of which the user may have seen nothing."""
    lines = []
    if console.begin < 0:
        lines = console.text.decode('utf-8', 'replace').splitlines()
    elif console.status is None:
        console.show_to(len(console.text))
    if lines:
        print('--- the last lines of the console:', file=sys.stderr)
        print('\n'.join(lines[-LAST_LINES:]), file=sys.stderr)
        print('---', file=sys.stderr)
    print('boot: error: %s' % failure, file=sys.stderr)


def main():
    config = parse_args()
    guest = Guest(config)
    try:
        return guest.run()
    except Failure as failure:
        explain(failure, guest.console)
        return failure.status
    except BrokenPipeError:
        # Whoever read the output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print('\nboot: interrupted', file=sys.stderr)
        return 130
    finally:
        guest.stop()


if __name__ == '__main__':
    sys.exit(main())
