/* view.h: objects as people read them: lists as tables, single ones name by name. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

void kontor_view_reply (const KontorCli *cli, const KontorClientReply *reply);
int  kontor_view_all   (KontorCli *cli, KontorClientCall *call);

G_END_DECLS
