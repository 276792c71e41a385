/* view.c: the shape of a saved view: what a console shows of a list, under a name. */
#include "core/resources/view.h"

#include "core/resources/row.h"

#define EITHER CREATE | UPDATE

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("kontor.view"),
  { "columns", KONTOR_STRINGS, EITHER, AT (KontorView, columns), .max = 50,
    .doc = "The columns that are shown, in their order; those of the screen when there are none." },
  ROW_CREATED,
  { "descending", KONTOR_BOOL, EITHER, AT (KontorView, descending),
    .doc = "Whether the greatest comes first." },
  ROW_LIVEMODE,
  { "name", KONTOR_STRING, EITHER | REQUIRED | COLUMN, AT (KontorView, name), .max = 60,
    .doc = "What its owner calls it." },
  { "owner", KONTOR_STRING, COLUMN, AT (KontorView, owner),
    .doc = "Whose it is: user_… or key_…." },
  { "query", KONTOR_STRING, NULLABLE | EITHER | CLEARABLE, AT (KontorView, query), .max = 1000,
    .doc = "What is looked for, in the search language." },
  { "screen", KONTOR_STRING, EITHER | REQUIRED, AT (KontorView, screen), .max = 40,
    .doc = "Which list it is a view of, such as payments." },
  { "shared", KONTOR_BOOL, EITHER, AT (KontorView, shared),
    .doc = "Whether it is shown to everybody." },
  { "sort", KONTOR_STRING, NULLABLE | EITHER | CLEARABLE, AT (KontorView, sort), .max = 60,
    .doc = "The column by which it is sorted." },

  { "deleted", KONTOR_BOOL, HIDDEN | COLUMN, AT (KontorView, deleted),
    .doc = "Whether it was taken away." },
  ROW_CREATED_RANGE,
  ROW_END,
};

const KontorResource kontor_view_resource = {
  .kind = KONTOR_KIND_VIEW,
  .object = "kontor.view",
  .table = "views",
  .prefix = "view",
  .shape = { "kontor.view", sizeof (KontorView), fields },
  .doc = "What a console shows of a list, under a name.",
};
