/* row.h: short words for the rows of the tables beside it; nothing else includes this. */
#pragma once

#include "core/resource.h"

#define CREATE        KONTOR_IN_CREATE
#define UPDATE        KONTOR_IN_UPDATE
#define LIST          KONTOR_IN_LIST
#define CONFIRM       KONTOR_IN_CONFIRM
#define CAPTURE       KONTOR_IN_CAPTURE
#define CANCEL        KONTOR_IN_CANCEL
#define ACTION        KONTOR_IN_ACTION
#define NESTED        KONTOR_IN_NESTED
#define NULLABLE      KONTOR_NULLABLE
#define EXPANDABLE    KONTOR_EXPANDABLE
#define OPTIONAL      KONTOR_OPTIONAL
#define REQUIRED      KONTOR_REQUIRED
#define CLEARABLE     KONTOR_CLEARABLE
#define COLUMN        KONTOR_COLUMN
#define HIDDEN        KONTOR_HIDDEN
#define PARAM         KONTOR_PARAM_ONLY
#define WHEN_EXPANDED KONTOR_WHEN_EXPANDED
#define SECRET        KONTOR_SECRET

/* Where a member lies in its struct. */
#define AT(Type, member) ((guint16) G_STRUCT_OFFSET (Type, member))

/* What every object begins with. */
#define ROW_ID               { "id", KONTOR_SELF_ID, 0, .doc = "Names this object." }
#define ROW_OBJECT(noun) \
  { "object", KONTOR_FIXED, 0, .fixed = "\"" noun "\"", .doc = "What kind of object this is." }
#define ROW_CREATED          { "created", KONTOR_SELF_CREATED, 0, .doc = "When it was made." }
#define ROW_LIVEMODE \
  { "livemode", KONTOR_SELF_LIVEMODE, 0, .doc = "Whether it is real (live mode) or a test." }
#define ROW_METADATA(Type, flags_) \
  { "metadata", KONTOR_MAP, (flags_), AT (Type, metadata), \
    .doc = "What the merchant wants to remember, by names of their own." }

/* Parameter of lists: made in a stretch of time. */
#define ROW_CREATED_RANGE \
  { "created", KONTOR_RANGE, PARAM | LIST, \
    .doc = "Only what was made at this time, or within these bounds." }

/* A field of a feature that is not here: always null. */
#define ROW_NULL(name_, doc_) { name_, KONTOR_FIXED, NULLABLE, .fixed = "null", .doc = doc_ }
#define ROW_NULL_ID(name_, doc_) \
  { name_, KONTOR_FIXED, NULLABLE | EXPANDABLE, .fixed = "null", .doc = doc_ }

/* A parameter that is looked at by the rules of the noun, or that changes nothing here. */
#define ROW_TAKEN(name_, flags_, doc_) { name_, KONTOR_ANYTHING, PARAM | (flags_), .doc = doc_ }

#define ROW_END { NULL }
