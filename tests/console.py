# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions at a console that documents show, for the tests that run them.

A block of the kind `console` has commands, each behind a prompt, and below each
command what it prints; `...` stands for anything.
"""

import re
from typing import List, NamedTuple, Tuple

PROMPT = re.compile(r'^(\$|\(QEMU\)|\(qemu\)) (.*)')


class Step(NamedTuple):
    """A command, the prompt before it, and the lines of its answer."""
    prompt: str
    command: str
    expected: List[str]


def sections(path: str) -> List[Tuple[str, List[Step]]]:
    """The sections of a document, each with its title and its steps."""
    result: List[Tuple[str, List[Step]]] = []
    console = False
    with open(path, encoding='utf-8') as file:
        lines = file.read().splitlines()
    for line in lines:
        found = PROMPT.match(line)
        if line.startswith('## '):
            result.append((line[3:], []))
        elif line.startswith('```'):
            console = line == '```console'
        elif console and found:
            result[-1][1].append(Step(found[1], found[2], []))
        elif console:
            result[-1][1][-1].expected.append(line)
    return [(title, steps) for title, steps in result if steps]


def matches(text: str, pattern: str) -> bool:
    """Whether the pieces between dots are in the text, in their order."""
    pieces = [piece.strip() for piece in pattern.split('...')]
    if len(pieces) == 1:
        return text.strip() == pattern.strip()
    position = 0
    for piece in pieces:
        position = text.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return text.startswith(pieces[0]) and (not pieces[-1] or
                                           text.rstrip().endswith(pieces[-1]))
