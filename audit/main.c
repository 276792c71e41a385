/* main.c: kontor-audit: re-derives every balance and invariant of a data directory from its file alone. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/chain.h"
#include "audit/receipt.h"
#include "audit/rules.h"

enum
{
  EXIT_RIGHT = 0,
  EXIT_WRONG = 1,
  EXIT_UNREADABLE = 2
};

static AuditTrust trust;
static gint64 receipt_entry;
static char **arguments;

static const GOptionEntry options[] = {
  { "key",     0, 0, G_OPTION_ARG_STRING, &trust.key,
    "The public key to trust, instead of keys/seal.pub", "HEX" },
  { "head",    0, 0, G_OPTION_ARG_STRING, &trust.head,
    "A block that must be there, as an earlier audit printed it", "NUMBER:HASH" },
  { "receipt", 0, 0, G_OPTION_ARG_INT64, &receipt_entry,
    "Print the proof that a journal entry is sealed, and check nothing else", "ENTRY" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, "DATA_DIR" },
  { NULL },
};

/* The rules between objects need the file only: they are checked beside the journal and the log, on a
 * connection that sees one moment of its own. */
static gpointer
rules_thread (gpointer data)
{
  AuditFile *file = data;

  audit_rules_check (file);
  return NULL;
}

static void
audit (AuditFile *file, AuditFile *second)
{
  GThread *rules = g_thread_new ("rules", rules_thread, second);
  g_autoptr (AuditBooks) books = audit_books_new (file, 0);
  g_autoptr (AuditVersions) versions = audit_versions_new (file, 0);

  audit_seal_check (file, &trust, books, versions);
  audit_books_finish (books);
  audit_versions_check_rows (versions);
  audit_chain_check (file, &trust);
  audit_file_check_structure (file);
  g_thread_join (rules);
}

static int
print_receipt (AuditFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  JsonObject *receipt = audit_receipt (file, &trust, receipt_entry, &error);

  if (receipt == NULL)
    {
      g_printerr ("kontor-audit: %s\n", error->message);
      return EXIT_WRONG;
    }
  text = audit_json_text (receipt);
  puts (text);
  return EXIT_RIGHT;
}

static int
print_report (AuditFile *file, AuditReport *report)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AuditFile) second = audit_file_open (file->data_dir, report, &error);
  g_autofree char *text = NULL;

  if (second == NULL)
    {
      g_printerr ("kontor-audit: %s\n", error->message);
      return EXIT_UNREADABLE;
    }
  audit (file, second);
  text = audit_report_to_json (report);
  puts (text);
  return audit_report_is_ok (report) ? EXIT_RIGHT : EXIT_WRONG;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (AuditReport) report = audit_report_new ();
  g_autoptr (AuditFile) file = NULL;
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_summary (
      context, "Reads the books of a Kontor data directory and prints what is wrong with them,\n"
               "as one JSON object. Changes nothing; safe while a server runs.");
  g_option_context_set_description (
      context, "Exit status: 0 nothing is wrong, 1 something is, 2 the directory cannot be read.");
  if (!g_option_context_parse (context, &argc, &argv, &error) || arguments == NULL
      || g_strv_length (arguments) != 1)
    {
      g_printerr ("kontor-audit: %s\n", error != NULL ? error->message : "name one data directory");
      return EXIT_UNREADABLE;
    }
  if (sodium_init () < 0)
    return EXIT_UNREADABLE;
  file = audit_file_open (arguments[0], report, &error);
  if (file == NULL)
    {
      g_printerr ("kontor-audit: %s\n", error->message);
      return EXIT_UNREADABLE;
    }
  return receipt_entry != 0 ? print_receipt (file) : print_report (file, report);
}
