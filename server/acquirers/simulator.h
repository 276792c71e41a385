/* simulator.h: the rail of test mode: every outcome on request, and no money. */
#pragma once

#include "server/engine/acquirer.h"

G_BEGIN_DECLS

KontorAcquirer *kontor_simulator (void); /* (transfer none): there is one */

/* The cards it knows, for tests that visit every one; ends with a row without name. */
const KontorRailCard *kontor_simulator_card (guint place);

G_END_DECLS
