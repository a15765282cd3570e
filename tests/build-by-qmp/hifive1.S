/*
 * Bare-metal program: prints by the UART, when the timer's interrupt comes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

        .equ    UART, 0x10013000
        .equ    UART_TXDATA, 0x0
        .equ    UART_TXCTRL, 0x8
        .equ    MTIMECMP, 0x2004000
        .equ    MTIME, 0x200bff8
        .equ    STACK, 0x80004000

        .section .reset, "ax"           /* the mask ROM, at 0x1004 */
        lui     t0, %hi(_start)
        jr      %lo(_start)(t0)

        .text                           /* flash */
        .globl  _start
_start: li      sp, STACK
        la      t0, trap
        csrw    mtvec, t0
        li      t0, UART
        li      t1, 1
        sw      t1, UART_TXCTRL(t0)
        la      a0, hello
        call    print
        li      t0, MTIME
        lw      t1, 0(t0)
        addi    t1, t1, 100
        li      t0, MTIMECMP
        sw      t1, 0(t0)
        sw      zero, 4(t0)
        li      t1, 1 << 7              /* MTIE */
        csrs    mie, t1
        csrsi   mstatus, 8              /* MIE */
1:      wfi
        j       1b

        .balign 4
trap:   csrw    mie, zero
        la      a0, tick
        call    print
1:      j       1b

print:  addi    sp, sp, -4              /* the stack is RAM that works */
        sw      a0, 0(sp)
        lw      t2, 0(sp)
        addi    sp, sp, 4
        li      t0, UART
1:      lbu     t1, 0(t2)
        beqz    t1, 3f
2:      lw      t3, UART_TXDATA(t0)     /* negative: it is full */
        bltz    t3, 2b
        sw      t1, UART_TXDATA(t0)
        addi    t2, t2, 1
        j       1b
3:      ret

hello:  .asciz  "hifive1: started\n"
tick:   .asciz  "hifive1: timer interrupt\n"
