/* actions.h: what commands of single screens do and when they can, for the table of commands. */
#pragma once

#include "core/console/command.h"

G_BEGIN_DECLS

/* people-forms.c */
extern const KontorFormDeclaration kontor_key_create_form;
extern const KontorFormDeclaration kontor_key_roll_form;
extern const KontorFormDeclaration kontor_key_delete_form;
extern const KontorFormDeclaration kontor_invite_form;
extern const KontorFormDeclaration kontor_role_form;
extern const KontorFormDeclaration kontor_disable_form;
extern const KontorFormDeclaration kontor_enable_form;
extern const KontorFormDeclaration kontor_reset_form;

/* queue-change.c */
extern const KontorFormDeclaration kontor_queue_change_form;
void kontor_queue_write_conflict (KontorDetailWriter *writer);

/* queue.c */
const char *kontor_queue_can_change  (const KontorCall *call);
const char *kontor_queue_can_confirm (const KontorCall *call);
const char *kontor_queue_can_retry   (const KontorCall *call);
const char *kontor_queue_can_discard (const KontorCall *call);
const char *kontor_queue_can_undo    (const KontorCall *call);
void        kontor_queue_confirm     (const KontorCall *call);
void        kontor_queue_retry       (const KontorCall *call);
void        kontor_queue_discard     (const KontorCall *call);
void        kontor_queue_undo        (const KontorCall *call);

G_END_DECLS
