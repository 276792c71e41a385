/* detail.c: all there is to say of one object, row by row. */
#include "core/console/detail.h"

#include "core/console/desk.h"
#include "core/console/text.h"

/**
 * kontor_detail_free:
 * @data: (transfer full): a #KontorDetail
 */
void
kontor_detail_free (gpointer data)
{
  KontorDetail *detail = data;

  g_free (detail->value);
  g_free (detail->target);
  g_free (detail);
}

/**
 * kontor_detail_section:
 * @writer: the detail being written
 * @label: what the rows from here on are about, translated
 */
void
kontor_detail_section (KontorDetailWriter *writer, const char *label)
{
  kontor_detail_add (writer, KONTOR_DETAIL_SECTION, label, "", NULL);
}

/**
 * kontor_detail_add:
 * @writer: the detail being written
 * @kind: what it is
 * @label: what it is called, translated
 * @value: (nullable): what it is; %NULL: the row is left out
 * @target: (nullable): the id that it leads to
 */
void
kontor_detail_add (KontorDetailWriter *writer,
                   KontorDetailKind kind,
                   const char *label,
                   const char *value,
                   const char *target)
{
  KontorDetail *detail;

  if (value == NULL)
    return;
  detail = g_new0 (KontorDetail, 1);
  detail->kind = kind;
  detail->label = label;
  detail->value = kontor_format_text (writer->format, value);
  detail->target = g_strdup (target);
  g_ptr_array_add (writer->rows, detail);
}

/**
 * kontor_detail_take:
 * @writer: the detail being written
 * @kind: what it is
 * @label: what it is called, translated
 * @value: (transfer full) (nullable): what it is
 */
void
kontor_detail_take (KontorDetailWriter *writer,
                    KontorDetailKind kind,
                    const char *label,
                    char *value)
{
  kontor_detail_add (writer, kind, label, value, NULL);
  g_free (value);
}

/**
 * kontor_detail_list:
 * @writer: the detail being written, of a record with JSON
 * @label: what they are, translated
 * @path: of a list of texts in it
 * @none: what it means that there is no list, translated
 */
void
kontor_detail_list (KontorDetailWriter *writer,
                    const char *label,
                    const char *path,
                    const char *none)
{
  const KontorValue *list = kontor_record_value (writer->record, path);

  if (list == NULL)
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT, label, none, NULL);
  for (const KontorValue *one = list != NULL ? list->first : NULL; one != NULL; one = one->next)
    kontor_detail_add (writer, KONTOR_DETAIL_TEXT, one == list->first ? label : "", one->text,
                       NULL);
}

/**
 * kontor_detail_json:
 * @writer: the detail being written
 * @path: (nullable): where the server has more than the copy: "/v1/events/evt_…"
 *
 * Ends it with the whole object, as the server gives it where that can be had.
 */
void
kontor_detail_json (KontorDetailWriter *writer, const char *path)
{
  KontorDesk *desk = kontor_screen_desk (writer->screen);
  const char *whole = desk != NULL && path != NULL ? kontor_desk_fetch (desk, path) : NULL;

  kontor_detail_section (writer, _ ("JSON"));
  kontor_detail_add (writer, KONTOR_DETAIL_JSON, "",
                     whole != NULL ? whole : kontor_item_body (writer->record->item), NULL);
}
