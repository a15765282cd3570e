/*
 * What users changed by QMP after a tree was loaded
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef HW_FDT_MACHINE_USER_CHANGES_H
#define HW_FDT_MACHINE_USER_CHANGES_H

#include "../plan/plan.h"

/*
 * fdt_follow_user_changes: regions and interrupts of a report become those that
 * the devices have now
 * @report: in the form of the schema's FdtMachineInfo
 * @plan: if not NULL, its guest's tree follows (fdt_plan_change), and so do the
 *        edits of the report
 */
void fdt_follow_user_changes(QDict *report, FdtPlan *plan);

#endif /* HW_FDT_MACHINE_USER_CHANGES_H */
