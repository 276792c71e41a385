/* api-version.h: how a version of the API is written. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *kontor_api_version_end (const char *text);

G_END_DECLS
