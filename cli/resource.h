/* resource.h: kontor NOUN VERB: the operations of the API as commands with typed flags. */
#pragma once

#include "cli/api.h"
#include "cli/cli.h"

G_BEGIN_DECLS

int  kontor_resource_run   (KontorCli *cli, char **words);
int  kontor_resource_help  (const KontorCli *cli, char **words);
const KontorFlag *kontor_resource_flags (const KontorApiOperation *operation);
void kontor_resource_nouns (GPtrArray *known);

G_END_DECLS
