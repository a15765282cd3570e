/*
 * Kinds of files, by their first bytes
 *
 * What users give in place of a tree, or of a kernel: the message says what it
 * is, and what to do.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "kinds.h"

#define FDT_MAGIC 0xd00dfeed
#define TABLE_MAGIC 0xd7b7ab1e

#define MAGIC(at, bytes) \
    .offset = (at), .magic = (bytes), .len = sizeof(bytes) - 1

/* The first row that fits counts: a kernel can be a PE file as well */
static const struct {
    size_t offset;
    const char *magic;
    size_t len;
    FdtKind kind;
} kinds[] = {
    {
        MAGIC(0, "\xd0\x0d\xfe\xed"),
        .kind = { "a flattened device tree",
                  "-dtb-machine builds what it describes", .is_tree = true },
    }, {
        MAGIC(0, "\xed\xfe\x0d\xd0"),
        .kind = { "a flattened device tree with its bytes swapped",
                  "swap those of each word of 32 bits" },
    }, {
        MAGIC(0x38, "ARM\x64"),
        .kind = { "a kernel (arm64 Image)", "start it with -kernel", true,
                  "aarch64" },
    }, {
        MAGIC(0x38, "RSC\x05"),
        .kind = { "a kernel (RISC-V Image)", "start it with -kernel", true,
                  "riscv64 riscv32" },
    }, {
        MAGIC(0x24, "\x18\x28\x6f\x01"),
        .kind = { "a kernel (zImage)", "start it with -kernel", true,
                  "aarch64 arm" },
    }, {
        MAGIC(0, "\x27\x05\x19\x56"),
        .kind = { "an image of U-Boot's (uImage)",
                  "a kernel in it is for -kernel; dumpimage -o OUTPUT INPUT "
                  "takes out what is in it", true },
    }, {
        MAGIC(0, "\177ELF"),
        .kind = { "an ELF file", "a kernel is for -kernel, firmware for -bios",
                  true },
    }, {
        MAGIC(0, "MZ"),
        .kind = { "a PE file, as programs of EFI are",
                  "a kernel is for -kernel", true },
    }, {
        MAGIC(0, "\x1f\x8b"),
        .kind = { "a gzip file", "unpack it with gunzip", true },
    }, {
        MAGIC(0, "\xfd" "7zXZ"),
        .kind = { "an xz file", "unpack it with unxz" },
    }, {
        MAGIC(0, "BZh"),
        .kind = { "a bzip2 file", "unpack it with bunzip2" },
    }, {
        MAGIC(0, "\x28\xb5\x2f\xfd"),
        .kind = { "a zstd file", "unpack it with unzstd" },
    }, {
        MAGIC(0, "\x04\x22\x4d\x18"),
        .kind = { "an lz4 file", "unpack it with unlz4" },
    }, {
        MAGIC(0, "\x02\x21\x4c\x18"),
        .kind = { "an lz4 file", "unpack it with unlz4" },
    }, {
        MAGIC(0, "PK\3\4"),
        .kind = { "a zip file", "unpack it with unzip" },
    }, {
        MAGIC(257, "ustar"),
        .kind = { "a tar file", "unpack it with tar -xf" },
    }, {
        MAGIC(0, "07070"),
        .kind = { "an initrd (cpio)", "give it with -initrd" },
    }, {
        MAGIC(0, "\xd7\xb7\xab\x1e"),
        .kind = { "a table of trees or overlays for Android's boot loader",
                  "mkdtboimg dump INPUT -b OUTPUT takes them out" },
    }, {
        MAGIC(0, "ANDROID!"),
        .kind = { "a boot image of Android's",
                  "unpack_bootimg takes out its kernel and its tree" },
    }, {
        MAGIC(0, "VNDRBOOT"),
        .kind = { "a vendor boot image of Android's",
                  "unpack_bootimg takes out its tree" },
    }, {
        MAGIC(0, "QCDT"),
        .kind = { "a table of trees for Qualcomm's boot loader",
                  "take a tree out, each begins with the bytes d0 0d fe ed" },
    }, {
        MAGIC(0, "QFI\xfb"),
        .kind = { "a disk image (qcow2)", "give it with -drive" },
    }, {
        MAGIC(0, "hsqs"),
        .kind = { "a file system (squashfs)", "give it with -drive" },
    },
};

/* These have no magic number */
static const FdtKind empty = {
    "an empty file", "was it written to its end?"
};
static const FdtKind source = {
    "the source of a device tree",
    "make one of it: dtc -@ -O dtb -o OUTPUT INPUT", .is_tree = true
};
static const FdtKind text = {
    "a text file", "dtc makes one of a source, which says /dts-v1/"
};

/* Of lines: a raw binary can have bytes that are letters */
static bool is_text(const uint8_t *data, size_t size)
{
    bool has_lines = false;

    for (size_t i = 0; i < MIN(size, 1024); i++) {
        if (data[i] < 0x80 && !g_ascii_isprint(data[i]) &&
            !g_ascii_isspace(data[i])) {
            return false;
        }
        has_lines |= data[i] == '\n';
    }
    return has_lines;
}

static bool is_source(const char *data, size_t size)
{
    size = MIN(size, FDT_KIND_BYTES);
    return g_strstr_len(data, size, "/dts-v1/") ||
           g_strstr_len(data, size, "/plugin/") ||
           g_strstr_len(data, size, "/ {");
}

const FdtKind *fdt_kind_of(const uint8_t *data, size_t size)
{
    if (!size) {
        return &empty;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (size >= kinds[i].offset + kinds[i].len &&
            !memcmp(data + kinds[i].offset, kinds[i].magic, kinds[i].len)) {
            return &kinds[i].kind;
        }
    }
    if (!is_text(data, size)) {
        return NULL;
    }
    return is_source((const char *)data, size) ? &source : &text;
}

bool fdt_blob_has_magic(const uint8_t *data, size_t size)
{
    return size >= 4 && ldl_be_p(data) == FDT_MAGIC;
}

bool fdt_is_android_table(const uint8_t *data, size_t size)
{
    return size >= 4 && ldl_be_p(data) == TABLE_MAGIC;
}

bool fdt_has_trees(const uint8_t *data, size_t size)
{
    return fdt_blob_has_magic(data, size) || fdt_is_android_table(data, size);
}

void fdt_blob_error(Error **errp, const char *filename, const uint8_t *data,
                    size_t size)
{
    const FdtKind *kind = fdt_kind_of(data, size);

    if (kind) {
        error_setg(errp, "%s: %s, not a flattened device tree; %s", filename,
                   kind->what, kind->advice);
    } else {
        error_setg(errp, "%s: not a flattened device tree, which begins with "
                   "the bytes d0 0d fe ed", filename);
    }
}
