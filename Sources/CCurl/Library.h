// SPDX-License-Identifier: MIT
#ifndef LIBRARY_H
#define LIBRARY_H

#include "CCurl.h"

// What is used of libcurl, by its name without `curl_`.
#define FUNCTIONS(each)                                                                             \
    each(global_init) each(version_info)                                                            \
    each(multi_init) each(multi_cleanup) each(multi_setopt) each(multi_wakeup) each(multi_perform)  \
    each(multi_poll) each(multi_info_read) each(multi_add_handle) each(multi_remove_handle)         \
    each(easy_init) each(easy_cleanup) each(easy_reset) each(easy_setopt) each(easy_getinfo)        \
    each(slist_append) each(slist_free_all)

// libcurl's headers make macros of these for checks of types, which take no pointer to a function.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define POINTER(name) extern __typeof__(&curl_##name) p_##name;
FUNCTIONS(POINTER)
#undef POINTER

#endif
