// SPDX-License-Identifier: GPL-2.0-or-later
//
// The first page of a site of boards: which of them are shown. What is asked for stands
// behind the # in the location, so that it can be handed on.

'use strict';

View.Gallery = class {
    constructor(data) {
        this.boards = data.boards;
        this.names = data.missing;
        this.boards.forEach((board) => this.prepare(board));
        this.wanted = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
        for (const key of ['vendor', 'soc', 'stage']) {
            this.makeChoice(key);
        }
        this.listen();
        this.show();
        document.body.dataset.ready = 'yes';
    }

    prepare(board) {
        const soc = board.compatible[board.compatible.length - 1] || '';
        board.soc = soc;
        board.vendor = board.name.includes('/') ? board.name.split('/')[0]
            : soc.split(',')[0];
        board.text = [board.name, board.model, ...board.compatible].join(' ')
            .toLowerCase();
    }

    element(id) {
        return document.getElementById(id);
    }

    makeChoice(key) {
        const counts = new Map();
        this.boards.forEach((board) => board[key] &&
                            counts.set(board[key], (counts.get(board[key]) || 0) + 1));
        const titles = { vendor: 'All vendors', soc: 'All SoCs', stage: 'All results' };
        const sorted = [...counts].sort((a, b) => (a[0] < b[0] ? -1 : 1));
        this.element(key).append(View.h('option', { value: '' }, titles[key]),
                                 ...sorted.map(([value, count]) => View.h(
                                     'option', { value }, `${value} (${count})`)));
        this.element(key).value = this.wanted[key] || '';
        this.element(key).addEventListener('change', (event) =>
            this.want(key, event.target.value));
    }

    listen() {
        const search = this.element('search');
        search.value = this.wanted.search || '';
        search.addEventListener('input', () => this.want('search', search.value));
        this.element('lack').addEventListener('input', () => this.showMissing());
        this.element('clear').addEventListener('click', () => this.clear());
        this.element('theme').addEventListener('click', () => View.turn());
        document.addEventListener('keydown', (event) => {
            if (event.target.closest('input, select') || event.ctrlKey || event.metaKey) {
                return;
            }
            if (event.key === '/') {
                search.focus();
                event.preventDefault();
            } else if (event.key === 't') {
                View.turn();
            }
        });
    }

    clear() {
        this.wanted = {};
        for (const id of ['search', 'vendor', 'soc', 'stage', 'lack']) {
            this.element(id).value = '';
        }
        this.show();
    }

    want(key, value) {
        if (value) {
            this.wanted[key] = value;
        } else {
            delete this.wanted[key];
        }
        this.show();
    }

    /* Whether a board is as it is wanted; of its device, if @lacks says so */
    fits(board, lacks) {
        const { search, vendor, soc, stage, missing } = this.wanted;
        const words = (search || '').toLowerCase().split(/\s+/);
        return words.every((word) => board.text.includes(word)) &&
            (!vendor || board.vendor === vendor) && (!soc || board.soc === soc) &&
            (!stage || board.stage === stage) &&
            (!lacks || !missing || board.missing.includes(this.names.indexOf(missing)));
    }

    show() {
        const shown = this.boards.filter((board) => this.fits(board, true));
        this.element('about').textContent = `${shown.length} of ${this.boards.length} boards` +
            (this.wanted.missing ? ` that lack ${this.wanted.missing}` : '');
        this.element('boards').replaceChildren(View.h(
            'table', { class: 'boards' },
            View.h('thead', {}, View.h('tr', {}, ['Board', 'How far it gets', 'SoC',
                                                  'Nodes'].map((t) => View.h('th', {}, t)))),
            View.h('tbody', {}, shown.map((board) => this.row(board)))));
        this.showMissing();
        history.replaceState(null, '', '#' + new URLSearchParams(this.wanted));
    }

    row(board) {
        const name = board.model || board.name;
        const kind = board.stage.startsWith('userspace') ? 'good'
            : board.stage === 'built' ? '' : 'bad';
        return View.h('tr', {}, View.h(
            'td', {}, board.page ? View.h('a', { href: board.page }, name) : name,
            View.h('div', { class: 'dim' }, `${board.arch} ${board.name}`)),
        View.h('td', {}, View.h('span', { class: kind }, board.stage),
               View.h('div', { class: 'dim' }, board.message.slice(0, 160))),
        View.h('td', {}, board.soc), View.h('td', {}, this.share(board.counts)));
    }

    /* Verdicts of the nodes that are devices, or would be */
    share(counts) {
        if (!counts) {
            return '';
        }
        const shown = ['modelled', 'substituted', 'stub', 'ignored'];
        return View.h('div', { class: 'share', title: shown.map(
            (verdict) => `${counts[verdict] || 0} ${verdict}`).join(', ') },
                      shown.map((verdict) => View.h('span', {
                          class: verdict, style: `flex: ${counts[verdict] || 0}` })));
    }

    /* What the boards lack that fit but for that */
    showMissing() {
        const counts = new Map();
        for (const board of this.boards) {
            if (this.fits(board, false)) {
                board.missing.forEach((i) => counts.set(i, (counts.get(i) || 0) + 1));
            }
        }
        const word = this.element('lack').value.toLowerCase();
        const sorted = [...counts].filter(([i]) => this.names[i].toLowerCase()
            .includes(word)).sort((a, b) => b[1] - a[1]);
        this.element('missing').replaceChildren(...sorted.slice(0, 300).map(([i, count]) =>
            View.h('button', {
                class: 'lack', 'aria-pressed': String(this.names[i] === this.wanted.missing),
                onclick: () => this.want('missing', this.names[i] === this.wanted.missing
                    ? '' : this.names[i]) },
            View.h('b', {}, count), View.h('span', {}, this.names[i]))));
    }
};

View.unpack(window.GALLERY_DATA).then((data) => new View.Gallery(data));
