/* resource.h: how an API object is declared, once, and all that follows from the declaration. */
#pragma once

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"
#include "core/id.h"
#include "core/value.h"

G_BEGIN_DECLS

typedef struct _KontorShape    KontorShape;
typedef struct _KontorField    KontorField;
typedef struct _KontorResource KontorResource;
typedef struct _KontorObject   KontorObject;

/* What a field is, which also says how it lies in the C struct. */
typedef enum
{
  /* const char *; %NULL is null. With @values: one of those words. @max: longest length (0:
   * 5000) */
  KONTOR_STRING,
  KONTOR_EMAIL,     /* const char *; checked */
  KONTOR_CURRENCY,  /* const char *; lower-cased, checked against core/currency */
  KONTOR_ID,        /* const char *; id of a @target */
  /* const char *; the object's id, "_secret_" and letters, of which the letters are stored */
  KONTOR_CLIENT_SECRET,
  KONTOR_INT,       /* gint64; KONTOR_NONE is null. @min, @max: range when they differ */
  KONTOR_TIME,      /* gint64 Unix seconds; KONTOR_NONE is null */
  KONTOR_BOOL,      /* int: 0, 1, or -1 for null */
  KONTOR_ENUM,      /* int: index into @values, -1 for null: for states that the rules switch on */
  KONTOR_OBJECT,    /* pointer to the struct of @shape; %NULL is null */
  /* KontorStrings *: list of strings; %NULL is null (or @fixed or [] without NULLABLE) */
  KONTOR_STRINGS,
  KONTOR_OBJECTS,   /* KontorItems *: list of structs of @shape; likewise */
  KONTOR_MAP,       /* KontorMap *: metadata; never null: {} */
  KONTOR_RAW,       /* const char *: any JSON, kept as it is; %NULL is null */
  KONTOR_FIXED,     /* no memory: always the JSON text in @fixed */
  KONTOR_SUBLIST,   /* no memory: a list object of @target whose column @column names this object */
  KONTOR_SELF_ID, KONTOR_SELF_CREATED, KONTOR_SELF_LIVEMODE, /* from the KontorObject head */
  KONTOR_RANGE,     /* parameter only: a time, or {gt,gte,lt,lte} */
  /* parameter only: taken as it comes (params of features that do nothing here) */
  KONTOR_ANYTHING,
} KontorFieldType;

/* In which operations a field is a parameter. A route names one of these bits. */
typedef enum
{
  KONTOR_IN_CREATE   = 1 << 0,
  KONTOR_IN_UPDATE   = 1 << 1,
  KONTOR_IN_LIST     = 1 << 2,
  KONTOR_IN_CONFIRM  = 1 << 3,
  KONTOR_IN_CAPTURE  = 1 << 4,
  KONTOR_IN_CANCEL   = 1 << 5,
  KONTOR_IN_ACTION   = 1 << 6,  /* the noun's one further verb: increment_authorization, attach … */
  KONTOR_IN_ACTION2  = 1 << 7,
  KONTOR_IN_NESTED   = 1 << 8,  /* inside a nested shape: whenever the object itself is taken */
  KONTOR_IN_ANY      = 0x1ff,
  /* what it is */
  KONTOR_NULLABLE    = 1 << 9,
  KONTOR_EXPANDABLE  = 1 << 10,
  KONTOR_OPTIONAL    = 1 << 11, /* left out of the JSON when null or empty */
  KONTOR_REQUIRED    = 1 << 12, /* as a parameter of IN_CREATE (or of the nested object) */
  KONTOR_REQUIRED_ACTION = 1 << 13, /* as a parameter of IN_ACTION */
  KONTOR_CLEARABLE   = 1 << 14, /* "" (or null) as a parameter unsets it */
  /* has a column of its name in the noun's table; KONTOR_ID as the key's integer */
  KONTOR_COLUMN      = 1 << 15,
  KONTOR_HIDDEN      = 1 << 16, /* kept, never shown */
  KONTOR_PARAM_ONLY  = 1 << 17, /* a parameter that is no field: no offset */
  KONTOR_WHEN_EXPANDED = 1 << 18, /* shown only when named in expand[] */
  KONTOR_SECRET      = 1 << 19, /* redacted in the request log: card numbers, client secrets */
} KontorFieldFlags;

