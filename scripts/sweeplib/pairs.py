# SPDX-License-Identifier: GPL-2.0-or-later
"""QEMU's own machines, and the trees of Debian's kernel packages that describe them."""

# What a machine has, and so what both sides are given:
#   sd       where the machine takes a -drive if=sd, one each
#   card     the same by -device, for machines that attach no card to their slots
#   net      how many -nic there are
#   usb      a network adapter on USB is there too
#   disk     how a disk is attached: a device type
#   disk_bus where the machine has it, if its last bus is disabled in the tree
#   notes    what no result tells, as why both lack something
NO_KERNEL = 'Debian\'s kernel for armhf does not run on the %s of this board'

PAIRS = [
    {'machine': 'vexpress-a9', 'arch': 'armhf', 'tree': 'vexpress-v2p-ca9',
     'smp': 4, 'sd': ['index=0'], 'net': 1, 'append': 'console=ttyAMA0'},
    {'machine': 'vexpress-a15', 'arch': 'armhf', 'tree': 'vexpress-v2p-ca15-tc1',
     'smp': 2, 'sd': ['index=0'], 'net': 1, 'append': 'console=ttyAMA0'},
    {'machine': 'sabrelite', 'arch': 'armhf', 'tree': 'imx6q-sabrelite',
     'smp': 4, 'card': True, 'net': 1, 'disk': 'usb-storage', 'disk_bus': 'usb-bus.1'},
    {'machine': 'mcimx6ul-evk', 'arch': 'armhf', 'tree': 'imx6ul-14x14-evk',
     'sd': ['index=0', 'index=1'], 'net': 2, 'disk': 'usb-storage'},
    {'machine': 'mcimx7d-sabre', 'arch': 'armhf', 'tree': 'imx7d-sdb',
     'smp': 2, 'sd': ['index=0', 'index=2'], 'net': 2, 'disk': 'usb-storage',
     'disk_bus': 'usb-bus.1'},
    {'machine': 'imx8mp-evk', 'arch': 'arm64', 'tree': 'freescale/imx8mp-evk',
     'smp': 4, 'sd': ['bus=1'], 'net': 1, 'disk': 'usb-storage'},
    {'machine': 'cubieboard', 'arch': 'armhf', 'tree': 'sun4i-a10-cubieboard',
     'sd': ['index=0'], 'net': 1, 'disk': 'ide-hd'},
    {'machine': 'bpim2u', 'arch': 'armhf', 'tree': 'sun8i-r40-bananapi-m2-ultra',
     'smp': 4, 'sd': ['index=0'], 'net': 1, 'disk': 'ide-hd', 'nic_model': 'gmac'},
    {'machine': 'orangepi-pc', 'arch': 'armhf', 'tree': 'sun8i-h3-orangepi-pc',
     'smp': 4, 'sd': ['index=0'], 'net': 1, 'disk': 'usb-storage'},
    {'machine': 'raspi2b', 'arch': 'armhf', 'tree': 'bcm2836-rpi-2-b',
     'smp': 4, 'sd': ['index=0'], 'usb': True, 'disk': 'usb-storage'},
    {'machine': 'raspi3b', 'arch': 'arm64', 'tree': 'broadcom/bcm2837-rpi-3-b',
     'smp': 4, 'sd': ['index=0'], 'usb': True, 'disk': 'usb-storage'},
    {'machine': 'raspi4b', 'arch': 'arm64', 'tree': 'broadcom/bcm2711-rpi-4-b',
     'smp': 4, 'sd': ['index=0'], 'usb': True, 'disk': 'usb-storage',
     'notes': ['board: the kernel dies of an external abort at '
               '/soc/interrupt-controller@7ef00100, where nothing is']},
    {'machine': 'highbank', 'arch': 'armhf', 'tree': 'highbank',
     'smp': 4, 'net': 2, 'disk': 'ide-hd',
     'notes': ["board: its CPUs' affinities begin with 0, those of the tree with 0x900"]},
    {'machine': 'midway', 'arch': 'armhf', 'tree': 'ecx-2000',
     'smp': 4, 'net': 2, 'disk': 'ide-hd'},
    {'machine': 'smdkc210', 'arch': 'armhf', 'tree': 'exynos4210-smdkv310',
     'smp': 2, 'sd': ['index=2'], 'net': 1,
     'notes': ["net: the board's LAN9118 is no node of the tree"]},
    {'machine': 'xlnx-zcu102', 'arch': 'arm64', 'tree': 'xilinx/zynqmp-zcu102-rev1.0',
     'smp': 4, 'sd': ['index=1'], 'net': 4, 'disk': 'ide-hd',
     'notes': ["board: nothing answers the firmware's calls, on which the clocks of all"
               ' drivers depend; here the clocks are fixed']},
    {'machine': 'ast2600-evb', 'arch': 'armhf', 'tree': 'aspeed-ast2600-evb',
     'smp': 2, 'sd': ['index=0', 'index=1'], 'net': 4, 'disk': 'usb-storage',
     'append': 'console=ttyS4,115200n8'},
    {'machine': 'bletchley-bmc', 'arch': 'armhf', 'tree': 'aspeed-bmc-facebook-bletchley',
     'smp': 2, 'net': 4, 'disk': 'usb-storage', 'disk_bus': 'usb-bus.0',
     'append': 'console=ttyS4,115200n8'},
    {'machine': 'fuji-bmc', 'arch': 'armhf', 'tree': 'aspeed-bmc-facebook-fuji',
     'smp': 2, 'net': 4, 'disk': 'usb-storage',
     'append': 'console=ttyS4,115200n8'},
    {'machine': 'qcom-dc-scm-v1-bmc', 'arch': 'armhf',
     'tree': 'aspeed-bmc-qcom-dc-scm-v1',
     'smp': 2, 'net': 4,
     'append': 'console=ttyS4,115200n8'},
    {'machine': 'rainier-bmc', 'arch': 'armhf', 'tree': 'aspeed-bmc-ibm-rainier',
     'smp': 2, 'net': 4, 'disk': 'usb-storage',
     'append': 'console=ttyS4,115200n8'},
]

# Boards whose CPU Debian's kernel is not built for: their memory alone is compared
OLD = [
    ('ast2500-evb', 'aspeed-ast2500-evb', 'ARM1176'),
    ('fp5280g2-bmc', 'aspeed-bmc-inspur-fp5280g2', 'ARM1176'),
    ('g220a-bmc', 'aspeed-bmc-bytedance-g220a', 'ARM1176'),
    ('palmetto-bmc', 'aspeed-bmc-opp-palmetto', 'ARM926'),
    ('quanta-q71l-bmc', 'aspeed-bmc-quanta-q71l', 'ARM926'),
    ('romulus-bmc', 'aspeed-bmc-opp-romulus', 'ARM1176'),
    ('supermicro-x11spi-bmc', 'aspeed-bmc-supermicro-x11spi', 'ARM1176'),
    ('tiogapass-bmc', 'aspeed-bmc-facebook-tiogapass', 'ARM1176'),
    ('witherspoon-bmc', 'aspeed-bmc-opp-witherspoon', 'ARM1176'),
    ('yosemitev2-bmc', 'aspeed-bmc-facebook-yosemitev2', 'ARM1176'),
]
PAIRS += [{'machine': machine, 'arch': 'armhf', 'tree': tree, 'smp': 1,
           'no_kernel': NO_KERNEL % cpu} for machine, tree, cpu in OLD]
