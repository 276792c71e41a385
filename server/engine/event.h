/* event.h: the kinds of event the engine can produce. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sent to one webhook endpoint alone, because somebody asked for it. */
#define KONTOR_EVENT_TEST "kontor.webhook_endpoint.test"
/* … and by its newer name */
#define KONTOR_EVENT_PING "v2.core.event_destination.ping"

int         kontor_event_number (const char *name);   /* 0: none of ours */
const char *kontor_event_name   (int number);         /* %NULL: none of ours */
/* Calls @each for every kind that @pattern names: "charge.refunded" or "charge.*". Returns how
 * many there were. */
guint       kontor_event_match  (const char *pattern, GArray *numbers);
guint       kontor_n_events     (void);

G_END_DECLS
