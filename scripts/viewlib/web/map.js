// SPDX-License-Identifier: GPL-2.0-or-later
//
// The address map. Addresses are to scale within a segment; the gaps between segments, in
// which there is nothing, are folded, or, if the user likes, to scale as well. Where there
// is no room for a label each, neighbours share one, which zooms in when it is clicked.

'use strict';

View.Map = class {
    constructor(model, container) {
        this.model = model;
        this.container = container;
        this.folded = true;
        this.row = 20;
        this.transform = d3.zoomIdentity;
    }

    /* Everything that has a place in system memory, by address, the largest first */
    regions() {
        const found = [];
        const add = (node, address, size, name, verdict) => size > 0 && found.push({
            node, name, verdict, start: address, end: address + size });
        for (const bank of this.model.report.memory) {
            const node = this.model.get(bank.path);
            if (node) {
                add(node, bank.address, bank.size, bank.memdev, 'memory');
            }
        }
        for (const node of this.model.nodes) {
            const mapped = (node.regions || []).length ? node.regions : node.reg || [];
            if (node.verdict !== 'memory') {
                mapped.forEach((reg) => add(node, reg.address, reg.size, reg.name,
                                            node.verdict));
            }
        }
        return found.filter((region) => !View.hidden.has(region.verdict))
            .sort((a, b) => a.start - b.start || b.end - a.end);
    }

    /* How deep a region lies in others: the column that it is drawn in */
    static nest(regions) {
        const open = [];
        for (const region of regions) {
            while (open.length && open[open.length - 1].end <= region.start) {
                open.pop();
            }
            region.depth = Math.min(open.length, 4);
            open.push(region);
        }
    }

    /* Parts of the address space with something in them, as few as a screen has room for */
    static segments(regions) {
        for (let gap = 1 << 20; ; gap *= 4) {
            const list = [];
            for (const region of regions) {
                const last = list[list.length - 1];
                if (last && region.start - last.end <= gap) {
                    last.end = Math.max(last.end, region.end);
                    last.count++;
                } else {
                    list.push({ start: region.start, end: region.end, count: 1 });
                }
            }
            if (list.length <= 10) {
                return list;
            }
        }
    }

    /* From an address to a place on the unzoomed map: a scale with as many pieces as there
     * are segments and gaps */
    makeScale(regions) {
        this.list = View.Map.segments(regions);
        const domain = [], range = [];
        const gap = this.folded ? 26 : 0;
        const room = this.height - 24 - gap * (this.list.length - 1);
        const weights = this.list.map((segment) => Math.sqrt(segment.count) + 0.6);
        const all = d3.sum(weights);
        let y = 12;
        this.list.forEach((segment, i) => {
            const height = room * weights[i] / all;
            domain.push(segment.start, segment.end);
            range.push(y, y + height);
            y += height + gap;
        });
        this.base = this.folded || this.list.length < 2 ? d3.scaleLinear(domain, range)
            : d3.scaleLinear([domain[0], domain[domain.length - 1]], [12, this.height - 12]);
    }

    y(address) {
        return this.transform.applyY(this.base(address));
    }

    show() {
        this.container.replaceChildren(
            View.h('div', { class: 'map' },
                   this.bar = View.h('div', { class: 'bar' }),
                   this.holder = View.h('div', { class: 'holder' })));
        this.svg = View.s('svg', { class: 'picture', tabindex: 0, role: 'img',
                                   'aria-label': 'Address map' });
        this.holder.append(this.svg);
        this.makeBar();
        this.resize();
        this.zoom = d3.zoom().scaleExtent([1, 1e9]).on('zoom', () => {
            this.transform = d3.zoomTransform(this.svg);
            this.draw();
        });
        this.zoom.translateExtent([[0, 0], [this.wide, this.height]])
            .extent([[0, 0], [this.wide, this.height]]);
        d3.select(this.svg).call(this.zoom).on('dblclick.zoom', null);
        this.svg.addEventListener('click', (event) => this.click(event.target));
        if (View.selected) {
            this.reveal(View.selected);
        }
        this.draw();
    }

    makeBar() {
        const button = (text, title, action) =>
            View.h('button', { title, onclick: action }, text);
        this.range = View.h('span', { class: 'range' });
        this.bar.append(
            button('+', 'Zoom in (+)', () => this.scaleBy(2)),
            button('\u2212', 'Zoom out (-)', () => this.scaleBy(0.5)),
            button('All', 'All addresses (0)', () => this.reset()),
            View.h('label', {}, View.h('input', {
                type: 'checkbox', id: 'fold', checked: this.folded,
                onchange: (event) => this.setFolded(event.target.checked) }),
                   ' fold gaps'),
            this.range);
    }

    resize() {
        this.wide = Math.max(this.holder.clientWidth, 200);
        this.height = Math.max(this.holder.clientHeight, 120);
        this.svg.setAttribute('width', this.wide);
        this.svg.setAttribute('height', this.height);
        this.all = this.regions();
        View.Map.nest(this.all);
        if (this.all.length) {
            this.makeScale(this.all);
        }
    }

    setFolded(folded) {
        this.folded = folded;
        this.resize();
        this.reset();
    }

    moveTo(transform) {
        d3.select(this.svg).call(this.zoom.transform, transform);
    }

    scaleBy(factor) {
        d3.select(this.svg).call(this.zoom.scaleBy, factor);
    }

    reset() {
        this.moveTo(d3.zoomIdentity);
    }

    /* Zoom so that these addresses fill the map */
    zoomTo(start, end) {
        const top = this.base(start), bottom = Math.max(this.base(end), top + 1e-7);
        const k = Math.min(Math.max(this.height * 0.84 / (bottom - top), 1), 1e9);
        const middle = this.height / 2 - (top + bottom) / 2 * k;
        const lowest = this.height * (1 - k);
        this.moveTo(d3.zoomIdentity.translate(0, Math.min(0, Math.max(lowest, middle)))
                    .scale(k));
    }

    /* Have a node's label on the map: zoom to it and its neighbours, if need be */
    reveal(path) {
        const at = this.all.findIndex((region) => region.node.path === path);
        if (at < 0 || this.isLabelled(path)) {
            return;
        }
        const region = this.all[at];
        const near = this.all.filter((other) => Math.abs(other.start - region.start) <
                                     Math.max(8 * (region.end - region.start), 0x8000) &&
                                     other.end - other.start <=
                                     4 * (region.end - region.start));
        this.zoomTo(d3.min(near, (r) => r.start), d3.max(near, (r) => r.end));
    }

    isLabelled(path) {
        return (this.groups || []).some((group) => group.regions.length === 1 &&
                                        group.regions[0].node.path === path);
    }

    visible() {
        return this.all.filter((region) => {
            region.top = this.y(region.start);
            region.bottom = Math.max(this.y(region.end), region.top + 1);
            return region.bottom > 0 && region.top < this.height;
        });
    }

    /* Labels: each region has its own, as long as there are rows; then neighbours share */
    label(regions) {
        const rows = Math.floor((this.height - 4) / this.row);
        const bins = new Map();
        for (const region of regions) {
            region.anchor = (Math.max(region.top, 0) +
                             Math.min(region.bottom, this.height)) / 2;
            if (region.depth === 0 && region.bottom - region.top > 2 * this.row) {
                region.anchor = Math.max(region.top, 0) + this.row / 2;
            }
            const bin = Math.min(Math.floor(region.anchor / this.row), rows - 1);
            bins.set(bin, [...bins.get(bin) || [], region]);
        }
        let groups = [...bins.values()].map((list) => ({ regions: list }));
        let spare = rows - groups.length;
        for (const group of [...groups].sort((a, b) => a.regions.length -
                                             b.regions.length)) {
            spare -= group.regions.length - 1;
            if (spare < 0) {
                break;
            }
            group.split = true;
        }
        groups = groups.flatMap((group) => group.split
            ? group.regions.map((region) => ({ regions: [region] })) : [group]);
        this.place(groups, rows);
        return groups;
    }

    /* A row for each group: at its place, or as near as the others leave room */
    place(groups, rows) {
        groups.forEach((group) => {
            group.anchor = d3.mean(group.regions, (region) => region.anchor);
        });
        groups.sort((a, b) => a.anchor - b.anchor ||
                    a.regions[0].start - b.regions[0].start);
        let next = 0;
        for (const group of groups) {
            group.row = Math.max(next, Math.floor(group.anchor / this.row));
            next = group.row + 1;
        }
        let last = rows;
        for (const group of groups.reverse()) {
            group.row = Math.min(group.row, last - 1);
            last = group.row;
        }
        groups.reverse();
    }

    draw() {
        this.svg.replaceChildren();
        if (!this.all.length) {
            this.svg.append(View.s('text', { x: 20, y: 40, class: 'dim' },
                                   'Nothing has an address.'));
            return;
        }
        const regions = this.visible();
        this.groups = this.label(regions);
        this.narrow = this.wide < 620;
        this.left = this.narrow ? 8 : 108;
        this.bars = this.narrow ? 44 : 110;
        if (!this.narrow) {
            this.drawTicks();
        }
        this.drawGaps();
        regions.forEach((region) => this.drawRegion(region));
        this.groups.forEach((group) => this.drawGroup(group));
        this.tellRange();
    }

    tellRange() {
        const address = (y) => this.base.invert(this.transform.invertY(y));
        const start = Math.max(address(0), this.list[0].start);
        const end = Math.min(address(this.height), this.list[this.list.length - 1].end);
        this.range.textContent = View.hex(start) + ' \u2013 ' + View.hex(end - 1);
    }

    /* Round addresses in what is seen of each segment */
    drawTicks() {
        let lowest = -20;
        for (const segment of this.list) {
            const top = this.y(segment.start), bottom = this.y(segment.end);
            if (bottom < 0 || top > this.height) {
                continue;
            }
            const perPixel = (segment.end - segment.start) / (bottom - top);
            const step = Math.max(2 ** Math.ceil(Math.log2(perPixel * 64)), 1);
            const from = segment.start + Math.max(-top, 0) * perPixel;
            const to = segment.end - Math.max(bottom - this.height, 0) * perPixel;
            const places = [];
            if (top >= 0) {
                places.push(segment.start);
            }
            for (let a = Math.ceil(from / step) * step; a <= to; a += step) {
                places.push(a);
            }
            for (const place of places) {
                const y = this.y(place);
                if (y - lowest >= 18 && y < this.height - 4) {
                    lowest = y;
                    this.drawTick(place, y);
                }
            }
        }
    }

    drawTick(address, y) {
        this.svg.append(
            View.s('line', { x1: this.left - 6, x2: this.left, y1: y, y2: y,
                             class: 'tick' }),
            View.s('text', { x: this.left - 10, y: y + 4, class: 'tick mono' },
                   View.hex(address)));
    }

    drawGaps() {
        for (let i = 0; this.folded && i + 1 < this.list.length; i++) {
            const top = this.y(this.list[i].end), bottom = this.y(this.list[i + 1].start);
            if (bottom > 0 && top < this.height) {
                const size = this.list[i + 1].start - this.list[i].end;
                this.svg.append(
                    View.s('rect', { x: this.left, y: top, width: this.bars, class: 'gap',
                                     height: Math.max(bottom - top, 1) }),
                    View.s('text', { x: this.left + this.bars / 2, class: 'gap',
                                     y: (Math.max(top, 0) +
                                         Math.min(bottom, this.height)) / 2 + 4 },
                           this.narrow ? '\u22ee' : '\u22ee ' + View.size(size)));
            }
        }
    }

    drawRegion(region) {
        const indent = region.depth * (this.narrow ? 6 : 14);
        const selected = region.node.path === View.selected ? ' selected' : '';
        const top = Math.max(region.top, -5), bottom = Math.min(region.bottom,
                                                                this.height + 5);
        this.svg.append(
            View.s('rect', { x: this.left + indent, y: top, width: this.bars - indent,
                             height: Math.max(bottom - top, 1), rx: bottom - top > 6 ? 2 : 0,
                             class: 'region ' + region.verdict + selected +
                             (bottom - top < 4 ? ' thin' : ''),
                             'data-path': region.node.path },
                   View.s('title', {}, `${region.node.path}\n${View.hex(region.start)}, ` +
                          View.size(region.end - region.start))));
    }

    drawGroup(group) {
        const y = group.row * this.row + this.row / 2 + 2;
        const x = this.left + this.bars;
        const text = x + (this.narrow ? 22 : 44);
        this.svg.append(View.s('path', {
            class: 'leader',
            d: `M${x},${group.anchor}L${x + 4},${group.anchor}L${text - 12},${y}` +
                `L${text - 5},${y}` }));
        if (group.regions.length === 1) {
            this.drawLabel(group.regions[0], text, y);
        } else {
            this.drawMany(group, text, y);
        }
    }

    drawLabel(region, x, y) {
        const node = region.node;
        const selected = node.path === View.selected ? ' selected' : '';
        const g = View.s('g', { class: 'label ' + region.verdict + selected, tabindex: 0,
                                role: 'button', 'data-path': node.path });
        const name = region.verdict !== 'memory'
            ? node.name + (region.name ? ' ' + region.name : '')
            : node.verdict === 'memory' ? node.name : region.name;
        const width = this.narrow ? this.wide - x - 92 : 250;
        g.append(View.s('rect', { x: x - 4, y: y - this.row / 2 + 1, rx: 3,
                                  height: this.row - 2, width: this.wide - x,
                                  class: 'back' }),
                 View.s('circle', { cx: x + 4, cy: y, r: 4, class: 'dot' }),
                 View.s('text', { x: x + 14, y: y + 4 }, View.cut(name, width)));
        if (this.narrow) {
            g.append(View.s('text', { x: this.wide - 6, y: y + 4, class: 'mono end' },
                            View.hex(region.start)));
        } else {
            const rest = this.wide - x - 410;
            g.append(View.s('text', { x: x + 372, y: y + 4, class: 'mono end' },
                            View.hex(region.start)),
                     View.s('text', { x: x + 384, y: y + 4, class: 'dim' },
                            rest > 60 ? View.cut(View.size(region.end - region.start) +
                                                 '  ' + (region.verdict === 'memory' ? 'RAM'
                                                         : View.what(node)), rest) : ''));
        }
        this.svg.append(g);
    }

    drawMany(group, x, y) {
        const start = d3.min(group.regions, (region) => region.start);
        const end = d3.max(group.regions, (region) => region.end);
        const g = View.s('g', { class: 'label many', tabindex: 0, role: 'button',
                                'data-start': start, 'data-end': end },
                         View.s('title', {}, group.regions.map((r) => r.node.name)
                                .join(', ')));
        const counts = d3.rollup ? d3.rollup(group.regions, (v) => v.length,
                                             (r) => r.verdict)
            : new Map(d3.nest().key((r) => r.verdict).rollup((v) => v.length)
                      .entries(group.regions).map((e) => [e.key, e.value]));
        const names = group.regions.map((region) => region.node.name).join(', ');
        g.append(View.s('rect', { x: x - 4, y: y - this.row / 2 + 1, rx: 3,
                                  height: this.row - 2, width: this.wide - x,
                                  class: 'back' }));
        let at = x;
        const unit = Math.min(4, 48 / group.regions.length);
        for (const [verdict, count] of counts) {
            g.append(View.s('rect', { x: at, y: y - 4, height: 8, width: count * unit,
                                      class: 'region ' + verdict }));
            at += count * unit;
        }
        g.append(View.s('text', { x: x + 54, y: y + 4 },
                        View.cut(`${group.regions.length}: ${names}`,
                                 this.wide - x - 66)));
        this.svg.append(g);
    }

    click(target) {
        const path = target.closest('[data-path]');
        const many = target.closest('[data-start]');
        if (path) {
            View.select(path.dataset.path);
        } else if (many) {
            this.zoomTo(Number(many.dataset.start), Number(many.dataset.end));
        }
    }

    /* The label above or below the one that has the focus */
    step(by) {
        const labels = [...this.svg.querySelectorAll('.label')];
        const at = labels.findIndex((label) => label.dataset.path &&
                                    label.dataset.path === View.selected);
        const now = labels.indexOf(document.activeElement);
        const next = labels[Math.min(Math.max((now >= 0 ? now : at) + by, 0),
                                     labels.length - 1)];
        if (!next) {
            return;
        }
        if (next.dataset.path) {
            View.select(next.dataset.path);
        }
        const again = next.dataset.path ? this.svg.querySelector('.label.selected') : next;
        (again || next).focus();
    }

    key(event) {
        const actions = {
            '+': () => this.scaleBy(2), '=': () => this.scaleBy(2),
            '-': () => this.scaleBy(0.5), '0': () => this.reset(),
            ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1),
            Enter: () => this.click(document.activeElement),
        };
        if (!actions[event.key]) {
            return false;
        }
        actions[event.key]();
        return true;
    }

    selected() {
        if (View.selected) {
            this.reveal(View.selected);
        }
        this.draw();
    }

    changed() {
        this.resize();
        this.zoom.translateExtent([[0, 0], [this.wide, this.height]])
            .extent([[0, 0], [this.wide, this.height]]);
        this.draw();
    }

    /* The window has another size, or the details have taken a part of it */
    resized() {
        if (this.holder.clientHeight > 120 &&
            (this.wide !== this.holder.clientWidth ||
             this.height !== this.holder.clientHeight)) {
            this.changed();
            this.selected();
        }
    }
};
