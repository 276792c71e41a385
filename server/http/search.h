/* search.h: finding objects by Stripe's query language. */
#pragma once

#include "server/http/call.h"

G_BEGIN_DECLS

const KontorValue *kontor_search_take_total (KontorCall *call, const KontorValue *expand);

G_END_DECLS
