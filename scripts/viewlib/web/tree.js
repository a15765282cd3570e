// SPDX-License-Identifier: GPL-2.0-or-later
//
// A tree, from left to right, that can be folded: of buses, or of what is wired to what.
// Every leaf has a row of its own and every depth a column that is as wide as its widest
// text, so that nothing lies on anything else. On a narrow screen every item has a row, and
// a depth is an indentation.

'use strict';

View.Tree = class {
    /* roots: a function that gives entries { key, node, edge, children, dashed } */
    constructor(container, roots, empty) {
        this.container = container;
        this.roots = roots;
        this.empty = empty;
        this.row = 22;
        this.closed = null;
        this.focus = null;
    }

    show() {
        this.container.replaceChildren(
            View.h('div', { class: 'tree' },
                   View.h('div', { class: 'bar' },
                          View.h('button', { onclick: () => this.openTo(Infinity) },
                                 'Open all'),
                          View.h('button', { onclick: () => this.openTo(1) }, 'Fold'),
                          this.note = View.h('span', { class: 'range' })),
                   this.holder = View.h('div', { class: 'holder scroll' })));
        this.svg = View.s('svg', { class: 'picture', role: 'tree' });
        this.holder.append(this.svg);
        this.svg.addEventListener('click', (event) => this.click(event));
        this.build();
        if (!this.closed) {
            this.closed = new Set();
            this.foldToFit();
        }
        this.draw();
        this.reveal();
    }

    build() {
        this.root = d3.hierarchy({ key: '', children: this.roots() });
        this.items = this.root.descendants().slice(1);
    }

    /* Fold deep levels until the rest is of a length that can be looked at */
    foldToFit() {
        for (let depth = 6; depth >= 2 && this.shownItems().length > 260; depth--) {
            this.items.filter((item) => item.depth >= depth && item.children)
                .forEach((item) => this.closed.add(item.data.key));
        }
    }

    openTo(depth) {
        this.closed = new Set(this.items.filter((item) => item.children &&
                                                item.depth >= depth)
                              .map((item) => item.data.key));
        this.draw();
    }

    isOpen(item) {
        return item.children && !this.closed.has(item.data.key);
    }

    shownItems() {
        const list = [];
        const visit = (item) => {
            list.push(item);
            if (this.isOpen(item)) {
                item.children.forEach(visit);
            }
        };
        (this.root.children || []).forEach(visit);
        return list;
    }

    /* Texts of an item, and how wide they are together */
    measure(item) {
        const font = (size) => `${size}px system-ui, sans-serif`;
        item.edge = item.data.edge ? View.cut(item.data.edge, 150, font(11)) : '';
        item.name = View.cut(item.data.node.name, 220, font(13));
        const what = View.what(item.data.node);
        item.what = what ? View.cut(what, 200, font(11)) : '';
        item.edgeWidth = item.edge ? View.width(item.edge, font(11)) + 8 : 0;
        item.nameWidth = View.width(item.name, font(13));
        item.wide = 14 + item.edgeWidth + item.nameWidth +
            (item.what ? View.width(item.what, font(11)) + 8 : 0) +
            (item.children && !this.isOpen(item) ? 34 : 0);
    }

    layout(items) {
        let row = 0;
        const columns = [];
        const visit = (item) => {
            this.measure(item);
            item.rowY = 16 + row * this.row;
            columns[item.depth] = Math.max(columns[item.depth] || 0, item.wide);
            row += this.narrow || !this.isOpen(item) ? 1 : 0;
            if (this.isOpen(item)) {
                item.children.forEach(visit);
            }
        };
        this.narrow = this.holder.clientWidth < 620;
        (this.root.children || []).forEach(visit);
        let x = 14;
        const starts = columns.map((width) => {
            const start = x;
            x += this.narrow ? 22 : width + 44;
            return start;
        });
        items.forEach((item) => {
            item.x0 = starts[item.depth];
        });
        this.svg.setAttribute('width', this.narrow
            ? Math.max(...items.map((item) => item.x0 + item.wide)) + 8 : x);
        this.svg.setAttribute('height', Math.max(row * this.row + 24, 60));
    }

    draw() {
        const items = this.shownItems();
        this.svg.replaceChildren();
        if (!items.length) {
            this.holder.replaceChildren(View.h('p', { class: 'empty' }, this.empty));
            return;
        }
        this.layout(items);
        for (const item of items) {
            if (item.parent !== this.root) {
                this.svg.append(View.s('path', {
                    class: 'wire' + (item.data.dashed ? ' dashed' : ''),
                    d: this.narrow ? View.Tree.drop(item.parent, item)
                        : View.Tree.elbow(item.parent, item) }));
            }
        }
        items.forEach((item) => this.drawItem(item));
        this.note.textContent = `${items.length} of ${this.items.length}`;
    }

    /* Along the row of what is above, down before the next column, and to the item */
    static elbow(from, to) {
        const x = to.x0 - 22;
        const start = from.x0 + from.wide + 4;
        return to.rowY === from.rowY ? `M${start},${from.rowY}H${to.x0 - 9}`
            : `M${start},${from.rowY}H${x - 5}Q${x},${from.rowY},${x},${from.rowY + 5}` +
                `V${to.rowY - 5}Q${x},${to.rowY},${x + 5},${to.rowY}H${to.x0 - 9}`;
    }

    /* Where there is no room for columns: down from the dot above, and to the item */
    static drop(from, to) {
        return `M${from.x0},${from.rowY + 7}V${to.rowY}H${to.x0 - 8}`;
    }

    drawItem(item) {
        const { node } = item.data;
        const y = item.rowY;
        const open = item.children ? String(Boolean(this.isOpen(item))) : null;
        const g = View.s('g', { class: 'label ' + node.verdict +
                                (node.path === View.selected ? ' selected' : ''),
                                role: 'treeitem', tabindex: -1, 'aria-expanded': open,
                                'data-path': node.path, 'data-key': item.data.key },
                         View.s('title', {}, node.path));
        const name = item.x0 + 12 + item.edgeWidth;
        g.append(View.s('rect', { x: item.x0 - 7, y: y - 10, width: item.wide + 8,
                                  height: 20, rx: 3, class: 'back' }),
                 View.s('circle', { cx: item.x0, cy: y, r: item.children ? 5.5 : 4,
                                    class: 'dot' + (open === 'false' ? ' closed' : ''),
                                    'data-fold': item.children ? '' : null }));
        if (item.edge) {
            g.append(View.s('text', { x: item.x0 + 12, y: y + 4, class: 'edge' },
                            item.edge));
        }
        g.append(View.s('text', { x: name, y: y + 4 }, item.name),
                 View.s('text', { x: name + item.nameWidth + 8, y: y + 4, class: 'what' },
                        item.what));
        if (open === 'false') {
            g.append(View.s('text', { x: item.x0 + item.wide - 28, y: y + 4, class: 'more',
                                      'data-fold': '' },
                            '+' + (item.descendants().length - 1)));
        }
        this.svg.append(g);
    }

    toggle(key) {
        if (!this.closed.delete(key)) {
            this.closed.add(key);
        }
        this.draw();
    }

    click(event) {
        const item = event.target.closest('[data-key]');
        if (!item) {
            return;
        }
        this.focus = item.dataset.key;
        if (event.target.closest('[data-fold]')) {
            this.toggle(item.dataset.key);
        } else {
            View.select(item.dataset.path);
        }
    }

    current(items) {
        const byKey = items.find((item) => item.data.key === this.focus);
        return byKey && byKey.data.node.path === View.selected ? byKey
            : items.find((item) => item.data.node.path === View.selected);
    }

    go(item) {
        if (item) {
            this.focus = item.data.key;
            View.select(item.data.node.path);
            this.scrollTo(this.focus);
        }
    }

    key(event) {
        const items = this.shownItems();
        const item = this.current(items);
        const at = items.indexOf(item);
        if (event.key === 'ArrowDown') {
            this.go(items[at + 1]);
        } else if (event.key === 'ArrowUp') {
            this.go(items[Math.max(at - 1, 0)]);
        } else if (event.key === 'ArrowRight' && item && item.children) {
            if (this.isOpen(item)) {
                this.go(item.children[0]);
            } else {
                this.toggle(item.data.key);
            }
        } else if (event.key === 'ArrowLeft' && item) {
            if (this.isOpen(item)) {
                this.toggle(item.data.key);
            } else if (item.parent !== this.root) {
                this.go(item.parent);
            }
        } else {
            return false;
        }
        return true;
    }

    scrollTo(key) {
        const element = [...this.svg.querySelectorAll('[data-key]')]
            .find((other) => other.dataset.key === key);
        if (element) {
            element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        }
    }

    /* Open what is above the selected node, and have it in sight */
    reveal() {
        const item = this.items.find((other) => other.data.node.path === View.selected);
        if (!item) {
            return;
        }
        const hides = item.ancestors().slice(1).filter((up) => this.closed.delete(
            up.data.key));
        if (hides.length) {
            this.draw();
        }
        this.scrollTo(this.focus && this.current(this.items) ? this.current(this.items)
            .data.key : item.data.key);
    }

    selected() {
        this.draw();
        this.reveal();
    }

    changed() {
        this.show();
    }

    resized() {
        this.reveal();
    }
};
