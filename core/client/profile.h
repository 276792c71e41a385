/* profile.h: which servers and accounts a person works with, and their keys. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One account of one server, in one mode. @name and @url are always there. */
typedef struct
{
  char    *name;         /* letters, digits, "-", "_", "." */
  char    *url;          /* of the server, without a slash at its end */
  char    *key;          /* an API key or a session's token, whole: never print it; %NULL: the
                          * server's machine has one, which what is reached by ssh there uses */
  char    *account;      /* acct_…, or %NULL when unknown */
  char    *account_name; /* or %NULL */
  char    *email, *role; /* of the person who signed in; %NULL with an API key */
  char    *session;      /* ksess_…: what their signing in is called; likewise */
  gint64   expires;      /* when it ends at the latest, in Unix seconds; 0 with an API key */
  gboolean livemode;
} KontorProfile;

typedef struct _KontorProfiles KontorProfiles;

/* Where keys are kept that are put from now on. */
typedef enum
{
  KONTOR_STORE_ANY,     /* the Secret Service where it takes them, else the file */
  KONTOR_STORE_FILE,
  KONTOR_STORE_KEYRING, /* or it is an error */
} KontorStore;

#define KONTOR_PROFILE_DEFAULT "default"
#define KONTOR_PROFILE_DEFAULT_URL "http://127.0.0.1:8420"

void           kontor_profile_free     (KontorProfile *profile);
char          *kontor_profile_url      (const char *text, GError **error);
gboolean       kontor_profile_is_local (const char *url);
gboolean       kontor_profile_needs_no_key (const char *url);
gboolean       kontor_profile_is_person (const KontorProfile *profile);
char          *kontor_profile_remedy    (const KontorProfile *profile);
gboolean       kontor_profile_name_check (const char *name, GError **error);
gboolean       kontor_profile_key_check  (const char *key, gboolean *livemode, GError **error);
char          *kontor_profile_masked   (const char *key);

KontorProfiles *kontor_profiles_load    (GError **error);
void            kontor_profiles_free    (KontorProfiles *profiles);
const char     *kontor_profiles_path    (const KontorProfiles *profiles);
char          **kontor_profiles_names   (const KontorProfiles *profiles);
const char     *kontor_profiles_current (const KontorProfiles *profiles);
KontorProfile  *kontor_profiles_find    (const KontorProfiles *profiles,
                                         const char           *name,
                                         GError              **error);
KontorProfile  *kontor_profiles_in_force (const KontorProfiles *profiles,
                                          const char           *name,
                                          const char           *key,
                                          const char           *url,
                                          GError              **error);
void            kontor_profiles_set_store (KontorProfiles *profiles, KontorStore store);
gboolean        kontor_profiles_put     (KontorProfiles      *profiles,
                                         const KontorProfile *profile,
                                         GError             **error);
gboolean        kontor_profiles_use     (KontorProfiles *profiles,
                                         const char     *name,
                                         GError        **error);
gboolean        kontor_profiles_remove  (KontorProfiles *profiles,
                                         const char     *name,
                                         GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorProfile, kontor_profile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KontorProfiles, kontor_profiles_free)

G_END_DECLS
