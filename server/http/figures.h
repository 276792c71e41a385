/* figures.h: what the server counts about itself, for /metrics. */
#pragma once

#include "server/http/api.h"

G_BEGIN_DECLS

KontorFigures *kontor_figures_new   (const KontorRouter *router);
void           kontor_figures_free  (KontorFigures *figures);
void           kontor_figures_count (KontorFigures        *figures,
                                     const KontorEndpoint *endpoint,
                                     guint                 status,
                                     gint64                took_us);

extern const KontorRoute kontor_figures_routes[];

G_END_DECLS
