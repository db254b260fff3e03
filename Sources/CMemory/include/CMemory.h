// SPDX-License-Identifier: MIT
#ifndef CMEMORY_H
#define CMEMORY_H

/// Sets the allocator up for a program that runs all day: large arrays go back to the system when they are freed, at
/// whatever size (by itself it keeps up to 32 MB once such an array was freed), and threads share their memory instead
/// of keeping a heap each. To be called before there is a second thread.
void cm_prepare(void);

/// Lets go of the pages of the program's code and constants that were needed so far. Whatever is needed again comes back from the
/// page cache by itself, in well under a microsecond a page; what only starting needed does not.
void cm_let_go_of_pages(void);

#endif
