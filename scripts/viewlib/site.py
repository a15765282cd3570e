# SPDX-License-Identifier: GPL-2.0-or-later
"""A site of all boards of sweeps: a page that finds boards, and one for each of them.

Style, library and scripts are there once, and the data of a board is a script of its own,
so that the pages can be opened from a disk as well as from a server.
"""

import concurrent.futures
import json
import os
import shlex
import subprocess
import sys
from typing import Any, Dict, List, Optional, Tuple

from . import data, page

Board = Dict[str, Any]
# The emulators of the guests of scripts/sweep
EMULATORS = {'arm64': 'aarch64', 'armhf': 'aarch64', 'riscv64': 'riscv64'}
# A console that is longer is shown without its middle, in characters
LONGEST_CONSOLE = 60000


def guest_folder(arch: str, suite: str) -> str:
    """Where the trees of a sweep are; they are fetched if need be."""
    script = os.path.join(data.TOP, 'scripts/sweeplib/guests')
    done = subprocess.run(['sh', script, 'gallery', 'fetch', f'{arch}-{suite}'],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise data.Failure(f'the trees of {arch} ({suite}) could not be fetched')
    return done.stdout.strip()


def console_of(folder: str, name: str) -> str:
    """What the board has written, or what its kernel had in memory."""
    stem = os.path.join(folder, name.replace('/', '_'))
    for path in stem + '.console', stem + '.log':
        try:
            with open(path, 'rb') as file:
                text = file.read().decode('utf-8', 'replace').replace('\r', '')
        except OSError:
            continue
        if text.strip():
            break
    else:
        return ''
    if len(text) > LONGEST_CONSOLE:
        half = LONGEST_CONSOLE // 2
        text = text[:half] + '\n[...]\n' + text[-half:]
    return text


def boards_of(folder: str) -> List[Board]:
    """The boards of a sweep: its results, and where the tree of each is."""
    try:
        with open(os.path.join(folder, 'sweep.json'), encoding='utf-8') as file:
            sweep = json.load(file)
        about, results = sweep['about'], sweep['trees']
    except (OSError, ValueError, KeyError) as err:
        raise data.Failure(f'{folder}: no results of scripts/sweep: {err}') from err
    arch = about['name'].split('-')[0]
    trees = os.path.join(guest_folder(arch, about['suite']), 'dtbs')
    return [{'result': result, 'name': result['tree'], 'arch': arch,
             'package': about['package'], 'suite': about['suite'], 'folder': folder,
             'tree': os.path.join(trees, result['tree'] + '.dtb')} for result in results]


def boot_command(board: Board) -> str:
    """What boots it, and what does as the sweep did, with that kernel."""
    boot = ['scripts/boot', '--arch', board['arch'], board['name']]
    sweep = ['scripts/sweep', '--arch', board['arch'], '--suite', board['suite'],
             board['name']]
    return f'{shlex.join(boot)}\n{shlex.join(sweep)}'


def without_folder(text: str, path: str) -> str:
    """A message without the folder of its file: a site may go to other people."""
    return text.replace(path, os.path.basename(path))


def report_of(board: Board) -> data.Report:
    """What is to be shown of a board."""
    qemu = os.path.join(data.TOP, 'build/bin/qemu-system-' + EMULATORS[board['arch']])
    report = data.report_of(qemu, 'file=' + board['tree'].replace(',', ',,'))
    data.add_properties(report, [board['tree']])
    report['file'] = os.path.basename(board['tree'])
    report['warnings'] = [without_folder(text, board['tree'])
                          for text in report['warnings']]
    report['boot'] = boot_command(board)
    report['console'] = console_of(board['folder'], board['name'])
    report['result'] = f"{board['stage']}, with {board['package']} of {board['suite']}"
    if board['result'].get('message'):
        report['result'] += ': ' + board['result']['message']
    return report


def write(path: str, text: str) -> int:
    """A file of the site; its size."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        return file.write(text)


def counts_of(report: data.Report) -> Dict[str, int]:
    """How many nodes got which verdict."""
    counts: Dict[str, int] = {}
    for node in report['nodes']:
        counts[node['verdict']] = counts.get(node['verdict'], 0) + 1
    return counts


def missing_of(report: data.Report) -> List[str]:
    """The compatible strings of what has no model, the most specific of each."""
    return sorted({(node.get('compatible') or [''])[0] for node in report['nodes']
                   if node.get('unmatched')} - {''})


def write_board(out: str, board: Board) -> Tuple[Board, List[str]]:
    """The page of a board; what the first page says of it, and what it lacks."""
    place = f"{board['arch']}/{board['name']}"
    entry: Board = {'name': board['name'], 'arch': board['arch'], 'stage': board['stage'],
                    'message': board['result'].get('message', ''),
                    'model': board['result'].get('model', ''),
                    'compatible': board['result'].get('compatible', []), 'page': ''}
    try:
        report = report_of(board)
    except data.Failure as failure:
        entry['message'] = entry['message'] or without_folder(
            str(failure).splitlines()[-1], board['tree'])
        return entry, []
    entry.update(model=page.title_of(report), compatible=report['compatible'],
                 counts=counts_of(report), page=f'boards/{place}.html')
    root = '../' * (place.count('/') + 1)
    stem = os.path.join(out, 'boards', place)
    write(stem + '.js', f'window.VIEW_DATA = "{page.packed(report)}";\n')
    write(stem + '.html', page.linked_view(entry['model'], root,
                                           os.path.basename(stem) + '.js'))
    return entry, missing_of(report)


def number_missing(rows: List[Tuple[Board, List[str]]]) -> List[str]:
    """Put into each board the numbers of what it lacks; the names, by number."""
    names = sorted({name for _, missing in rows for name in missing})
    numbers = {name: i for i, name in enumerate(names)}
    for entry, missing in rows:
        entry['missing'] = [numbers[name] for name in missing]
    return names


def write_shared(out: str, boards: List[Board], missing: List[str]) -> None:
    """The first page, and what the pages of all boards share."""
    packed = page.packed({'boards': boards, 'missing': missing})
    write(os.path.join(out, 'view.css'), page.web('view.css') + page.web('gallery.css'))
    write(os.path.join(out, 'view.js'), page.view_script())
    write(os.path.join(out, 'gallery.js'), page.web('core.js') + page.web('gallery.js'))
    write(os.path.join(out, 'boards.js'), f'window.GALLERY_DATA = "{packed}";\n')
    write(os.path.join(out, 'index.html'), page.web('gallery.html'))


def build(folders: List[str], out: str, jobs: Optional[int]) -> int:
    """The whole site; the number of its boards."""
    # pylint: disable=import-outside-toplevel
    from sweeplib import tables
    boards = [board for folder in folders for board in boards_of(folder)]
    for board in boards:
        board['stage'] = tables.stage(board['result'])
    rows: List[Tuple[Board, List[str]]] = []
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        todo = [pool.submit(write_board, out, board) for board in boards]
        for i, job in enumerate(todo, 1):
            rows.append(job.result())
            if i % 100 == 0:
                print(f'{i} of {len(todo)} boards', file=sys.stderr, flush=True)
    write_shared(out, [entry for entry, _ in rows], number_missing(rows))
    return len(rows)
