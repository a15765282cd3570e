# SPDX-License-Identifier: GPL-2.0-or-later
"""All boards that Debian packages a U-Boot for, and the page that says how far each of
them gets."""

import argparse
import concurrent.futures
import datetime
import json
import os
import re
import sys
from typing import Any, Dict, List

from . import boards, run

PAGE = os.path.join(boards.TOP, 'docs/generated/firmware.md')
HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
# Which boards' firmware starts

U-Boot as Debian packages it, unmodified, on the machine that `-dtb-machine` builds from
the control tree of the same build, or, where that has no CPUs, from the tree of the board
in Debian's kernel package; written by `scripts/sweep --firmware --docs`. *Banner* means
that U-Boot has told its version on the console, *prompt* that it takes commands there.
*Rescues* is the number of registers without a model that it waited for in vain, and that
answered with bits that vary until it went on ([firmware.md](../firmware.md)): what it
makes of them may be wrong. *mmc*, *usb* and *dhcp* say that `mmc info` finds a card,
`usb start` a device, and `dhcp` an address.

"""


def parse_args(arguments: List[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog='scripts/sweep --firmware', description=__doc__,
        usage='%(prog)s [OPTION...] [BOARD...]')
    add = parser.add_argument
    add('boards', metavar='BOARD', nargs='*', help='a board of scripts/firmware list')
    add('--match', metavar='REGEX', help='only boards whose name matches')
    add('--jobs', metavar='N', type=int, default=os.cpu_count(),
        help='QEMUs at a time (as many as there are CPUs)')
    add('--timeout', metavar='S', type=float, default=60.0,
        help='seconds that a board may take to its prompt (60)')
    add('--fresh', action='store_true', help='forget earlier results')
    add('--retry', action='store_true', help='run again what did not reach its prompt')
    add('--docs', action='store_true', help='write docs/generated/firmware.md')
    add('--out', metavar='DIR', default=os.path.join(boards.TOP, 'build/sweep/firmware'),
        help='folder of the results (build/sweep/firmware)')
    return parser.parse_args(arguments)


def result_path(config: argparse.Namespace, board: boards.Board) -> str:
    return os.path.join(config.out, board.name.replace('/', '-') + '.json')


def load(config: argparse.Namespace, board: boards.Board) -> Dict[str, Any]:
    """The result that a board has already, or an empty one."""
    try:
        with open(result_path(config, board), encoding='utf-8') as file:
            result: Dict[str, Any] = json.load(file)
    except (OSError, ValueError):
        return {}
    return {} if config.fresh or (config.retry and not result['prompt']) else result


def run_one(config: argparse.Namespace, board: boards.Board) -> Dict[str, Any]:
    result = run.Run(board, config.out, config.timeout).run()
    result['date'] = datetime.date.today().isoformat()
    with open(result_path(config, board), 'w', encoding='utf-8') as file:
        json.dump(result, file, indent=1)
    return result


def stage(result: Dict[str, Any]) -> str:
    return 'prompt' if result['prompt'] else 'banner' if result['banner'] else 'silent'


def run_all(config: argparse.Namespace, chosen: List[boards.Board]
            ) -> List[Dict[str, Any]]:
    """Run what has no result yet; the results of all, in order."""
    results = {board.name: load(config, board) for board in chosen}
    todo = [board for board in chosen if not results[board.name]]
    with concurrent.futures.ThreadPoolExecutor(config.jobs) as pool:
        jobs = [pool.submit(run_one, config, board) for board in todo]
        for i, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            r = job.result()
            results[r['board']] = r
            print('%3d/%d %-36s %s%s' % (
                i, len(todo), r['board'], stage(r),
                ': ' + r['message'][:100] if r.get('message') else ''),
                file=sys.stderr, flush=True)
    return [results[board.name] for board in chosen]


def tick(result: Dict[str, Any], name: str) -> str:
    return 'yes' if result.get(name) else '-'


def cell(text: str) -> str:
    return re.sub(r'[|\x00-\x1f]', ' ', text)[:100]


def summary(results: List[Dict[str, Any]]) -> List[str]:
    """What the results amount to, a line each."""
    return ['%d boards' % len(results),
            '%d banners' % sum(bool(r['banner']) for r in results),
            '%d prompts' % sum(r['prompt'] for r in results)] + [
        '%d %s' % (sum(bool(r.get(name)) for r in results), name)
        for name, _, _ in run.QUESTIONS]


def page(results: List[Dict[str, Any]]) -> str:
    """The text of docs/generated/firmware.md."""
    lines = ['%s; last run %s.' % (', '.join(summary(results)),
                                   max(r.get('date', '') for r in results)), '',
             '| board | reached | rescues | mmc | usb | dhcp | why no further |',
             '|---|---|---|---|---|---|---|']
    for r in results:
        lines.append('| %s | %s | %d | %s | %s | %s | %s |' % (
            r['board'], stage(r), r.get('rescues', 0), tick(r, 'mmc'), tick(r, 'usb'),
            tick(r, 'dhcp'), cell(r.get('message', ''))))
    return HEAD + '\n'.join(lines) + '\n'


def main(arguments: List[str]) -> int:
    config = parse_args(arguments)
    every = boards.list_boards()
    try:
        chosen = [boards.find_board(name, every) for name in config.boards] or every
    except boards.Unknown as err:
        sys.exit('sweep: error: %s' % err)
    chosen = [b for b in chosen if not config.match or re.search(config.match, b.name)]
    os.makedirs(config.out, exist_ok=True)
    results = run_all(config, chosen)
    print('\n'.join(summary(results)))
    if config.docs:
        with open(PAGE, 'w', encoding='utf-8') as file:
            file.write(page(results))
    return 0
