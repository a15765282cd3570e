// SPDX-License-Identifier: GPL-2.0-or-later
//
// What all parts of the page use: elements, numbers as text, and what is selected.

'use strict';

const View = {
    verdicts: {
        modelled: 'a device of QEMU models it',
        substituted: 'a near relative stands in for it',
        stub: 'no model: reads give 0, writes are dropped',
        memory: 'RAM',
        structure: 'describes others: a bus, a container, a table',
        disabled: 'its status, or that of a node above it, is not okay',
        ignored: 'needs no model, or nothing is known of it',
    },
    hidden: new Set(['disabled']),
    selected: null,
    listeners: { select: [], filter: [], theme: [] },
};

View.on = (event, listener) => View.listeners[event].push(listener);
View.tell = (event) => View.listeners[event].forEach((listener) => listener());

/* Make the node of that path the selected one; null for none */
View.select = (path) => {
    if (path === View.selected) {
        return;
    }
    View.selected = path;
    View.tell('select');
};

View.fill = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) {
        if (name.startsWith('on')) {
            element.addEventListener(name.slice(2), value);
        } else if (value !== false && value !== null && value !== undefined) {
            element.setAttribute(name, value === true ? '' : value);
        }
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null &&
                                             child !== undefined && child !== false));
    return element;
};

/* An element of HTML, and one of SVG: name, attributes (on... are listeners), children */
View.h = (name, attributes, ...children) =>
    View.fill(document.createElement(name), attributes, children);
View.s = (name, attributes, ...children) =>
    View.fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes,
              children);

/* Beyond 2^53 a number is not exact, and its last digits would be wrong */
View.hex = (number) => '0x' + BigInt(Math.round(number)).toString(16);

View.size = (bytes) => {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) {
        bytes /= 1024;
        unit++;
    }
    return (Number.isInteger(bytes) ? bytes : bytes.toFixed(1)) + ' ' + units[unit];
};

/* Data that was packed by page.py */
View.unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return JSON.parse(await new Response(stream).text());
};

/* How wide a text is in the font of the pictures, in pixels */
View.width = (() => {
    const context = document.createElement('canvas').getContext('2d');
    return (text, font) => {
        context.font = font || '13px system-ui, sans-serif';
        return context.measureText(text).width;
    };
})();

/* A text that is no wider, cut at its end if need be */
View.cut = (text, pixels, font) => {
    if (View.width(text, font) <= pixels) {
        return text;
    }
    let length = text.length;
    while (length > 1 && View.width(text.slice(0, length) + '\u2026', font) > pixels) {
        length--;
    }
    return text.slice(0, length) + '\u2026';
};

/* A button that leads to a node */
View.nodeLink = (path, text) =>
    View.h('button', { class: 'link', 'data-path': path, title: path,
                       onclick: () => View.select(path) }, text || path);

View.badge = (verdict) => View.h('span', { class: 'badge ' + verdict }, verdict);

/* Light and dark; at first, what the reader's system has */
View.turn = () => {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const now = document.documentElement.dataset.theme || (dark ? 'dark' : 'light');
    document.documentElement.dataset.theme = now === 'dark' ? 'light' : 'dark';
};
