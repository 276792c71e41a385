/* value.h: a tree of names and values, what a JSON text or an HTML form says. */
#pragma once

#include "core/arena.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_VALUE_NULL,
  KONTOR_VALUE_BOOL,
  KONTOR_VALUE_NUMBER, /* text as it was sent: never a double */
  KONTOR_VALUE_STRING,
  KONTOR_VALUE_ARRAY,
  KONTOR_VALUE_OBJECT,
} KontorValueType;

typedef struct _KontorValue KontorValue;

struct _KontorValue
{
  const char     *key;    /* name inside an object; %NULL in an array and at the root */
  const char     *text;   /* strings and numbers, NUL-terminated; "true" or "false" */
  gsize           length; /* of @text in bytes */
  KontorValueType type;
  guint           n_children;
  KontorValue    *first;  /* children in the order sent */
  KontorValue    *last;
  KontorValue    *next;
  gint64          integer; /* set by the parameter check for whole numbers, times and booleans */
};

KontorValue       *kontor_value_new    (KontorArena *arena, KontorValueType type);
KontorValue       *kontor_value_append (KontorArena *arena,
                                        KontorValue *parent,
                                        const char *key,
                                        KontorValueType type);
const KontorValue *kontor_value_get    (const KontorValue *object, const char *key);
gboolean           kontor_value_is_empty (const KontorValue *value);

G_END_DECLS