struct _KontorField
{
  const char        *name;
  KontorFieldType    type;
  guint32            flags;
  guint16            offset;
  const KontorShape *shape;    /* of OBJECT and OBJECTS */
  const char *const *values;   /* %NULL-terminated words */
  gint64             min, max; /* of a list: how many items */
  /* object name, or several as "customer|deleted_customer"; SUBLIST: the listed noun */
  const char        *target;
  const char        *column;   /* SUBLIST */
  /* JSON text of FIXED; of STRING, STRINGS, BOOL: what it is while nothing was said */
  const char        *fixed;
  const char        *doc;      /* one sentence of our own, for openapi.json and help */
};

/* A nested object, or the fields of a resource. */
struct _KontorShape
{
  const char        *name;
  gsize              size;     /* of the C struct */
  const KontorField *fields;   /* ends with a row without name */
};

/* Numbers are stored in files: never reuse or change one. */
typedef enum
{
  KONTOR_KIND_NONE = 0,
  KONTOR_KIND_ACCOUNT = 1,
  KONTOR_KIND_CUSTOMER = 2,
  KONTOR_KIND_PAYMENT_METHOD = 3,
  KONTOR_KIND_SETUP_INTENT = 4,
  KONTOR_KIND_SETUP_ATTEMPT = 5,
  KONTOR_KIND_PAYMENT_INTENT = 6,
  KONTOR_KIND_CHARGE = 7,
  KONTOR_KIND_REFUND = 8,
  KONTOR_KIND_BALANCE_TRANSACTION = 9,
  KONTOR_KIND_EVENT = 10,
  KONTOR_KIND_BALANCE = 11,     /* never stored */
  KONTOR_KIND_MANDATE = 12,
  KONTOR_KIND_WEBHOOK_ENDPOINT = 13,
  KONTOR_KIND_WEBHOOK_DELIVERY = 14, /* never stored as an object, as the next two */
  KONTOR_KIND_WEBHOOK_ATTEMPT = 15,
  KONTOR_KIND_NOTICE = 16,
  KONTOR_KIND_NOTE = 17,
  KONTOR_KIND_VIEW = 18,
  KONTOR_N_KINDS
} KontorKind;

struct _KontorResource
{
  KontorKind   kind;
  const char  *object;   /* "payment_intent" */
  /* its table in the store, also the word in URLs where they agree: "payment_intents" */
  const char  *table;
  const char  *prefix;   /* "pi"; ids are prefix_… */
  KontorShape  shape;
  const char  *doc;
  /* Fills in what follows from the rest and so is not stored; %NULL: nothing does. Called on
   * every object that is read or saved. */
  void       (*complete) (gpointer object, KontorArena *arena);
  /* Takes that out of a copy which is to be stored. */
  void       (*trim)     (gpointer copy, KontorArena *arena);
  /* Sets what changes by the passing of time alone; %NULL: nothing does. Called before an object
   * is shown. */
  void       (*age)      (gpointer object, gint64 now);
};

/* Head of every object's struct. */
struct _KontorObject
{
  const KontorResource *resource;
  const char *id;
  gint64      key;      /* kontor_key (scope, tick); 0: not stored */
  gint64      version;  /* sequence number of the version held here; 0: never saved */
  gint64      created;  /* Unix seconds */
};

#define KONTOR_NONE G_MININT64

typedef struct { guint n; const char **items; } KontorStrings;
typedef struct { guint n; gpointer *items; } KontorItems;
typedef struct { const char *key, *value; } KontorPair;
typedef struct { guint n; KontorPair *pairs; } KontorMap;

/* All resources, by kind; [0] is %NULL. */
extern const KontorResource *const kontor_resources[KONTOR_N_KINDS];

const KontorResource *kontor_resource_by_name   (const char *object);
const KontorResource *kontor_resource_by_prefix (const char *id);  /* "pi_3x…" → payment intent */
const KontorField    *kontor_shape_find         (const KontorShape *shape, const char *name);

