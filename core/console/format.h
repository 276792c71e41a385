/* format.h: money, numbers and times as the person reads them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How this person writes. Set up once; what is not known is as in the C locale. */
typedef struct
{
  const char *decimal_point;
  const char *thousands;  /* between groups of three digits; "" for none */
  GTimeZone  *zone;       /* %NULL: UTC */
  gboolean    is_utf8;    /* else texts are transliterated */
  gboolean    local_dates; /* as the language writes them; else 2026-11-22 */
} KontorFormat;

/* From the locale and the zone of the process. */
void  kontor_format_init     (KontorFormat *format);
char *kontor_format_money    (const KontorFormat *format, gint64 amount, const char *currency);
char *kontor_format_decimal  (const KontorFormat *format, gint64 amount, const char *currency);
char *kontor_format_number   (const KontorFormat *format, gint64 number);
char *kontor_format_bytes    (const KontorFormat *format, guint64 bytes);
char *kontor_format_time     (const KontorFormat *format, gint64 seconds);
char *kontor_format_moment   (const KontorFormat *format, gint64 seconds, gint64 now);
char *kontor_format_age      (const KontorFormat *format, gint64 seconds, gint64 now);
char *kontor_format_text     (const KontorFormat *format, const char *text);

G_END_DECLS
