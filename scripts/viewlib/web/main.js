// SPDX-License-Identifier: GPL-2.0-or-later
//
// The page: its tabs, its keys, its colours, and the address after the # in the location,
// which names the tab and the node.

'use strict';

View.Page = class {
    constructor(report) {
        this.model = new View.Model(report);
        this.view = document.getElementById('view');
        this.makeTabs();
        this.makeHeader();
        this.makeVerdicts();
        this.makeHelp();
        this.details = new View.Details(this.model, document.getElementById('details'));
        this.search = new View.Search(this.model, document.getElementById('search'),
                                      document.getElementById('found'));
        View.on('select', () => this.selected());
        View.on('filter', () => this.filtered());
        document.addEventListener('keydown', (event) => this.key(event));
        new ResizeObserver(() => this.tab.resized()).observe(this.view);
        window.addEventListener('hashchange', () => this.follow());
        this.details.show();
        this.follow();
        document.body.dataset.ready = 'yes';
    }

    makeTabs() {
        const wiring = new View.Wiring(this.model);
        const tree = (roots, empty) => new View.Tree(this.view, roots, empty);
        this.tabs = {
            map: ['Address map', new View.Map(this.model, this.view)],
            buses: ['Buses', tree(() => wiring.buses(), 'There is no node.')],
            interrupts: ['Interrupts', tree(() => wiring.tree('interrupt'),
                                            'No node has an interrupt.')],
            gpios: ['GPIO', tree(() => wiring.tree('gpio'), 'No node has a GPIO line.')],
            clocks: ['Clocks', tree(() => wiring.tree('clock'), 'No node has a clock.')],
            nodes: ['Nodes', new View.Nodes(this.model, this.view)],
            board: ['Board', new View.Board(this.model, this.view)],
        };
        document.getElementById('tabs').append(...Object.entries(this.tabs).map(
            ([name, [title]], i) => View.h('button', {
                role: 'tab', id: 'tab-' + name, title: `${title} (${i + 1})`,
                onclick: () => this.open(name) }, title)));
    }

    makeHeader() {
        const { report } = this.model;
        document.getElementById('model').textContent = report.model || report.file;
        document.getElementById('about').textContent =
            [(report.compatible || []).join(', '), `${report.cpus} CPU${report.cpus === 1 ? '' : 's'}`,
             report['cpu-architecture'],
             View.size(d3.sum(report.memory, (bank) => bank.size)) + ' RAM']
                .filter(Boolean).join(' \u00b7 ');
        document.getElementById('theme').addEventListener('click', () => View.turn());
        document.getElementById('help').addEventListener('click', () => this.keys.showModal());
    }

    makeVerdicts() {
        const counts = new Map();
        this.model.nodes.forEach((node) => counts.set(node.verdict,
                                                      (counts.get(node.verdict) || 0) + 1));
        document.getElementById('verdicts').append(...Object.entries(View.verdicts).map(
            ([verdict, meaning]) => View.h('button', {
                class: 'chip ' + verdict, title: meaning, 'data-verdict': verdict,
                'aria-pressed': String(!View.hidden.has(verdict)), onclick: () => {
                    if (!View.hidden.delete(verdict)) {
                        View.hidden.add(verdict);
                    }
                    View.tell('filter');
                } }, View.h('span', { class: 'dot ' + verdict }),
                `${counts.get(verdict) || 0} ${verdict}`)));
    }

    makeHelp() {
        this.keys = document.getElementById('keys');
        const rows = [['/', 'search'], ['1 \u2026 7', 'address map \u2026 board'],
                      ['\u2191 \u2193', 'the node before, the next one'],
                      ['\u2190 \u2192', 'fold, open (trees)'],
                      ['+ \u2212 0', 'zoom in, out, all (address map)'],
                      ['Esc', 'select nothing'], ['t', 'light or dark'], ['?', 'this']];
        this.keys.append(View.h('h2', {}, 'Keys'), View.h('dl', {}, rows.map(
            ([key, text]) => [View.h('dt', {}, View.h('kbd', {}, key)),
                              View.h('dd', {}, text)])),
                         View.h('form', { method: 'dialog' },
                                View.h('button', {}, 'Close')));
    }

    open(name) {
        if (this.name !== name) {
            this.name = name;
            this.tab = this.tabs[name][1];
            document.querySelectorAll('#tabs button').forEach((button) =>
                button.setAttribute('aria-selected', String(button.id === 'tab-' + name)));
            document.body.dataset.tab = name;
            this.tab.show();
        }
        this.remember();
    }

    /* #TAB or #TAB/PATH/OF/NODE */
    remember() {
        history.replaceState(null, '', `#${this.name}${View.selected
            ? encodeURI(View.selected) : ''}`);
    }

    follow() {
        const [, name, path] = decodeURI(location.hash).match(/^#?([a-z]*)(\/.*)?$/) || [];
        this.open(this.tabs[name] ? name : 'map');
        if (path && this.model.get(path)) {
            View.select(path);
        }
    }

    selected() {
        this.tab.selected();
        this.remember();
    }

    filtered() {
        document.querySelectorAll('.chip').forEach((chip) => chip.setAttribute(
            'aria-pressed', String(!View.hidden.has(chip.dataset.verdict))));
        this.tab.changed();
    }

    key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || this.keys.open ||
            event.target.closest('input[type=search]')) {
            return;
        }
        const names = Object.keys(this.tabs);
        if (event.key === '/') {
            document.getElementById('search').focus();
        } else if (names[event.key - 1]) {
            this.open(names[event.key - 1]);
        } else if (event.key === 't') {
            View.turn();
        } else if (event.key === '?') {
            this.keys.showModal();
        } else if (event.key === 'Escape') {
            View.select(null);
        } else if (!this.tab.key(event)) {
            return;
        }
        event.preventDefault();
    }
};

View.unpack(window.VIEW_DATA || document.getElementById('data').textContent)
    .then((report) => new View.Page(report))
    .catch((error) => {
        document.getElementById('view').textContent = `The page cannot be drawn: ${error}`;
    });
