/* note.h: the shape of what somebody wrote down about an object. */
#pragma once

#include "core/resource.h"

G_BEGIN_DECLS

typedef struct
{
  KontorObject head;
  const char  *author;      /* "user_…" or "key_3" */
  const char  *author_name; /* what they were called when they wrote it */
  const char  *on;          /* id of an object */
  const char  *text;
  /* hidden */
  int          deleted;
} KontorNote;

extern const KontorResource kontor_note_resource;

G_END_DECLS
