/*
 * Findings: what is wrong with a tree, and can be done without
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "finding.h"

struct FdtFindings {
    GPtrArray *list;            /* of FdtFinding * */
    GHashTable *seen;           /* set of texts, as of fdt_findings_text() */
};

static void finding_free(gpointer data)
{
    FdtFinding *finding = data;

    g_free(finding->path);
    g_free(finding->property);
    g_free(finding->text);
    g_free(finding);
}

FdtFindings *fdt_findings_new(void)
{
    FdtFindings *findings = g_new(FdtFindings, 1);

    findings->list = g_ptr_array_new_with_free_func(finding_free);
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

/* Takes the strings */
static void add(FdtFindings *findings, char *path, char *property, char *text)
{
    FdtFinding *finding = g_new(FdtFinding, 1);

    *finding = (FdtFinding) { path, property, text };
    if (findings && g_hash_table_add(findings->seen, text_of(finding))) {
        g_ptr_array_add(findings->list, finding);
    } else {
        finding_free(finding);
    }
}

void fdt_finding_add(FdtFindings *findings, const FdtNode *node,
                     const char *property, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(findings, g_strdup(node->path), g_strdup(property),
        g_strdup_vprintf(fmt, ap));
    va_end(ap);
}

/* A word that ends with ": " and has no space in it; NULL if there is none */
static char *take_word(const char **text)
{
    size_t len = strcspn(*text, " ");
    char *word;

    if (len < 2 || (*text)[len - 1] != ':') {
        return NULL;
    }
    word = g_strndup(*text, len - 1);
    *text += len + ((*text)[len] == ' ');
    return word;
}

/* What fdt_error() puts before the path */
static bool skip_filename(const char **text, const FdtNode *node)
{
    return strstart(*text, fdt_tree_filename(node->tree), text) &&
           strstart(*text, ": ", text);
}

void fdt_finding_take(FdtFindings *findings, const FdtNode *node, Error *err)
{
    const char *text = error_get_pretty(err);
    char *path = NULL, *property = NULL;

    if (skip_filename(&text, node) && *text == '/') {
        path = take_word(&text);
    }
    if (path && *text != '/') {
        property = take_word(&text);
    }
    add(findings, path ?: g_strdup(node->path), property, g_strdup(text));
    error_free(err);
}

void fdt_findings_append(FdtFindings *findings, const FdtFindings *more)
{
    for (unsigned i = 0; i < fdt_findings_num(more); i++) {
        const FdtFinding *finding = fdt_findings_get(more, i);

        add(findings, g_strdup(finding->path), g_strdup(finding->property),
            g_strdup(finding->text));
    }
}
