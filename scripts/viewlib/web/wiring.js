// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the trees of the page have in them: buses, interrupts, GPIO lines, clocks.

'use strict';

View.Wiring = class {
    constructor(model) {
        this.model = model;
    }

    /* The tree of nodes, with their addresses on buses; hidden ones stay if something
     * below them is shown */
    buses() {
        const entry = (node) => {
            const children = node.children.map(entry).filter(Boolean);
            if (!children.length && !View.isShown(node)) {
                return null;
            }
            return { key: node.path, node, children,
                     edge: node.bus ? `${node.bus.kind} ${node.bus.address}` : '' };
        };
        return [entry(this.model.get('/'))].filter(Boolean);
    }

    /* Edges of a kind that lead to one node, those from the same node as one */
    static merged(edges) {
        const byNode = new Map();
        for (const edge of edges) {
            const other = byNode.get(edge.from);
            if (other) {
                other.edges.push(edge);
            } else {
                byNode.set(edge.from, { node: edge.from, edges: [edge] });
            }
        }
        return [...byNode.values()].sort((a, b) => a.edges[0].number - b.edges[0].number);
    }

    static text(edges) {
        const sorted = [...edges].sort((a, b) => a.number - b.number);
        const texts = sorted.map((edge) => edge.kind === 'gpio'
            ? `${edge.line} ${edge.name}` : edge.kind === 'clock'
                ? edge.line || edge.name || '' : edge.line);
        // SPI 1, SPI 2 are SPI 1, 2
        return texts.filter(Boolean).join(', ')
            .replace(/, ([SP]PI) (?=\d+)/g, (all, kind) =>
                texts[0].startsWith(kind) ? ', ' : all);
    }

    /*
     * What serves others at the left, what it serves to the right. A node that is served by
     * several is below each, but what it serves itself, below the first alone.
     */
    tree(kind) {
        const seen = new Set();
        const edgesOf = (node) => node.serves.filter((edge) => edge.kind === kind);
        const entry = (key, node, edge, dashed) => {
            let children = [];
            if (!seen.has(node)) {
                seen.add(node);
                children = View.Wiring.merged(edgesOf(node).filter((e) => e.from !== node))
                    .map((use) => entry(`${key} ${use.node.path}`, use.node,
                                        View.Wiring.text(use.edges),
                                        !use.edges.some((e) => e.wired)))
                    .filter(Boolean);
            }
            return children.length || View.isShown(node)
                ? { key, node, edge, children, dashed } : null;
        };
        const providers = this.model.nodes.filter((node) => edgesOf(node).length);
        const tops = providers.filter((node) => !node.uses.some(
            (edge) => edge.kind === kind && edge.to !== node));
        const roots = [];
        // In a circle there is no top: its first node is one then
        for (const node of [...tops, ...providers]) {
            if (!seen.has(node)) {
                roots.push(entry(node.path, node, '', false));
            }
        }
        return roots.filter((root) => root && root.children.length);
    }
};
