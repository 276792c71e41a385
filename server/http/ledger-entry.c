/* ledger-entry.c: how far an entry of the journal is sealed, over HTTP.
 *
 * The entry itself is in every copy; here stands what a copy cannot know of it. The proof that it is
 * in its block is for who has the file: kontor-audit --receipt. */
#include "server/http/ledger-entry.h"

#include <sodium.h>
#include <string.h>

#include "server/http/member.h"
#include "server/store/block.h"

#define ID_PREFIX "entry_"

/* 0: @id is no entry's. */
static gint64
number_of (const char *id)
{
  char *end;
  gint64 number;

  if (!g_str_has_prefix (id, ID_PREFIX) || !g_ascii_isdigit (id[strlen (ID_PREFIX)]))
    return 0;
  number = g_ascii_strtoll (id + strlen (ID_PREFIX), &end, 10);
  return *end == '\0' ? number : 0;
}

static void
hex_member (KontorBuffer *out, const char *name, const guint8 *bytes, gsize length)
{
  char text[2 * 64 + 1];

  g_assert (length <= 64);
  sodium_bin2hex (text, sizeof text, bytes, length);
  kontor_member_text (out, name, text);
}

static void
write_block (KontorBuffer *out, const KontorBlock *block)
{
  kontor_buffer_printf (out, "{\"number\":%" G_GINT64_FORMAT, block->number);
  kontor_member_int (out, "created", block->created);
  kontor_member_int (out, "last_entry", block->last_entry);
  kontor_member_int (out, "last_version", block->last_version);
  hex_member (out, "previous", block->previous, sizeof block->previous);
  hex_member (out, "root", block->root, sizeof block->root);
  hex_member (out, "signature", block->signature, sizeof block->signature);
  kontor_buffer_char (out, '}');
}

static gboolean
retrieve (KontorCall *call, KontorError *error)
{
  KontorBuffer *out = &call->reply->body;
  gint64 number = number_of (call->ids[0]);
  gboolean found = FALSE;
  KontorBlock block;

  if (number > 0
      && (!kontor_store_entry_is_there (call->store, number, call->scope, &found, &call->failure)
          || !kontor_store_block_of (call->store, number, &block, &call->failure)))
    return FALSE;
  if (!found)
    return kontor_error_missing (error, "ledger_entry", call->ids[0], "id");
  call->reply->status = 200;
  kontor_buffer_printf (out,
                        "{\"id\":\"" ID_PREFIX "%" G_GINT64_FORMAT
                        "\",\"object\":\"kontor.ledger_entry\",\"block\":",
                        number);
  if (block.number > 0)
    write_block (out, &block);
  else
    kontor_buffer_literal (out, "null");
  kontor_member_bool (out, "sealed", block.number > 0);
  kontor_buffer_literal (out, "}\n");
  return TRUE;
}

const KontorRoute kontor_ledger_entry_routes[] = {
  { "GET", "/v1/kontor/ledger_entries/:id", KONTOR_SCOPE_BALANCE_READ, NULL, KONTOR_IN_ACTION,
    retrieve, KONTOR_ROUTE_READ, NULL, "Which signed block an entry of the journal is in." },
  { NULL },
};
