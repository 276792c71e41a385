/* event-name.h: the names of all kinds of event that Stripe's API has, and groups of them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "charge.refunded", "charge.*" or "*" */
gboolean kontor_event_name_exists (const char *pattern);

G_END_DECLS
