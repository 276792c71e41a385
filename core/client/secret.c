/* secret.c: keys in the person's Secret Service, where there is one.
 *
 * Whoever works over SSH has no window in which a password could be asked for: what is locked
 * counts as not there. Without a session bus nothing is waited for. */
#include "core/client/secret.h"

#include <libsecret/secret.h>
#include <string.h>

static const SecretSchema schema = {
  "dev.kontor.Key",
  SECRET_SCHEMA_NONE,
  {
      { "file", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

static gboolean
has_bus (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *socket = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  return (address != NULL && *address != '\0') || g_file_test (socket, G_FILE_TEST_EXISTS);
}

/**
 * kontor_secret_can_keep:
 *
 * Returns: whether there is a Secret Service that takes a key now, without asking anybody
 */
gboolean
kontor_secret_can_keep (void)
{
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) collection = NULL;

  if (!has_bus ())
    return FALSE;
  service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, NULL, NULL);
  if (service == NULL)
    return FALSE;
  collection = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                                 SECRET_COLLECTION_NONE, NULL, NULL);
  return collection != NULL && !secret_collection_get_locked (collection);
}

/**
 * kontor_secret_keep:
 * @file: the configuration that it belongs to
 * @profile: name in it
 * @secret: a key
 * @error: return location for a #GError
 *
 * Returns: whether the Secret Service has it, in the place of an earlier one
 */
gboolean
kontor_secret_keep (const char *file, const char *profile, const char *secret, GError **error)
{
  g_autofree char *label = g_strdup_printf ("Kontor: %s", profile);

  return secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, secret, NULL, error,
                                     "file", file, "profile", profile, NULL);
}

/**
 * kontor_secret_find:
 * @file: the configuration that it belongs to
 * @profile: name in it
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the key; %NULL without an error when there is none, or what
 * has it is locked
 */
char *
kontor_secret_find (const char *file, const char *profile, GError **error)
{
  g_autoptr (GHashTable) attributes
      = secret_attributes_build (&schema, "file", file, "profile", profile, NULL);
  g_autoptr (SecretValue) value = NULL;
  GList *items;

  if (!has_bus ())
    return NULL;
  items = secret_service_search_sync (NULL, &schema, attributes, SECRET_SEARCH_LOAD_SECRETS, NULL,
                                      error);
  if (items != NULL)
    value = secret_item_get_secret (items->data);
  g_list_free_full (items, g_object_unref);
  return value != NULL ? g_strdup (secret_value_get_text (value)) : NULL;
}

/**
 * kontor_secret_forget:
 * @file: the configuration that it belongs to
 * @profile: name in it
 * @error: return location for a #GError
 *
 * Returns: whether it is gone
 */
gboolean
kontor_secret_forget (const char *file, const char *profile, GError **error)
{
  GError *problem = NULL;

  if (has_bus ())
    secret_password_clear_sync (&schema, NULL, &problem, "file", file, "profile", profile, NULL);
  if (problem != NULL)
    g_propagate_error (error, problem);
  return problem == NULL;
}
