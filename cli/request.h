/* request.h: calls as the command line spells them: paths, parameters, flags of a request. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/* What each method takes besides the parameters of the operation. */
extern const KontorFlag kontor_request_get_flags[];
extern const KontorFlag kontor_request_post_flags[];
extern const KontorFlag kontor_request_delete_flags[];

char    *kontor_request_path   (const char *typed);
char    *kontor_request_value  (const char *typed, GError **error);
gboolean kontor_request_data   (const KontorCli *cli, KontorClientCall *call, GError **error);
void     kontor_request_flags  (const KontorCli *cli, KontorClientCall *call);
gboolean kontor_request_may_delete (const KontorCli *cli, const char *what, GError **error);

G_END_DECLS
