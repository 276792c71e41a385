/* people.h: the commands of kontord about people. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int kontor_user_tool_create  (char **arguments);
int kontor_user_tool_list    (char **arguments);
int kontor_user_tool_disable (char **arguments);
int kontor_user_tool_enable  (char **arguments);
int kontor_user_tool_reset   (char **arguments);

G_END_DECLS
