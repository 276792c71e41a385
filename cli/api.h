/* api.h: the nouns, verbs and parameters of the API, as openapi.json lists them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  KONTOR_PARAM_TEXT,
  KONTOR_PARAM_CURRENCY,
  KONTOR_PARAM_INTEGER,
  KONTOR_PARAM_TIME,    /* Unix seconds */
  KONTOR_PARAM_BOOLEAN,
  KONTOR_PARAM_LIST,    /* of texts, or of what its one member says */
  KONTOR_PARAM_OBJECT,
  KONTOR_PARAM_MAP,     /* texts by names of the merchant's own */
  KONTOR_PARAM_RANGE,   /* a time, or its bounds gt, gte, lt, lte */
  KONTOR_PARAM_ANY,     /* taken as it comes */
} KontorApiParamType;

typedef struct _KontorApiParam KontorApiParam;

struct _KontorApiParam
{
  const char           *name;
  KontorApiParamType    type;
  gboolean              required;
  gboolean              clears;   /* "" unsets it */
  const char *const    *words;    /* the values it may have, or %NULL */
  gint64                min, max;
  const KontorApiParam *members;  /* ends with a row without name, or %NULL */
  const char           *doc;
};

typedef struct
{
  const char           *noun, *verb;  /* "customers", "create" */
  const char           *method, *path; /* "POST", "/v1/customers/{id}" */
  const char           *doc;
  gboolean              is_list;      /* the answer has pages */
  const KontorApiParam *params;
} KontorApiOperation;

/* By noun, then by verb; ends with a row without noun. */
extern const KontorApiOperation kontor_api_operations[];

/* Where a flag such as --address.city leads. */
typedef struct
{
  const KontorApiParam *param;  /* %NULL inside of what is taken as it comes */
  char                 *name;   /* as a form spells it: "address[city]"; owned */
} KontorApiTarget;

const KontorApiOperation *kontor_api_find   (const char *noun, const char *verb);
gboolean                  kontor_api_has    (const char *noun);
gboolean                  kontor_api_target (const KontorApiParam *params,
                                             const char           *flag,
                                             KontorApiTarget      *target);
char                     *kontor_api_value  (const KontorApiParam *param,
                                             const char           *flag,
                                             const char           *typed,
                                             gint64                now,
                                             GError              **error);
guint                     kontor_api_n_ids  (const KontorApiOperation *operation);
char                     *kontor_api_path   (const KontorApiOperation *operation, char **ids);

G_END_DECLS
