/* notice.c: the shape of what the people of an account should know. */
#include "core/resources/notice.h"

#include "core/resources/row.h"

static const KontorField fields[] = {
  ROW_ID,
  ROW_OBJECT ("kontor.notice"),
  { "about", KONTOR_STRING, 0, AT (KontorNotice, about), .doc = "The object it is about." },
  ROW_CREATED,
  { "dismissed", KONTOR_TIME, NULLABLE, AT (KontorNotice, dismissed),
    .doc = "When somebody said that it was read; null while nobody has." },
  { "kind", KONTOR_STRING, 0, AT (KontorNotice, kind),
    .doc = "What kind of notice it is, such as webhook_endpoint.disabled." },
  ROW_LIVEMODE,
  { "message", KONTOR_STRING, 0, AT (KontorNotice, message), .doc = "What there is to know." },

  ROW_CREATED_RANGE,
  { "dismissed", KONTOR_BOOL, PARAM | LIST,
    .doc = "Only those that somebody dismissed, or those that nobody has." },
  ROW_END,
};

const KontorResource kontor_notice_resource = {
  .kind = KONTOR_KIND_NOTICE,
  .object = "kontor.notice",
  .shape = { "kontor.notice", sizeof (KontorNotice), fields },
  .doc = "What the people of an account should know.",
};
