/* curl.h: a request of the API as a command that a person can paste into a shell. */
#pragma once

#include "core/value.h"

G_BEGIN_DECLS

char *kontor_curl (const char        *url,
                   const char        *method,
                   const char        *path,
                   const KontorValue *params);

G_END_DECLS
