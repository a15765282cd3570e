/*
 * What users changed by QMP after a tree was loaded
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_LIVE_H
#define HW_FDT_MACHINE_LIVE_H

#include "tree.h"
#include "qobject/qdict.h"

/**
 * fdt_live_update: bring a report, and the guest's tree, up to date with the
 * machine
 * @report: in the form of the schema's FdtMachineInfo
 * @guest: tree to edit, or NULL
 *
 * Regions that are somewhere else, or nowhere, and outputs that lead somewhere
 * else, or nowhere, are changed in both; the edits are added to the report's.
 * A node whose region is nowhere, or where its bus does not reach, is disabled.
 */
void fdt_live_update(QDict *report, FdtTree *guest);

#endif /* HW_FDT_MACHINE_LIVE_H */
