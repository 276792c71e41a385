/* report.c: what the audit found: counts and problems, as one JSON object. */
#include "audit/report.h"

/* One altered row can break a rule in many places; beyond this many they are only counted. */
#define MAX_LISTED 1000

struct _AuditReport
{
  GMutex      lock; /* two threads read the file */
  JsonObject *counts;
  JsonObject *seal, *log;
  JsonArray  *problems;
  guint       n_problems;
};

/**
 * audit_report_new:
 *
 * Returns: (transfer full): a report that has nothing to complain about
 */
AuditReport *
audit_report_new (void)
{
  AuditReport *report = g_new0 (AuditReport, 1);

  g_mutex_init (&report->lock);
  report->counts = json_object_new ();
  report->seal = json_object_new ();
  report->log = json_object_new ();
  report->problems = json_array_new ();
  return report;
}

/**
 * audit_report_free:
 * @report: (transfer full): a report
 */
void
audit_report_free (AuditReport *report)
{
  g_mutex_clear (&report->lock);
  json_object_unref (report->counts);
  json_object_unref (report->seal);
  json_object_unref (report->log);
  json_array_unref (report->problems);
  g_free (report);
}

/**
 * audit_report_count:
 * @report: a report
 * @what: a word such as "entries"
 * @n: how many of them were looked at
 *
 * From any thread.
 */
void
audit_report_count (AuditReport *report, const char *what, gint64 n)
{
  g_mutex_lock (&report->lock);
  json_object_set_int_member (report->counts, what, n);
  g_mutex_unlock (&report->lock);
}

/**
 * audit_report_seal:
 * @report: a report
 * @seal: (transfer full): how far the file is sealed
 */
void
audit_report_seal (AuditReport *report, JsonObject *seal)
{
  json_object_unref (report->seal);
  report->seal = seal;
}

/**
 * audit_report_log:
 * @report: a report
 * @rows: how many rows the log of who did what has
 * @sealed: up to which it is sealed; 0: not at all
 * @head: the last one, as NUMBER:HASH
 */
void
audit_report_log (AuditReport *report, gint64 rows, gint64 sealed, const char *head)
{
  json_object_set_int_member (report->log, "rows", rows);
  json_object_set_int_member (report->log, "sealed", sealed);
  json_object_set_string_member (report->log, "head", head);
}

/* What stood in a damaged file, fit to be shown: json-glib does not escape every control character. */
static char *
printable (const char *text)
{
  char *valid = g_utf8_make_valid (text, -1);

  for (char *at = valid; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = ' ';
  return valid;
}

/**
 * audit_report_problem:
 * @report: a report
 * @check: the rule that does not hold, a word
 * @where: the row, named so that a person finds it: an id, "entry 12"
 * @format: a sentence for a person
 * @...: for @format
 *
 * From any thread.
 */
void
audit_report_problem (AuditReport *report,
                      const char *check,
                      const char *where,
                      const char *format,
                      ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_mutex_lock (&report->lock);
  if (report->n_problems++ < MAX_LISTED)
    {
      JsonObject *problem = json_object_new ();
      g_autofree char *valid = printable (where != NULL ? where : "");
      g_autofree char *sentence = printable (message);

      json_object_set_string_member (problem, "check", check);
      json_object_set_string_member (problem, "where", valid);
      json_object_set_string_member (problem, "message", sentence);
      json_array_add_object_element (report->problems, problem);
    }
  g_mutex_unlock (&report->lock);
}

/**
 * audit_report_is_ok:
 * @report: a report
 *
 * Returns: whether nothing is wrong
 */
gboolean
audit_report_is_ok (AuditReport *report)
{
  gboolean is_ok;

  g_mutex_lock (&report->lock);
  is_ok = report->n_problems == 0;
  g_mutex_unlock (&report->lock);
  return is_ok;
}

/**
 * audit_json_text:
 * @object: (transfer full): any object
 *
 * Returns: (transfer full): its text, indented
 */
char *
audit_json_text (JsonObject *object)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (root, object);
  return json_to_string (root, TRUE);
}

/**
 * audit_report_to_json:
 * @report: a finished report
 *
 * Returns: (transfer full): all of it as one JSON object
 */
char *
audit_report_to_json (AuditReport *report)
{
  JsonObject *all = json_object_new ();

  json_object_set_boolean_member (all, "ok", report->n_problems == 0);
  json_object_set_object_member (all, "checked", json_object_ref (report->counts));
  json_object_set_object_member (all, "seal", json_object_ref (report->seal));
  json_object_set_object_member (all, "audit_log", json_object_ref (report->log));
  json_object_set_array_member (all, "problems", json_array_ref (report->problems));
  if (report->n_problems > MAX_LISTED)
    json_object_set_int_member (all, "problems_not_listed", report->n_problems - MAX_LISTED);
  return audit_json_text (all);
}
