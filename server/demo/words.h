/* words.h: what the people and goods of a sample shop are called. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char       *name;    /* as they write it */
  char       *email;   /* in plain letters, unique by number */
  const char *country; /* ISO 3166 */
  const char *locale;
} KontorPerson;

void        kontor_person_init  (KontorPerson *person, guint number);
void        kontor_person_clear (KontorPerson *person);
const char *kontor_goods_name   (guint number);

G_END_DECLS
