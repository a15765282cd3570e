# SPDX-License-Identifier: GPL-2.0-or-later
"""What a script of U-Boot's shell boots: its common forms, boot.scr.

Variables, if, for, run, test, setenv, env import and the commands that load files are
followed as U-Boot would; all else succeeds and does nothing.  Loads are kept by their
address, which is a number or the text of a variable; booti, bootz and bootm end it.
"""

import os
import re
import shlex
from typing import Callable, Dict, List, Optional

# Addresses that U-Boot has for its scripts
ADDRESSES = ('kernel_addr_r', 'ramdisk_addr_r', 'fdt_addr_r', 'fdtoverlay_addr_r',
             'scriptaddr', 'kernel_comp_addr_r', 'pxefile_addr_r', 'loadaddr',
             'load_addr', 'fdt_addr', 'initrd_addr', 'kernel_addr', 'ramdisk_addr')
LOADS = ('load', 'fatload', 'ext2load', 'ext4load', 'sysload')
BOOTS = ('booti', 'bootz', 'bootm')
# How many commands a script may have, and how often one script may run another
STEPS = 10000
DEPTH = 20
WORDS = re.compile(r'\$\{([^}]*)\}|\$([A-Za-z_]\w*)')


class Booted(Exception):
    """The script has come to its end: a kernel, as a rule."""


class Script:
    """A script that runs.  read(path) gives a file's content, or None."""

    def __init__(self, read: Callable[[str], Optional[bytes]],
                 variables: Dict[str, str]) -> None:
        self.read = read
        self.variables = {**{name: '@' + name for name in ADDRESSES}, **variables}
        self.loaded: Dict[str, str] = {}
        self.overlays: List[str] = []
        self.boot: List[str] = []
        self.missing: List[str] = []
        self.steps = self.depth = 0

    def expanded(self, word: str) -> str:
        return WORDS.sub(lambda name: self.variables.get(name[1] or name[2], ''), word)

    def run(self, text: str) -> bool:
        """Run a text; whether its last command has succeeded."""
        self.depth += 1
        if self.depth > DEPTH:
            raise Booted
        status = Lines(self, statements(text)).block(())
        self.depth -= 1
        return status

    def command(self, words: List[str]) -> bool:
        """Run one command."""
        self.steps += 1
        if self.steps > STEPS:
            raise Booted
        name, arguments = words[0], words[1:]
        if name in LOADS:
            return self.load(arguments)
        if name in BOOTS:
            self.boot = arguments
            raise Booted
        handler = getattr(self, 'do_' + name, None)
        return handler(arguments) if handler else True

    def load(self, arguments: List[str]) -> bool:
        """load INTERFACE DEVICE ADDRESS FILE"""
        if len(arguments) < 4:
            return False
        address, path = arguments[2], os.path.join('/', arguments[3])
        data = self.read(path)
        if data is None:
            self.missing.append(path)
            return False
        self.loaded[address] = path
        self.variables['filesize'] = f'{len(data):x}'
        return True

    def do_setenv(self, arguments: List[str]) -> bool:
        self.variables[arguments[0]] = ' '.join(arguments[1:])
        return True

    def do_env(self, arguments: List[str]) -> bool:
        """env import [-t] ADDRESS [SIZE]: lines NAME=VALUE of a file that is loaded"""
        rest = [word for word in arguments[1:] if not word.startswith('-')]
        path = self.loaded.get(rest[0]) if rest and arguments[0] == 'import' else None
        text = (self.read(path) or b'').decode(errors='replace') if path else ''
        for line in text.splitlines():
            name, sign, value = line.partition('=')
            if sign and not name.startswith('#'):
                self.variables[name.strip()] = value
        return True

    def do_run(self, arguments: List[str]) -> bool:
        return all(self.run(self.variables.get(name, '')) for name in arguments)

    def do_source(self, arguments: List[str]) -> bool:
        path = self.loaded.get(arguments[0]) if arguments else None
        return bool(path) and self.run(script_text(self.read(path or '') or b''))

    def do_false(self, _arguments: List[str]) -> bool:
        return False

    def do_exit(self, _arguments: List[str]) -> bool:
        raise Booted

    def do_fdt(self, arguments: List[str]) -> bool:
        """fdt apply ADDRESS"""
        if arguments[:1] == ['apply'] and arguments[1:] and arguments[1] in self.loaded:
            self.overlays.append(self.loaded[arguments[1]])
        return True

    def do_test(self, arguments: List[str]) -> bool:
        """-e INTERFACE DEVICE FILE, -n, -z, =, !=, numbers; joined by -a and -o"""
        for joint, both in (('-o', any), ('-a', all)):
            if joint in arguments:
                at = arguments.index(joint)
                return both((self.do_test(arguments[:at]),
                             self.do_test(arguments[at + 1:])))
        if arguments[:1] == ['!']:
            return not self.do_test(arguments[1:])
        if arguments[:1] == ['-e']:
            return self.read(os.path.join('/', arguments[-1])) is not None
        if arguments[:1] in (['-n'], ['-z']):
            return bool(''.join(arguments[1:])) == (arguments[0] == '-n')
        return len(arguments) == 3 and compared(*arguments)


