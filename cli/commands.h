/* commands.h: the commands of kontor: one table of each cmd-*.c, and how to find a row. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

/* Each ends with a row without name. */
extern const KontorCommand kontor_login_commands[];
extern const KontorCommand kontor_profile_commands[];
extern const KontorCommand kontor_status_commands[];
extern const KontorCommand kontor_request_commands[];
extern const KontorCommand kontor_listen_commands[];
extern const KontorCommand kontor_events_commands[];
extern const KontorCommand kontor_trigger_commands[];
extern const KontorCommand kontor_webhooks_commands[];
extern const KontorCommand kontor_webhook_send_commands[];
extern const KontorCommand kontor_logs_commands[];
extern const KontorCommand kontor_sync_commands[];
extern const KontorCommand kontor_completion_commands[];
extern const KontorCommand kontor_help_commands[];
extern const KontorCommand kontor_hidden_commands[];

typedef struct
{
  const char          *title; /* of the group in help, marked with N_(); neighbours may share one.
                               * %NULL: not shown there */
  const KontorCommand *commands;
} KontorCommandGroup;

/* All of them, in the order of help; ends with a row without commands. */
extern const KontorCommandGroup kontor_command_groups[];

const KontorCommand *kontor_commands_find  (char **words, guint *n_words);
void                 kontor_commands_names (GPtrArray *known);

G_END_DECLS