/* A zeroed struct with every nullable number, boolean and enum set to null. */
gpointer kontor_object_new (const KontorResource *resource, KontorArena *arena);
gpointer kontor_shape_new  (const KontorShape *shape, KontorArena *arena);

/* Writing. @expand may be %NULL. */
typedef struct _KontorExpand KontorExpand;
struct _KontorExpand           /* a tree of names: expand[]=customer.default_source … */
{
  const char   *name;
  KontorExpand *children;
  KontorExpand *next;
};

typedef struct _KontorLoader KontorLoader;
/* how the writer gets at the objects that are asked to be expanded */
struct _KontorLoader
{
  gpointer data;
  /* %NULL: keep the id */
  const KontorObject *(*load) (gpointer data, const KontorField *field, const char *id);
  /* writes a list object of @field->target whose @field->column is @parent */
  void (*sublist) (gpointer            data,
                   const KontorField  *field,
                   const KontorObject *parent,
                   const KontorExpand *expand,
                   KontorBuffer       *out);
};

void     kontor_object_write       (const KontorObject *object,
                                    const KontorExpand *expand,
                                    const KontorLoader *loader,
                                    KontorBuffer *out);
/* only what is not a default; no id, created, livemode, fixed fields */
const KontorObject *kontor_object_trimmed (const KontorObject *object, KontorArena *arena);
void     kontor_object_write_slim  (const KontorObject *object, KontorBuffer *out);
void     kontor_shape_write        (const KontorShape *shape,
                                    gconstpointer data,
                                    KontorBuffer *out);
/* Reads what write_slim wrote (or a full reply) into a fresh struct; unknown names are skipped. */
gboolean kontor_object_read        (const KontorResource *resource,
                                    KontorArena *arena,
                                    const char *json,
                                    gsize length,
                                    KontorObject *object);

/* expand[] as checked parameters; KONTOR_ERROR_INVALID_REQUEST "This property cannot be expanded
 * (…)." @in_list: names start with "data.". */
gboolean kontor_expand_parse (const KontorResource *resource,
                              gboolean in_list,
                              const KontorValue *list,
                              KontorArena *arena,
                              KontorExpand **expand,
                              KontorError *error);

/* Checks @params (already a tree) against every row of @shape that has a bit of @operation, and
 * those of @extra (may be %NULL): unknown, missing, wrong type, range, enum, length, currency,
 * email, metadata limits (50 keys, 40 and 500 letters). Numbers, booleans and times get
 * KontorValue.integer, strings become KONTOR_VALUE_STRING. "expand" is always taken. Errors name
 * the parameter as Stripe does: "card[number]". */
gboolean kontor_params_check (const KontorShape *shape,
                              guint32 operation,
                              const KontorField *extra,
                              KontorArena *arena,
                              KontorValue *params,
                              KontorError *error);

/* Sets each field of @object that has a bit of @operation and is in the checked @params;
 * metadata is merged, CLEARABLE ones unset by "". Strings are shared with @params' arena.
 * Returns whether anything changed. PARAM_ONLY rows are left to the caller. */
gboolean kontor_params_apply (const KontorShape *shape,
                              guint32 operation,
                              const KontorValue *params,
                              KontorArena *arena,
                              gpointer object);
#define KONTOR_METADATA_PAIRS 50

/* Whether @metadata, once it has been merged with what @params say of it, holds no more keys
 * than it may. */
gboolean kontor_params_metadata_fits (const KontorValue *params,
                                      const KontorMap *metadata,
                                      KontorError *error);

/* Reading checked parameters: absent and unset ("") give the fallback. */
gboolean           kontor_params_has    (const KontorValue *params, const char *name);
/* present as "" or null */
gboolean           kontor_params_unset  (const KontorValue *params, const char *name);
const char        *kontor_params_string (const KontorValue *params, const char *name);
gint64             kontor_params_int    (const KontorValue *params,
                                         const char *name,
                                         gint64 fallback);
gboolean           kontor_params_bool   (const KontorValue *params,
                                         const char *name,
                                         gboolean fallback);
const KontorValue *kontor_params_object (const KontorValue *params, const char *name);

G_END_DECLS
