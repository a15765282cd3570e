# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages that need no other file, and no network, when they are opened: a page has its
style, its scripts, the library d3 with its licence, and its data."""

import base64
import gzip
import html
import json
import os
import re
from typing import Any, List

from .data import Failure

HERE = os.path.join(os.path.dirname(os.path.realpath(__file__)), 'web')
# Debian's package node-d3
D3 = '/usr/share/nodejs/d3/dist/d3.min.js'
D3_LICENCE = '/usr/share/doc/node-d3/copyright'
# The parts of the view, in the order in which they need each other
SCRIPTS = ['core.js', 'model.js', 'map.js', 'tree.js', 'wiring.js', 'details.js',
           'nodes.js', 'search.js', 'main.js']


def read(path: str) -> str:
    """A file as text."""
    try:
        with open(path, encoding='utf-8') as file:
            return file.read()
    except OSError as err:
        raise Failure(f'{path}: {err.strerror}; it is of the package node-d3'
                      if path in (D3, D3_LICENCE) else f'{path}: {err.strerror}') from err


def web(name: str) -> str:
    """A file of ours."""
    return read(os.path.join(HERE, name))


def library() -> str:
    """d3, under its licence's notice, which has to stay with it."""
    notice = read(D3_LICENCE).replace('*/', '* /')
    return f'/*\n{notice}*/\n{read(D3)}'


def view_script() -> str:
    """The library and our scripts as one."""
    return '\n'.join([library(), *map(web, SCRIPTS)])


def packed(data: Any) -> str:
    """Data for a page: JSON, compressed, as text. The same for the same data."""
    text = json.dumps(data, separators=(',', ':'))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def inline(name: str, text: str) -> str:
    """A style or a script as an element of the page."""
    # Nothing in a script may look like its end; both forms mean the same in JavaScript
    text = text.replace('</script', '<\\/script')
    return f'<{name}>\n{text}</{name}>'


def filled(template: str, **parts: str) -> str:
    """A template with its places filled."""
    return re.sub(r'\{\{(\w+)\}\}', lambda place: parts[place[1]], web(template))


def title_of(report: Any) -> str:
    """How the board calls itself."""
    return report.get('model') or os.path.basename(report['file'])


def view(report: Any) -> str:
    """The page of a board, complete."""
    data = f'<script type="text/plain" id="data">{packed(report)}</script>'
    return filled('view.html', title=html.escape(title_of(report)),
                  style=inline('style', web('view.css')), data=data, home='',
                  script=inline('script', view_script()))


def linked_view(title: str, root: str, data: str) -> str:
    """The page of a board in a site, where all boards share style and scripts: @root is
    the way to its top folder, @data the file of the board's data."""
    links: List[str] = [f'<script src="{html.escape(data)}"></script>',
                        f'<script src="{root}view.js"></script>']
    return filled('view.html', title=html.escape(title),
                  style=f'<link rel="stylesheet" href="{root}view.css">',
                  home=f'<a id="home" href="{root}index.html">All boards</a>', data='',
                  script='\n'.join(links))
