/* people-forms.c: what is asked before an API key is made, or somebody may do something else. */
#include "core/console/screens/actions.h"
#include "core/console/text.h"

static const char *const key_types[] = { "secret", "publishable", "restricted", NULL };
static const char *const roles[] = { "owner", "admin", "developer", "analyst", "support", NULL };

/* ------------------------------------------------------------------------------------- keys -- */

static const KontorInput key_inputs[] = {
  { "name", N_ ("Name"), N_ ("What it is for, such as the shop's name."), KONTOR_INPUT_TEXT, TRUE },
  { "type", N_ ("Type"), N_ ("Secret may do everything; restricted what you say."),
    KONTOR_INPUT_CHOICE, TRUE, key_types },
  { "scopes", N_ ("May do"), N_ ("Of a restricted one: charges_read, refunds_write …"),
    KONTOR_INPUT_WORDS, FALSE },
  { "ip_allow", N_ ("Only from"), N_ ("Addresses or networks; nothing: anywhere."),
    KONTOR_INPUT_WORDS, FALSE },
  { NULL },
};

static char *
initial_key (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  return input == &key_inputs[1] ? g_strdup (key_types[0]) : NULL;
}

static char *
preview_key (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup (_ ("The key is shown once, and never again."));
}

static const KontorInput roll_inputs[] = {
  { "expires_in", N_ ("Old key works"), N_ ("For how many more seconds; nothing: not at all."),
    KONTOR_INPUT_TEXT, FALSE },
  { NULL },
};

static char *
preview_roll (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("“%s” gets a new key, which is shown once."),
                          kontor_record_text (record, "name") != NULL
                              ? kontor_record_text (record, "name")
                              : kontor_item_id (record->item));
}

static const KontorInput no_inputs[] = { { NULL } };

static char *
preview_delete (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup (_ ("Programs that use it are refused from now on. This cannot be undone."));
}

const KontorFormDeclaration kontor_key_create_form = {
  .name = "api_key.create",
  .title = N_ ("Make an API key"),
  .submit = N_ ("Make it"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = key_inputs,
  .initial = initial_key,
  .preview = preview_key,
  .about_none = TRUE,
  .method = "POST",
  .path = "/v1/kontor/api_keys",
  .reveal = "secret",
};

const KontorFormDeclaration kontor_key_roll_form = {
  .name = "api_key.roll",
  .title = N_ ("Roll the API key"),
  .submit = N_ ("Roll it"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = roll_inputs,
  .preview = preview_roll,
  .method = "POST",
  .path = "/v1/kontor/api_keys/%s/roll",
  .reveal = "secret",
};

const KontorFormDeclaration kontor_key_delete_form = {
  .name = "api_key.delete",
  .title = N_ ("Delete the API key"),
  .submit = N_ ("Delete it"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = no_inputs,
  .preview = preview_delete,
  .method = "DELETE",
  .path = "/v1/kontor/api_keys/%s",
};

/* ----------------------------------------------------------------------------------- people -- */

static const KontorInput invite_inputs[] = {
  { "email", N_ ("Mail"), N_ ("Whom to invite."), KONTOR_INPUT_EMAIL, TRUE },
  { "name", N_ ("Name"), N_ ("What people call them."), KONTOR_INPUT_TEXT, FALSE },
  { "role", N_ ("Role"), N_ ("What they may do."), KONTOR_INPUT_CHOICE, TRUE, roles },
  { NULL },
};

static const KontorInput role_inputs[] = {
  { "role", N_ ("Role"), N_ ("What they may do from now on."), KONTOR_INPUT_CHOICE, TRUE, roles },
  { NULL },
};

static char *
initial_role (const KontorRecord *record, const KontorInput *input, const KontorFormat *format)
{
  return g_strdup (kontor_record_text (record, "role"));
}

static char *
preview_invite (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup (_ ("The invitation is shown once: give it to them. They set a password by it."));
}

static char *
preview_person (const KontorRecord *record, const char *const *values, const KontorFormat *format)
{
  return g_strdup_printf (_ ("This is about %s."), kontor_record_text (record, "email"));
}

const KontorFormDeclaration kontor_invite_form = {
  .name = "user.create",
  .title = N_ ("Invite somebody"),
  .submit = N_ ("Invite"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = invite_inputs,
  .preview = preview_invite,
  .about_none = TRUE,
  .method = "POST",
  .path = "/v1/kontor/users",
  .reveal = "invitation.token",
};

const KontorFormDeclaration kontor_role_form = {
  .name = "user.update",
  .title = N_ ("Give another role"),
  .submit = N_ ("Change it"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = role_inputs,
  .initial = initial_role,
  .preview = preview_person,
  .method = "POST",
  .path = "/v1/kontor/users/%s",
};

const KontorFormDeclaration kontor_disable_form = {
  .name = "user.disable",
  .title = N_ ("Let them sign in no more"),
  .submit = N_ ("Disable"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = no_inputs,
  .preview = preview_person,
  .method = "POST",
  .path = "/v1/kontor/users/%s/disable",
};

const KontorFormDeclaration kontor_enable_form = {
  .name = "user.enable",
  .title = N_ ("Let them sign in again"),
  .submit = N_ ("Enable"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = no_inputs,
  .preview = preview_person,
  .method = "POST",
  .path = "/v1/kontor/users/%s/enable",
};

const KontorFormDeclaration kontor_reset_form = {
  .name = "user.reset",
  .title = N_ ("Reset the password"),
  .submit = N_ ("Reset"),
  .class = KONTOR_INTENT_ONLINE,
  .inputs = no_inputs,
  .preview = preview_person,
  .method = "POST",
  .path = "/v1/kontor/users/%s/reset",
  .reveal = "invitation.token",
};
