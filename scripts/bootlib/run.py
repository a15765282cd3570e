# SPDX-License-Identifier: GPL-2.0-or-later
"""One board's U-Boot in one QEMU, with nobody at its console: how far does it get?"""

import os
import re
import selectors
import subprocess
import time
from typing import Any, Dict, List, Optional

from . import boards

BANNER = re.compile(rb'U-Boot (SPL |TPL )?20\d\d\.\d\d[^\n]*')
# What stands before the cursor, and nothing behind it
PROMPT = re.compile(rb'(?:^|[\n\r])(=> |U-Boot> |[\w.-]+(?: [\w.-]+)? ?[#>] )$')
AUTOBOOT = re.compile(rb'(autoboot|Autobooting|to abort)')
# Keys that some board or other takes to stop before it boots
STOP_KEYS = (b' ', b'\r', b's', b'\x03')
CHUNK = 4096
# SD cards have a power of two of bytes
CARD_BYTES = 64 << 20
# As long as an answer may take
ANSWER_SECONDS = 8.0
# What is asked at the prompt, and what an answer has that is a success
QUESTIONS = (
    ('mmc', 'mmc info', re.compile(rb'Manufacturer ID')),
    ('usb', 'usb start', re.compile(rb'[1-9]\d* USB Device')),
    ('dhcp', 'dhcp', re.compile(rb'DHCP client bound')),
)
# Lines that tell best why there is no more
REASONS = (
    re.compile(r'initcall \S* ?\S*failed[^\n]*'),
    re.compile(r'(data abort|prefetch abort|undefined instruction|"Synchronous Abort")'),
    re.compile(r'### ERROR ###[^\n]*'),
)


class Console:
    """QEMU's standard input and output."""

    def __init__(self, command: List[str], stderr: str):
        with open(stderr, 'wb') as file:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=file)
        assert self.process.stdin and self.process.stdout
        self.out = self.process.stdout.fileno()
        self.input = self.process.stdin.fileno()
        self.text = b''
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.out, selectors.EVENT_READ)

    def wait(self, pattern: 're.Pattern[bytes]', start: int, seconds: float) -> bool:
        """Read until what was written from there on has the pattern; false if it does
        not come in time, or QEMU ends."""
        deadline = time.monotonic() + seconds
        while not pattern.search(self.text, start):
            left = deadline - time.monotonic()
            if left <= 0 or not self.read(left):
                return False
        return True

    def read(self, seconds: float) -> bool:
        """Read once; false if nothing comes, or nothing can come any more."""
        if not self.selector.select(seconds):
            return False
        data = os.read(self.out, CHUNK)
        self.text += data.replace(b'\r', b'').replace(b'\0', b'')
        return bool(data)

    def write(self, data: bytes) -> None:
        try:
            os.write(self.input, data)
        except OSError:
            pass

    def has_ended(self) -> bool:
        """Whether QEMU has ended, which it does a moment after its output has."""
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> Optional[int]:
        """End QEMU, which writes what it was asked to; its status if it had ended."""
        status = self.process.poll()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return status


def reach_prompt(console: Console, deadline: float) -> bool:
    """Stop U-Boot before it boots, and wait for its prompt."""
    keys = 0
    start = 0
    while time.monotonic() < deadline:
        left = deadline - time.monotonic()
        if console.wait(PROMPT, start, min(left, 1.0)):
            return True
        if console.process.poll() is not None:
            return False
        if AUTOBOOT.search(console.text) and keys < 8:
            console.write(STOP_KEYS[keys % len(STOP_KEYS)])
            keys += 1
    return False


def ask(console: Console, command: str, seconds: float) -> bytes:
    """What a command prints, up to the next prompt."""
    start = len(console.text)
    console.write(command.encode() + b'\r')
    console.wait(re.compile(rb'\n[^\n]*' + PROMPT.pattern), start, seconds)
    return console.text[start:]


def why_not(console: Console, stderr: str, status: Optional[int]) -> str:
    """A line that tells best why there is no prompt."""
    if status is not None and not console.text:
        with open(stderr, encoding='utf-8', errors='replace') as file:
            lines = [line for line in file.read().splitlines() if 'warning' not in line]
        return 'QEMU ended: %s' % re.sub(r'^\S*qemu-system-\S+: (\S*/)?', '',
                                         (lines or [''])[-1])
    text = console.text.decode('utf-8', 'replace')
    for pattern in REASONS:
        found = pattern.search(text)
        if found:
            return found[0].strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return 'last line: %s' % lines[-1] if lines else 'nothing on the console'


def count_rescues(path: str) -> int:
    """How many registers the overlay of a run names."""
    try:
        with open(path, encoding='utf-8') as file:
            return len(re.findall(r'<0x|// 0x', file.read()))
    except OSError:
        return 0


class Run:
    """A run of a board, and the files that it leaves in a folder."""

    def __init__(self, board: boards.Board, folder: str, seconds: float):
        self.board = board
        self.folder = folder
        self.deadline = time.monotonic() + seconds
        self.stem = os.path.join(folder, board.name.replace('/', '-'))
        self.rescues = self.stem + '.rescues.dtso'
        self.overlay: Optional[str] = None
        self.arguments: List[str] = []
        self.questions = True

    def command(self) -> List[str]:
        """QEMU's command line; raises boards.Unknown."""
        keys = ',rescues=' + self.rescues
        if self.overlay:
            keys += ',overlays.0=' + self.overlay
        return boards.command(boards.prepare(self.board, self.folder), keys) + [
            '-display', 'none', '-serial', 'stdio', '-monitor', 'none'] + self.arguments

    def card(self) -> List[str]:
        """An empty card, for `mmc info`; all boards share it."""
        path = os.path.join(self.folder, 'card.img')
        with open(path, 'ab') as file:
            file.truncate(CARD_BYTES)
        return ['-drive', 'if=sd,format=raw,snapshot=on,file=' + path]

    def start(self) -> Console:
        """A QEMU with a card, or without one where no slot for it has a model."""
        command = self.command()
        console = Console(command + self.card(), self.stem + '.err')
        if not console.wait(re.compile(b'.'), 0, 2.0) and console.has_ended():
            console.close()
            console = Console(command, self.stem + '.err')
        return console

    def go(self, console: Console) -> Dict[str, Any]:
        """Until the prompt, and what is asked there."""
        result: Dict[str, Any] = {'prompt': reach_prompt(console, self.deadline)}
        banner = BANNER.search(console.text)
        result['banner'] = banner[0].decode('utf-8', 'replace').strip() if banner else ''
        if result['prompt'] and self.questions:
            for name, command, success in QUESTIONS:
                result[name] = bool(success.search(ask(console, command, ANSWER_SECONDS)))
        return result

    def run(self) -> Dict[str, Any]:
        """What came of it."""
        began = time.monotonic()
        result: Dict[str, Any] = {'board': self.board.name, 'banner': '', 'prompt': False}
        try:
            console = self.start()
        except boards.Unknown as err:
            return result | {'message': str(err)}
        result.update(self.go(console))
        status = console.close()
        if not result['prompt']:
            result['message'] = why_not(console, self.stem + '.err', status)
        with open(self.stem + '.console', 'wb') as file:
            file.write(console.text)
        result['rescues'] = count_rescues(self.rescues)
        result['seconds'] = round(time.monotonic() - began, 1)
        return result
