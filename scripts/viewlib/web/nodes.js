// SPDX-License-Identifier: GPL-2.0-or-later
//
// Lists: of all nodes, and of what the report says of the machine as a whole.

'use strict';

View.Nodes = class {
    constructor(model, container) {
        this.model = model;
        this.container = container;
    }

    show() {
        const nodes = this.model.nodes.filter(View.isShown);
        this.container.replaceChildren(View.h('div', { class: 'holder scroll' }, View.h(
            'table', { class: 'nodes' },
            View.h('thead', {}, View.h('tr', {}, ['', 'Node', 'Device', 'Why'].map(
                (title) => View.h('th', {}, title)))),
            this.body = View.h('tbody', {}, nodes.map((node) => this.row(node))))));
        this.selected();
    }

    row(node) {
        return View.h('tr', { 'data-path': node.path,
                              onclick: () => View.select(node.path) },
                      View.h('td', {}, View.badge(node.verdict)),
                      View.h('td', { class: 'path' }, node.path),
                      View.h('td', {}, View.what(node)),
                      View.h('td', {}, node.reason || ''));
    }

    selected() {
        for (const row of this.body.children) {
            const here = row.dataset.path === View.selected;
            row.classList.toggle('selected', here);
            if (here) {
                row.scrollIntoView({ block: 'nearest' });
            }
        }
    }

    key(event) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) {
            return false;
        }
        const rows = [...this.body.children];
        const at = rows.findIndex((row) => row.dataset.path === View.selected);
        const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
        if (next) {
            View.select(next.dataset.path);
        }
        return true;
    }

    changed() {
        this.show();
    }

    resized() {
        this.selected();
    }
};

View.Board = class {
    constructor(model, container) {
        this.report = model.report;
        this.container = container;
    }

    section(title, lines, path) {
        return lines && lines.length ? [View.h('h3', {}, title), View.h(
            'ul', {}, lines.map((line) => View.h(
                'li', {}, path && path(line) ? [View.nodeLink(path(line)), ': '] : '',
                this.text(line))))] : [];
    }

    text(line) {
        if (typeof line === 'string') {
            return line;
        }
        return (line.property ? line.property + ': ' : '') + line.text;
    }

    /* Edits of one rule stand together: there may be hundreds */
    edits() {
        const rules = new Map();
        for (const edit of this.report.edits || []) {
            rules.set(edit.rule, [...rules.get(edit.rule) || [], edit]);
        }
        return [...rules].map(([rule, edits]) => View.h(
            'details', {}, View.h('summary', {}, `${rule}: ${edits.length}`),
            this.section('', edits, (edit) => edit.path).slice(1)));
    }

    memory() {
        return this.report.memory.map((bank) => ({
            path: bank.path, text: `${View.size(bank.size)} at ${View.hex(bank.address)}, ` +
                bank.memdev }));
    }

    show() {
        const { report } = this;
        const edits = this.edits();
        const taken = (report.backends || []).map((backend) => ({
            path: backend.path, text: `${backend.kind} ${backend.id}: ${backend.text}` }));
        const parts = [
            ...report.boot ? [View.h('h3', {}, 'Boot it'),
                              View.h('pre', { id: 'command' }, report.boot)] : [],
            ...report.result ? [View.h('h3', {}, 'What became of it'),
                                View.h('p', {}, report.result)] : [],
            ...this.section('Warnings', report.warnings),
            ...this.section('Memory', this.memory(), (bank) => bank.path),
            ...this.section('Ports, networks, drives', taken, (backend) => backend.path),
            ...this.section('Findings', report.findings, (finding) => finding.path),
            ...edits.length ? [View.h('h3', {}, 'Edits of the guest\u2019s tree'),
                               ...edits] : [],
            ...report.console ? [View.h('h3', {}, 'Console'),
                                 View.h('pre', { id: 'console' }, report.console)] : [],
        ];
        this.container.replaceChildren(View.h('div', { class: 'holder scroll page' }, parts));
    }

    selected() {
    }

    key() {
        return false;
    }

    changed() {
    }

    resized() {
    }
};
