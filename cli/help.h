/* help.h: what a command does, as a page for people. */
#pragma once

#include "cli/cli.h"

G_BEGIN_DECLS

void kontor_help_program (const KontorStyle *style);
void kontor_help_command (const KontorStyle *style, const KontorCommand *command);
void kontor_help_heading (const KontorStyle *style, const char *title);
void kontor_help_row     (const KontorStyle *style,
                          const char        *name,
                          guint              name_width,
                          const char        *doc);
void kontor_help_commands_of (const KontorStyle *style, const char *word);
void kontor_help_flags   (const KontorStyle *style, const KontorFlag *flags);

G_END_DECLS
