/* reply.h: answers on stdout: as JSON for programs, coloured for people, lists page by page. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

void kontor_reply_headers (const KontorCli *cli, const KontorClientReply *reply);
void kontor_reply_print   (const KontorCli *cli, const KontorClientReply *reply);
int  kontor_reply_all     (KontorCli *cli, KontorClientCall *call);

G_END_DECLS
