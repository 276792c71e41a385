/* news.h: which rows the last pages touched, kept in the copy for programs that only read it. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

int kontor_news_write (sqlite3 *db, const GArray *keys);
gint64 kontor_news_last (sqlite3 *db);
gboolean kontor_news_read (sqlite3 *db, gint64 *last, GArray *keys);

G_END_DECLS
