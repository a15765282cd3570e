/*
 * The tables of bindings, a family each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_BINDINGS_TABLES_H
#define HW_FDT_MACHINE_BINDINGS_TABLES_H

#include "binding.h"

/* One table for each family of bindings; the last row has a NULL compatible */
extern const FdtBinding fdt_bindings_arm_cpus[];
extern const FdtBinding fdt_bindings_gic[];
extern const FdtBinding fdt_bindings_arm_timers[];
extern const FdtBinding fdt_bindings_serial[];
extern const FdtBinding fdt_bindings_generic[];
extern const FdtBinding fdt_bindings_primecell[];
extern const FdtBinding fdt_bindings_pci[];
extern const FdtBinding fdt_bindings_xilinx[];
extern const FdtBinding fdt_bindings_bcm[];
extern const FdtBinding fdt_bindings_wakeup[];
extern const FdtBinding fdt_bindings_i2c[];
extern const FdtBinding fdt_bindings_spi[];
extern const FdtBinding fdt_bindings_hci[];
extern const FdtBinding fdt_bindings_imx[];
extern const FdtBinding fdt_bindings_exynos[];
extern const FdtBinding fdt_bindings_allwinner[];
extern const FdtBinding fdt_bindings_calxeda[];
extern const FdtBinding fdt_bindings_chipidea[];
extern const FdtBinding fdt_bindings_designware[];
extern const FdtBinding fdt_bindings_aspeed[];
extern const FdtBinding fdt_bindings_riscv[];
extern const FdtBinding fdt_bindings_sdhci[];

/* All families, NULL-terminated */
extern const FdtBinding *const fdt_binding_tables[];

/* The row of every node with the property qemu,type or qemu,device */
extern const FdtBinding fdt_binding_qemu;
/* The row of a CPU whose type the user gave by -cpu */
extern const FdtBinding fdt_binding_any_cpu;

/*
 * fdt_binding_index: every row of every table by its compatible string; the
 * caller unrefs
 */
GHashTable *fdt_binding_index(void);

#endif /* HW_FDT_MACHINE_BINDINGS_TABLES_H */
