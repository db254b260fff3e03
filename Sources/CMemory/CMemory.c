// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "CMemory.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void cm_prepare(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 64 << 10);
    mallopt(M_ARENA_MAX, 1);
#endif
}

static int let_go(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size, (void)context;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[index];
        // What the file holds as well, code and constants: what can be written, or was relocated, exists here only.
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        const uintptr_t start = (object->dlpi_addr + part->p_vaddr + page - 1) / page * page;
        const uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_memsz) / page * page;
        if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void cm_let_go_of_pages(void) {
    dl_iterate_phdr(let_go, NULL);
}
