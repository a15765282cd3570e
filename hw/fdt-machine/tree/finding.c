/*
 * Findings: what is wrong with a tree, and can be done without
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "blob.h"
#include "finding.h"

struct FdtFindings {
    GPtrArray *list;            /* of FdtFinding * */
    GHashTable *seen;           /* set of texts, as of fdt_findings_text() */
};

FdtFinding *fdt_finding_new(const FdtNode *node, const char *property,
                            const char *text)
{
    FdtFinding *finding = g_new(FdtFinding, 1);

    *finding = (FdtFinding) {
        g_strdup(node->path), g_strdup(property), g_strdup(text),
    };
    return finding;
}

void fdt_finding_free(FdtFinding *finding)
{
    g_free(finding->path);
    g_free(finding->property);
    g_free(finding->text);
    g_free(finding);
}

static FdtFinding *finding_copy(const FdtFinding *from)
{
    FdtFinding *finding = g_new(FdtFinding, 1);

    *finding = (FdtFinding) {
        g_strdup(from->path), g_strdup(from->property), g_strdup(from->text),
    };
    return finding;
}

FdtFindings *fdt_findings_new(void)
{
    FdtFindings *findings = g_new(FdtFindings, 1);

    findings->list = g_ptr_array_new_with_free_func(
        (GDestroyNotify)fdt_finding_free);
    findings->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                           NULL);
    return findings;
}

void fdt_findings_free(FdtFindings *findings)
{
    if (findings) {
        g_ptr_array_unref(findings->list);
        g_hash_table_unref(findings->seen);
        g_free(findings);
    }
}

unsigned fdt_findings_num(const FdtFindings *findings)
{
    return findings->list->len;
}

const FdtFinding *fdt_findings_get(const FdtFindings *findings, unsigned i)
{
    return g_ptr_array_index(findings->list, i);
}

static char *text_of(const FdtFinding *finding)
{
    return g_strdup_printf("%s: %s%s%s", finding->path,
                           finding->property ?: "",
                           finding->property ? ": " : "", finding->text);
}

char *fdt_findings_text(const FdtFindings *findings, unsigned i)
{
    return text_of(fdt_findings_get(findings, i));
}

/* Takes @finding */
static void add(FdtFindings *findings, FdtFinding *finding)
{
    if (findings && g_hash_table_add(findings->seen, text_of(finding))) {
        g_ptr_array_add(findings->list, finding);
    } else {
        fdt_finding_free(finding);
    }
}

void fdt_finding_add(FdtFindings *findings, const FdtNode *node,
                     const char *property, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    add(findings, fdt_finding_new(node, property, text));
}

void fdt_finding_take(FdtFindings *findings, const FdtNode *node, Error *err)
{
    const char *message = error_get_pretty(err);
    const FdtFinding *known = g_hash_table_lookup(node->tree->errors, message);

    add(findings, known ? finding_copy(known)
                        : fdt_finding_new(node, NULL, message));
    error_free(err);
}

void fdt_findings_append(FdtFindings *findings, const FdtFindings *more)
{
    for (unsigned i = 0; i < fdt_findings_num(more); i++) {
        add(findings, finding_copy(fdt_findings_get(more, i)));
    }
}
