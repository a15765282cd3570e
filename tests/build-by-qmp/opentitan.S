/*
 * Bare-metal program: prints by the UART, when the timer's interrupt comes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

        .equ    UART, 0x40000000
        .equ    UART_CTRL, 0x10
        .equ    UART_STATUS, 0x14
        .equ    UART_WDATA, 0x1c
        .equ    TIMER, 0x40100000
        .equ    TIMER_CTRL, 0x4
        .equ    TIMER_ENABLE, 0x114
        .equ    TIMER_COMPARE_LOW, 0x10c
        .equ    TIMER_COMPARE_HIGH, 0x110
        .equ    STACK, 0x10004000

        .globl  _start
_start: li      sp, STACK
        la      t0, trap
        csrw    mtvec, t0
        li      t0, UART                /* on, at a baud rate that is not 0 */
        li      t1, 0x01000001
        sw      t1, UART_CTRL(t0)
        la      a0, hello
        call    print
        li      t0, TIMER
        li      t1, 1
        sw      t1, TIMER_ENABLE(t0)
        sw      t1, TIMER_CTRL(t0)
        sw      zero, TIMER_COMPARE_HIGH(t0)
        li      t1, 1000
        sw      t1, TIMER_COMPARE_LOW(t0)
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
2:      lw      t3, UART_STATUS(t0)
        andi    t3, t3, 1               /* TXFULL */
        bnez    t3, 2b
        sw      t1, UART_WDATA(t0)
        addi    t2, t2, 1
        j       1b
3:      ret

hello:  .asciz  "opentitan: started\n"
tick:   .asciz  "opentitan: timer interrupt\n"
