// SPDX-License-Identifier: GPL-2.0-or-later
//
// All that is known of the selected node.

'use strict';

View.Details = class {
    constructor(model, container) {
        this.model = model;
        this.container = container;
        View.on('select', () => this.show());
    }

    show() {
        const node = View.selected && this.model.get(View.selected);
        this.container.classList.toggle('open', Boolean(node));
        this.container.scrollTop = 0;
        this.container.replaceChildren(...(node ? this.parts(node) : this.nothing()));
    }

    nothing() {
        const missing = this.model.nodes.filter((node) => node.unmatched);
        return [View.h('p', { class: 'dim' }, 'Select a node, with the pointer or the arrow ' +
                       'keys, to see what became of it, and why.'),
                View.h('h3', {}, `Without a model: ${missing.length}`),
                View.h('ul', { class: 'plain' }, missing.map((node) => View.h(
                    'li', {}, View.h('span', { class: 'dot ' + node.verdict }),
                    View.nodeLink(node.path, node.name), ' ',
                    View.h('span', { class: 'dim' }, (node.compatible || [])[0]))))];
    }

    parts(node) {
        return [
            View.h('button', { class: 'close', title: 'Close (Esc)', 'aria-label': 'Close',
                               onclick: () => View.select(null) }, '\u00d7'),
            View.h('h2', { id: 'details-name' }, node.name),
            this.way(node),
            View.h('p', { class: 'verdict' }, View.badge(node.verdict),
                   ' ' + (node.reason || View.verdicts[node.verdict])),
            this.device(node), this.addresses(node), this.wires(node),
            this.list('Edits of the guest\u2019s tree', node.edits, (edit) =>
                `${edit.rule}: ${edit.property ? edit.property + ': ' : ''}${edit.text}`),
            this.list('Findings', node.findings, (finding) =>
                `${finding.property ? finding.property + ': ' : ''}${finding.text}`),
            this.overlay(node), this.below(node), this.properties(node),
        ].flat().filter(Boolean);
    }

    /* The path, each part of which leads to that node */
    way(node) {
        const up = [];
        for (let n = node; n; n = n.parent) {
            up.unshift(n);
        }
        return View.h('p', { class: 'way', id: 'details-path' },
                      up.map((n, i) => [i > 1 ? '/' : '', View.nodeLink(n.path, n.name)]));
    }

    rows(title, rows) {
        const shown = rows.filter((row) => row && row[1]);
        return shown.length ? [View.h('h3', {}, title), View.h('dl', {}, shown.map(
            ([name, value]) => [View.h('dt', {}, name), View.h('dd', {}, value)]))] : [];
    }

    list(title, entries, text) {
        return entries.length ? [View.h('h3', {}, title),
                                 View.h('ul', {}, entries.map(
                                     (entry) => View.h('li', {}, text(entry))))] : [];
    }

    device(node) {
        return this.rows('Device', [
            ['compatible', (node.compatible || []).map((name) => View.h('div', {}, name))],
            ['driver', node.driver], ['id', node.id], ['QOM path', node['qom-path']],
            ['label', node.label],
        ].map(([name, value]) => Array.isArray(value) && !value.length ? null
            : [name, value]));
    }

    addresses(node) {
        const place = (p) => `${View.hex(p.address)} \u2013 ` +
            `${View.hex(p.address + p.size - 1)}, ${View.size(p.size)}`;
        const stubs = (this.model.report.stubs || []).filter((stub) =>
            (node.reg || []).some((reg) => node.verdict === 'stub' &&
                                  reg.address < stub.address + stub.size &&
                                  stub.address < reg.address + reg.size));
        return this.rows('Addresses', [
            ...(node.reg || []).map((reg, i) => [reg.name || `reg ${i}`, place(reg)]),
            ...(node.regions || []).map((r) => [`region ${r.name || r.region}`, place(r)]),
            ...stubs.map((stub) => ['stub ' + stub.id, place(stub)]),
            node.bus && ['on ' + node.bus.kind,
                         [View.nodeLink(node.bus.controller), ' ' + node.bus.address]],
        ]);
    }

    wires(node) {
        const row = (edge, other) => [
            edge.line || edge.name || edge.kind,
            [View.nodeLink(other.path, other.name), ' ',
             edge.line && edge.name !== edge.line ? edge.name || '' : '',
             edge.wired ? '' : View.h('em', {}, ' not wired: no device')]];
        const of = (kind) => node.uses.filter((edge) => edge.kind === kind)
            .map((edge) => row(edge, edge.to));
        const served = node.serves.map((edge) => row(edge, edge.from));
        const outputs = (node.interrupts || []).map((wire) => [
            wire.line, `${wire['input-device']} ${wire.input}[${wire.number}]`]);
        return [...this.rows('Interrupts', of('interrupt')),
                ...this.rows('Outputs of the device', outputs),
                ...this.rows('Clocks', of('clock')), ...this.rows('GPIO lines', of('gpio')),
                ...this.folded(`Serves ${served.length}`, this.rows('', served))];
    }

    /* What may be long, behind a line that opens it */
    folded(title, parts) {
        return parts.length ? [View.h('details', {}, View.h('summary', {}, title),
                                      parts.slice(1))] : [];
    }

    /* What to start from where QEMU has no model, or none that is known for it */
    overlay(node) {
        if (!node.unmatched) {
            return [];
        }
        const text = View.overlayFor(node);
        const copy = View.h('button', { class: 'copy', onclick: () => {
            navigator.clipboard.writeText(text).then(() => { copy.textContent = 'Copied'; });
        } }, 'Copy');
        return [View.h('h3', {}, 'An overlay to start from', copy),
                View.h('p', {}, 'Put the type of a device that is like it in the place of ' +
                       'TYPE (-device help lists them all) and give the file to ' +
                       'scripts/boot with --overlay.'),
                View.h('pre', { id: 'overlay' }, text)];
    }

    below(node) {
        return this.folded(`Below it: ${node.children.length}`, node.children.length
            ? [null, View.h('ul', { class: 'plain' }, node.children.map(
                (child) => View.h('li', {}, View.h('span', { class: 'dot ' +
                                                             child.verdict }),
                                  View.nodeLink(child.path, child.name))))] : []);
    }

    properties(node) {
        const names = Object.keys(node.props || {});
        return names.length ? [View.h('h3', {}, 'Properties'),
                               View.h('pre', { class: 'props' }, names.map(
                                   (name) => node.props[name] ? `${name} = ${
                                       node.props[name]};\n` : `${name};\n`).join(''))] : [];
    }
};

/* docs/qemu-binding.md explains the properties */
View.overlayFor = (node) => [
    '/dts-v1/;', '/plugin/;', '', '/ {', '\tfragment@0 {',
    `\t\ttarget-path = "${node.path}";`, '', '\t\t__overlay__ {',
    `\t\t\t/* ${(node.compatible || []).join(', ').replace(/\*\//g, '')} */`,
    '\t\t\tqemu,type = "TYPE";',
    ...(node.reg || []).length > 1
        ? ['\t\t\t/* entry of reg, region of the device */',
           '\t\t\tqemu,region-map = <0 0>;'] : [],
    ...(node.specifiers || []).length > 1 && (node.reg || []).length
        ? ['\t\t\t/* entry of interrupts, output of the device */',
           '\t\t\tqemu,irq-map = <0 0>;'] : [],
    '\t\t};', '\t};', '};', ''].join('\n');
