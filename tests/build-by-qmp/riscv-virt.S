/*
 * Program for S-mode: prints by calls of SBI (legacy extension 1, putchar)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

        .globl  _start
_start: mv      s1, a1                  /* the tree */
        lla     s0, hello
1:      lbu     a0, 0(s0)
        beqz    a0, 2f
        li      a7, 1
        ecall
        addi    s0, s0, 1
        j       1b
2:      lwu     t0, 0(s1)               /* its magic number, big-endian */
        li      t1, 0xedfe0dd0
        bne     t0, t1, 4f
        lla     s0, tail
3:      lbu     a0, 0(s0)
        beqz    a0, 4f
        li      a7, 1
        ecall
        addi    s0, s0, 1
        j       3b
4:      wfi
        j       4b

hello:  .asciz  "riscv-virt: in S-mode,"
tail:   .asciz  " started by OpenSBI\n"
