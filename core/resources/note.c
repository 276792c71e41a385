/* note.c: the shape of what somebody wrote down about an object. */
#include "core/resources/note.h"

#include "core/resources/row.h"

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("kontor.note"),
  { "author", KONTOR_STRING, 0, AT (KontorNote, author), .doc = "Who wrote it: user_… or key_…." },
  { "author_name", KONTOR_STRING, 0, AT (KontorNote, author_name),
    .doc = "What they were called when they wrote it." },
  ROW_CREATED,
  ROW_LIVEMODE,
  { "on", KONTOR_STRING, CREATE | REQUIRED | LIST | COLUMN, AT (KontorNote, on), .max = 100,
    .doc = "The object that it is about." },
  { "text", KONTOR_STRING, CREATE | REQUIRED, AT (KontorNote, text), .max = 5000,
    .doc = "What there is to know." },

  { "deleted", KONTOR_BOOL, HIDDEN | COLUMN, AT (KontorNote, deleted),
    .doc = "Whether it was taken away." },
  ROW_CREATED_RANGE,
  ROW_END,
};

const KontorResource kontor_note_resource = {
  .kind = KONTOR_KIND_NOTE,
  .object = "kontor.note",
  .table = "notes",
  .prefix = "note",
  .shape = { "kontor.note", sizeof (KontorNote), fields },
  .doc = "What somebody wrote down about an object, for the others.",
};
