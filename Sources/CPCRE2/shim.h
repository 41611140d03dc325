/* PCRE2 for texts of 8-bit units, which its header wants to be told before it is read. */
#ifndef TOOLHOST_CPCRE2_SHIM_H
#define TOOLHOST_CPCRE2_SHIM_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
