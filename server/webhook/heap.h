/* heap.h: which endpoint is to be looked at next. */
#pragma once

#include "server/webhook/target.h"

G_BEGIN_DECLS

/* (element-type KontorTarget) a binary heap by wake_us */
GPtrArray    *kontor_heap_new    (void);
/* Puts @target in, or moves it; G_MAXINT64 takes it out. */
void          kontor_heap_set    (GPtrArray *heap, KontorTarget *target, gint64 wake_us);
KontorTarget *kontor_heap_first  (const GPtrArray *heap); /* %NULL: it is empty */

G_END_DECLS
