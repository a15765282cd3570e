// SPDX-License-Identifier: GPL-2.0-or-later
//
// Find nodes by words: of their paths, compatible strings, devices, labels, reasons and
// verdicts; a number in hexadecimal finds the node whose registers are at that address.

'use strict';

View.Search = class {
    constructor(model, input, list) {
        this.input = input;
        this.list = list;
        this.index = model.nodes.map((node) => ({
            node, text: [node.path, node.label, node.driver, node.id, node.reason,
                         node.verdict, ...node.compatible || []].join(' ').toLowerCase() }));
        input.addEventListener('input', () => this.show());
        input.addEventListener('focus', () => this.show());
        input.addEventListener('keydown', (event) => this.key(event));
        document.addEventListener('pointerdown', (event) => {
            if (!event.target.closest('.search')) {
                this.close();
            }
        });
    }

    static at(node, address) {
        return [...node.reg || [], ...node.regions || []].some(
            (reg) => reg.address <= address && address < reg.address + reg.size);
    }

    /* The nodes that have every word; those with the first one in their name come first */
    find(text) {
        const words = text.toLowerCase().split(/\s+/).filter(Boolean);
        if (!words.length) {
            return [];
        }
        const address = /^0x[0-9a-f]+$/.test(words[0]) ? Number(words[0]) : null;
        const found = this.index.filter((entry) => words.every(
            (word) => entry.text.includes(word)) ||
            (address !== null && View.Search.at(entry.node, address)));
        const rank = (entry) => (entry.node.name.startsWith(words[0]) ? 0
            : entry.node.name.includes(words[0]) ? 1 : 2) +
            ({ disabled: 6, structure: 3 }[entry.node.verdict] || 0);
        return found.map((entry) => [rank(entry), entry.node])
            .sort((a, b) => a[0] - b[0]).map((pair) => pair[1]);
    }

    show() {
        const found = this.find(this.input.value);
        this.list.hidden = !this.input.value.trim();
        this.list.replaceChildren(...found.slice(0, 40).map((node, i) => View.h(
            'div', { class: 'hit', role: 'option', 'data-path': node.path,
                     'aria-selected': String(i === 0),
                     onclick: () => this.take(node.path) },
            View.h('span', { class: 'dot ' + node.verdict }),
            View.h('span', { class: 'path' }, node.path),
            View.h('span', { class: 'what' }, View.what(node)))));
        if (!found.length && this.input.value.trim()) {
            this.list.append(View.h('div', { class: 'empty' }, 'No node has all of this.'));
        } else if (found.length > 40) {
            this.list.append(View.h('div', { class: 'empty' },
                                    `and ${found.length - 40} more: type another word`));
        }
    }

    take(path) {
        this.close();
        this.input.blur();
        const node = this.index.find((entry) => entry.node.path === path).node;
        if (View.hidden.delete(node.verdict)) {
            View.tell('filter');
        }
        View.select(path);
    }

    close() {
        this.list.hidden = true;
    }

    key(event) {
        const hits = [...this.list.querySelectorAll('.hit')];
        const at = hits.findIndex((hit) => hit.getAttribute('aria-selected') === 'true');
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && hits.length) {
            const next = hits[Math.min(Math.max(at + step, 0), hits.length - 1)];
            hits.forEach((hit) => hit.setAttribute('aria-selected', String(hit === next)));
            next.scrollIntoView({ block: 'nearest' });
            event.preventDefault();
        } else if (event.key === 'Enter' && hits[at]) {
            this.take(hits[at].dataset.path);
        } else if (event.key === 'Escape') {
            this.close();
            this.input.blur();
        } else {
            return;
        }
        event.stopPropagation();
    }
};