def compared(left: str, how: str, right: str) -> bool:
    if how in ('=', '=='):
        return left == right
    if how == '!=':
        return left != right
    try:
        one, other = int(left, 0), int(right, 0)
    except ValueError:
        return False
    return {'-eq': one == other, '-ne': one != other, '-lt': one < other,
            '-gt': one > other, '-le': one <= other, '-ge': one >= other}.get(how, False)


def statements(text: str) -> List[List[str]]:
    """The words of each command, with quotes still on, and ; && || as statements."""
    found: List[List[str]] = []
    for line in text.replace('\\\n', ' ').splitlines():
        lexer = shlex.shlex(line, posix=False, punctuation_chars=';&|')
        lexer.whitespace_split = True
        lexer.commenters = '#'
        try:
            words = list(lexer)
        except ValueError:
            continue
        command: List[str] = []
        for word in words + [';']:
            if word in (';', '&&', '||'):
                found += [command] if command else []
                found += [[word]] if word != ';' else []
                command = []
            else:
                command.append(word)
    return found


class Lines:
    """The statements of a text, run one after the other."""

    KEYWORDS = ('if', 'then', 'elif', 'else', 'do', 'while', '{')

    def __init__(self, script: Script, found: List[List[str]]) -> None:
        self.script, self.found = script, [list(words) for words in found]

    def next_word(self) -> str:
        return self.found[0][0] if self.found else ''

    def take_word(self) -> None:
        """Drop the first word, a keyword, of the next statement."""
        self.found[0].pop(0)
        if not self.found[0]:
            self.found.pop(0)

    def block(self, ends: tuple, live: bool = True) -> bool:
        """Run, or step over, what comes before one of these keywords."""
        status = True
        while self.found and self.next_word() not in ends:
            word = self.next_word()
            if word in ('&&', '||'):
                self.take_word()
                status = self.simple(live and status == (word == '&&'), status)
            else:
                status = self.simple(live, status)
        return status

    def simple(self, live: bool, status: bool) -> bool:
        """One statement; the status stays if it is stepped over."""
        word = self.next_word()
        if word == 'if':
            return self.conditional(live)
        if word == 'for':
            return self.loop(live)
        words = self.found.pop(0) if self.found else []
        if not live or not words:
            return status
        if len(words) == 1 and re.match(r'[A-Za-z_]\w*=', words[0]):
            name, _, value = words[0].partition('=')
            words = ['setenv', name, value]
        return self.script.command(self.plain(words))

    def plain(self, words: List[str]) -> List[str]:
        """The words as a command gets them: without quotes, with variables' values."""
        result: List[str] = []
        for word in words:
            parts = re.findall(r'"[^"]*"|\'[^\']*\'|[^"\']+', word)
            text = ''.join(part[1:-1] if part[0] == "'" else
                           self.script.expanded(part.strip('"')) for part in parts)
            result += [text] if parts and parts[0][0] in '"\'' else text.split()
        return result or ['true']

    def conditional(self, live: bool) -> bool:
        """if ...; then ...; elif ...; else ...; fi"""
        done = False
        while self.next_word() in ('if', 'elif'):
            self.take_word()
            holds = self.block(('then',), live and not done)
            if self.next_word() == 'then':
                self.take_word()
            self.block(('elif', 'else', 'fi'), live and not done and holds)
            done = done or holds
        if self.next_word() == 'else':
            self.take_word()
            self.block(('fi',), live and not done)
        if self.found:
            self.take_word()
        return True

    def loop(self, live: bool) -> bool:
        """for NAME in WORDS; do ...; done"""
        words = self.found.pop(0)
        values = self.plain(words[3:]) if len(words) > 3 else []
        if self.next_word() == 'do':
            self.take_word()
        body = self.found
        self.found = [list(words) for words in body]
        self.block(('done',), False)
        rest = self.found
        for value in values if live else ():
            self.script.variables[words[1]] = value
            self.found = [list(words) for words in body]
            self.block(('done',))
        self.found = rest
        if self.found:
            self.take_word()
        return True


def script_text(data: bytes) -> str:
    """The text of a script image: after the header of 64 bytes that begins 27051956, and
    a list of lengths that ends with 0 (include/image.h of U-Boot); or a text as it is."""
    if data[:4] == bytes.fromhex('27051956'):
        data = data[72:]
    return data.split(b'\0')[0].decode(errors='replace')


def boots(text: str, read: Callable[[str], Optional[bytes]],
          variables: Dict[str, str]) -> Script:
    """Run a script until it boots, or to its end."""
    script = Script(read, variables)
    try:
        script.run(text)
    except Booted:
        pass
    return script
