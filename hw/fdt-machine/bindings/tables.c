/*
 * Bindings: the list of tables
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "tables.h"

const FdtBindingReg fdt_no_regs[] = { FDT_END_REGS };
const FdtBindingIrq fdt_no_irqs[] = { FDT_END_IRQS };

const FdtBinding *const fdt_binding_tables[] = {
    fdt_bindings_arm_cpus,
    fdt_bindings_gic,
    fdt_bindings_arm_timers,
    fdt_bindings_serial,
    fdt_bindings_generic,
    fdt_bindings_primecell,
    fdt_bindings_pci,
    fdt_bindings_xilinx,
    fdt_bindings_bcm,
    fdt_bindings_wakeup,
    fdt_bindings_i2c,
    fdt_bindings_spi,
    fdt_bindings_hci,
    fdt_bindings_imx,
    fdt_bindings_exynos,
    fdt_bindings_allwinner,
    fdt_bindings_calxeda,
    fdt_bindings_chipidea,
    fdt_bindings_designware,
    fdt_bindings_aspeed,
    fdt_bindings_riscv,
    fdt_bindings_sdhci,
    NULL
};

GHashTable *fdt_binding_index(void)
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);

    for (int t = 0; fdt_binding_tables[t]; t++) {
        for (const FdtBinding *b = fdt_binding_tables[t]; b->compatible; b++) {
            g_hash_table_insert(index, (gpointer)b->compatible, (gpointer)b);
        }
    }
    return index;
}
