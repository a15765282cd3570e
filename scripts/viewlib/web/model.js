// SPDX-License-Identifier: GPL-2.0-or-later
//
// The report as a graph: nodes that know what is above and below them, and what they are
// connected with.

'use strict';

View.Model = class {
    constructor(report) {
        this.report = report;
        this.nodes = report.nodes;
        this.byPath = new Map(this.nodes.map((node) => [node.path, node]));
        this.nodes.forEach((node) => this.prepare(node));
        this.nodes.forEach((node) => this.connect(node));
        (report.edits || []).forEach((edit) => this.note('edits', edit));
        (report.findings || []).forEach((finding) => this.note('findings', finding));
    }

    prepare(node) {
        const slash = node.path.lastIndexOf('/');
        node.name = node.path.slice(slash + 1) || '/';
        node.children = [];
        node.serves = [];
        node.edits = [];
        node.findings = [];
        node.parent = null;
        if (node.path !== '/') {
            node.parent = this.byPath.get(node.path.slice(0, slash) || '/') || null;
        }
        if (node.parent) {
            node.parent.children.push(node);
        }
    }

    /* Each interrupt, clock and GPIO line as an edge, which both ends know */
    connect(node) {
        const wired = new Set((node.interrupts || []).map((i) => i.controller));
        node.uses = [];
        for (const specifier of node.specifiers || []) {
            const to = this.byPath.get(specifier.controller);
            this.edge(node, to, 'interrupt', specifier.name,
                      View.line(to, specifier.cells),
                      wired.has(specifier.controller) || View.isPart(node),
                      View.lineNumber(specifier.cells));
        }
        for (const link of node.links || []) {
            const cells = link.cells.length ? String(link.cells[0]) : '';
            const name = link.name || (link.kind === 'gpio' ? link.property : '');
            this.edge(node, this.byPath.get(link.provider), link.kind, name, cells, true,
                      link.cells[0] || 0);
        }
    }

    edge(from, to, kind, name, line, wired, number) {
        if (!to) {
            return;
        }
        const edge = { from, to, kind, name, line, wired, number };
        from.uses.push(edge);
        to.serves.push(edge);
    }

    /* An edit or a finding belongs to its node or, where that is gone, to the one above */
    note(list, entry) {
        let path = entry.path;
        while (path && !this.byPath.has(path)) {
            path = path.slice(0, path.lastIndexOf('/'));
        }
        (this.byPath.get(path) || this.byPath.get('/'))[list].push(entry);
    }

    get(path) {
        return this.byPath.get(path);
    }
};

View.isShown = (node) => !View.hidden.has(node.verdict);

/* What a node is, in a few words */
View.what = (node) => node.driver || (node.compatible || [])[0] || '';

/* Whether another node's device models it, as the CPUs do their timers */
View.isPart = (node) => node.verdict === 'modelled' && !node.driver;

View.isGic = (node) => (node.compatible || []).some((name) => name.includes('gic'));

/* The number that orders the lines of a controller; a GIC counts two kinds on their own */
View.lineNumber = (cells) =>
    cells.length >= 3 ? (cells[0] ? 0 : 32) + cells[1] : cells[0] || 0;

/* An interrupt as people name it (arm,gic.yaml; of others the first cell is the number) */
View.line = (controller, cells) => {
    if (controller && View.isGic(controller) && cells.length >= 3 && cells[0] < 2) {
        return (cells[0] ? 'PPI ' : 'SPI ') + cells[1];
    }
    return cells.length > 2 ? cells.join(' ') : String(cells.length ? cells[0] : '');
};
