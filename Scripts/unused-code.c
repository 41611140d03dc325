/*
 * Usage: unused-code SOURCE TARGET
 *
 * Copies a static library and clears the flag SHF_GNU_RETAIN of its functions, so that the linker can drop unused ones.
 *
 * The libraries of the Swift runtime set this flag for each public function, and --gc-sections keeps such functions.
 * Records that the runtime finds by their section (swift5_*: types, conformances) keep the flag; the linker keeps these
 * and everything that they refer to. Only ELF objects of 64 bits are changed.
 */
#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef SHF_GNU_RETAIN
#define SHF_GNU_RETAIN (1 << 21)
#endif

/* The header of a member: a name of 16 bytes, four more fields, the size in decimal digits, and two final bytes. */
enum { ARCHIVE_MAGIC_SIZE = 8, MEMBER_HEADER_SIZE = 60, MEMBER_SIZE_OFFSET = 48, MEMBER_SIZE_DIGITS = 10 };

/* The bytes of a file or of a part of a file. */
typedef struct {
    unsigned char *bytes;
    size_t size;
} region;

static bool contains(region whole, uint64_t offset, uint64_t size) {
    return offset <= whole.size && size <= whole.size - offset;
}

static bool is_function(const char *name) { return strncmp(name, ".text", 5) == 0; }

/* Clears the flag in the section headers of one object. */
static void clear_flags(region object) {
    Elf64_Ehdr header;
    if (object.size < sizeof header) return;
    memcpy(&header, object.bytes, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_shentsize != sizeof(Elf64_Shdr) || !contains(object, header.e_shoff, sizeof(Elf64_Shdr)))
        return;
    /* If there are too many sections for the ELF header, the first section header holds their number and the index of the names. */
    Elf64_Shdr first, names;
    memcpy(&first, object.bytes + header.e_shoff, sizeof first);
    uint64_t count = header.e_shnum ? header.e_shnum : first.sh_size;
    uint64_t names_index = header.e_shstrndx == SHN_XINDEX ? first.sh_link : header.e_shstrndx;
    if (count > object.size / sizeof(Elf64_Shdr) || names_index >= count ||
        !contains(object, header.e_shoff, count * sizeof(Elf64_Shdr)))
        return;
    memcpy(&names, object.bytes + header.e_shoff + names_index * sizeof names, sizeof names);
    if (!contains(object, names.sh_offset, names.sh_size) || names.sh_size == 0 ||
        object.bytes[names.sh_offset + names.sh_size - 1] != 0)
        return;
    for (uint64_t index = 0; index < count; index++) {
        unsigned char *place = object.bytes + header.e_shoff + index * sizeof(Elf64_Shdr);
        Elf64_Shdr section;
        memcpy(&section, place, sizeof section);
        if (section.sh_name >= names.sh_size) continue;
        if (!is_function((const char *)object.bytes + names.sh_offset + section.sh_name)) continue;
        section.sh_flags &= ~(Elf64_Xword)SHF_GNU_RETAIN;
        memcpy(place, &section, sizeof section);
    }
}

static void clear_all_flags(region archive) {
    uint64_t offset = ARCHIVE_MAGIC_SIZE;
    while (contains(archive, offset, MEMBER_HEADER_SIZE)) {
        char digits[MEMBER_SIZE_DIGITS + 1] = {0};
        memcpy(digits, archive.bytes + offset + MEMBER_SIZE_OFFSET, MEMBER_SIZE_DIGITS);
        uint64_t size = strtoull(digits, NULL, 10);
        offset += MEMBER_HEADER_SIZE;
        if (!contains(archive, offset, size)) return;
        clear_flags((region){archive.bytes + offset, size});
        offset += size + size % 2;
    }
}

static int fail(const char *path) {
    perror(path);
    return EXIT_FAILURE;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fputs("Usage: unused-code SOURCE TARGET\n", stderr);
        return EXIT_FAILURE;
    }
    FILE *source = fopen(arguments[1], "rb");
    if (!source || fseek(source, 0, SEEK_END) != 0) return fail(arguments[1]);
    long size = ftell(source);
    if (size < ARCHIVE_MAGIC_SIZE || fseek(source, 0, SEEK_SET) != 0) return fail(arguments[1]);
    region archive = {malloc((size_t)size), (size_t)size};
    if (!archive.bytes || fread(archive.bytes, 1, archive.size, source) != archive.size) return fail(arguments[1]);
    fclose(source);
    if (memcmp(archive.bytes, "!<arch>\n", ARCHIVE_MAGIC_SIZE) == 0) clear_all_flags(archive);
    FILE *target = fopen(arguments[2], "wb");
    if (!target || fwrite(archive.bytes, 1, archive.size, target) != archive.size || fclose(target) != 0)
        return fail(arguments[2]);
    free(archive.bytes);
    return EXIT_SUCCESS;
}
