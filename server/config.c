/* config.c: what the operator set, from the file, the environment and the command line.
 *
 * One table names every setting. "http_threads = 2" in the file, KONTOR_HTTP_THREADS=2 and
 * --http-threads 2 are the same; the command line wins over the environment, and that over the file. */
#include "server/config.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#include "core/network.h"
#include "server/webhook/schedule.h"

typedef struct _Setting Setting;

struct _Setting
{
  const char *name;
  gboolean (*set) (const Setting *setting,
                   gpointer member,
                   KontorConfig *config,
                   const char *value,
                   GError **error);
  gsize       offset;
  gint64      min, max;
  const char *standard;
  const char *doc;
};

static gboolean
refuse (GError **error, const Setting *setting, const char *value, const char *wanted)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s = %s: must be %s", setting->name,
               value, wanted);
  return FALSE;
}

static gboolean
set_text (const Setting *setting,
          gpointer member,
          KontorConfig *config,
          const char *value,
          GError **error)
{
  char *text = g_strdup (value);

  g_ptr_array_add (config->texts, text);
  *(const char **) member = text;
  return TRUE;
}

static gboolean
set_url (const Setting *setting,
         gpointer member,
         KontorConfig *config,
         const char *value,
         GError **error)
{
  g_autofree char *text = g_strdup (value);
  gsize length = strlen (text);

  if (length > 0 && text[length - 1] == '/')
    text[length - 1] = '\0';
  if (*text != '\0' && !g_str_has_prefix (text, "http://") && !g_str_has_prefix (text, "https://"))
    return refuse (error, setting, value, "a URL that begins with http:// or https://");
  return set_text (setting, member, config, text, error);
}

static gboolean
read_number (const Setting *setting, const char *value, gint64 *number, GError **error)
{
  g_autofree char *wanted = NULL;

  if (g_ascii_string_to_signed (value, 10, setting->min, setting->max, number, NULL))
    return TRUE;
  wanted = g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                            setting->min, setting->max);
  return refuse (error, setting, value, wanted);
}

static gboolean
set_int64 (const Setting *setting,
           gpointer member,
           KontorConfig *config,
           const char *value,
           GError **error)
{
  return read_number (setting, value, member, error);
}

static gboolean
set_uint (const Setting *setting,
          gpointer member,
          KontorConfig *config,
          const char *value,
          GError **error)
{
  gint64 number;

  if (!read_number (setting, value, &number, error))
    return FALSE;
  *(guint *) member = (guint) number;
  return TRUE;
}

static gboolean
set_switch (const Setting *setting,
            gpointer member,
            KontorConfig *config,
            const char *value,
            GError **error)
{
  gboolean yes = g_str_equal (value, "yes") || g_str_equal (value, "true")
                 || g_str_equal (value, "1");

  if (!yes && !g_str_equal (value, "no") && !g_str_equal (value, "false")
      && !g_str_equal (value, "0"))
    return refuse (error, setting, value, "yes or no");
  *(gboolean *) member = yes;
  return TRUE;
}

typedef struct
{
  const char *word;
  int         value;
} Choice;

static gboolean
choose (const Setting *setting,
        const Choice *choices,
        int *member,
        const char *value,
        GError **error)
{
  g_autoptr (GString) wanted = g_string_new ("one of");

  for (; choices->word != NULL; choices++)
    {
      if (g_str_equal (choices->word, value))
        {
          *member = choices->value;
          return TRUE;
        }
      g_string_append_printf (wanted, " %s", choices->word);
    }
  return refuse (error, setting, value, wanted->str);
}

static gboolean
set_request_log (const Setting *setting,
                 gpointer member,
                 KontorConfig *config,
                 const char *value,
                 GError **error)
{
  static const Choice choices[] = { { "writes", KONTOR_LOG_WRITES },
                                    { "all", KONTOR_LOG_ALL },
                                    { "errors", KONTOR_LOG_ERRORS },
                                    { NULL } };

  return choose (setting, choices, member, value, error);
}

static gboolean
set_log_level (const Setting *setting,
               gpointer member,
               KontorConfig *config,
               const char *value,
               GError **error)
{
  static const Choice choices[] = { { "warning", G_LOG_LEVEL_WARNING },
                                    { "info", G_LOG_LEVEL_INFO },
                                    { "debug", G_LOG_LEVEL_DEBUG },
                                    { NULL } };

  return choose (setting, choices, member, value, error);
}

/* "2.9" as parts per million of the whole that 100 is: 29000. Never through a double. */
static gboolean
read_percent (const char **text, gint64 *ppm)
{
  gint64 value = 0;
  int places = 4;

  if (!g_ascii_isdigit (**text))
    return FALSE;
  for (; g_ascii_isdigit (**text) && value <= 1000; (*text)++)
    value = value * 10 + (**text - '0');
  if (**text == '.')
    for ((*text)++; g_ascii_isdigit (**text) && places > 0; (*text)++, places--)
      value = value * 10 + (**text - '0');
  for (; places > 0; places--)
    value *= 10;
  *ppm = value;
  return value <= 1000000 && *(*text)++ == '%';
}

static gboolean
read_fee (const char *text, KontorFee *fee)
{
  char *end;

  if (!read_percent (&text, &fee->rate_ppm))
    return FALSE;
  text += strspn (text, " ");
  if (*text == '\0')
    return TRUE;
  if (*text++ != '+')
    return FALSE;
  text += strspn (text, " ");
  fee->fixed = g_ascii_strtoll (text, &end, 10);
  return g_ascii_isdigit (*text) && *end == '\0';
}

/* "fees = usd 2.9% + 30, eur 1.5% + 25, * 2.9% + 30": the first that fits counts. */
static gboolean
set_fees (const Setting *setting,
          gpointer member,
          KontorConfig *config,
          const char *value,
          GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);
  KontorSettings *settings = &config->settings;
  guint n = 0;

  for (char **part = parts; *part != NULL; part++)
    {
      KontorFee *fee = &settings->fees[n++];
      const char *text = g_strstrip (*part);
      gsize length = strcspn (text, " ");

      memset (fee, 0, sizeof *fee);
      if (n > G_N_ELEMENTS (settings->fees) || (length != 3 && !(length == 1 && *text == '*'))
          || !read_fee (text + length + strspn (text + length, " "), fee))
        return refuse (error, setting, value,
                       "like “usd 2.9% + 30, * 2.9% + 30”, in minor units of the currency");
      if (length == 3)
        for (guint i = 0; i < 3; i++)
          fee->currency[i] = g_ascii_tolower (text[i]);
    }
  settings->n_fees = n;
  return n > 0 || refuse (error, setting, value, "given for one currency at least");
}

static gboolean
set_networks (const Setting *setting,
              gpointer member,
              KontorConfig *config,
              const char *value,
              GError **error)
{
  const char *bad = NULL;
  GPtrArray *networks = kontor_networks_parse (value, &bad);

  if (networks == NULL)
    return refuse (error, setting, value, "addresses and networks by space, like “10.0.0.0/8 ::1”");
  g_clear_pointer ((GPtrArray **) member, g_ptr_array_unref);
  *(GPtrArray **) member = networks;
  return TRUE;
}

static gboolean
set_schedule (const Setting *setting,
              gpointer member,
              KontorConfig *config,
              const char *value,
              GError **error)
{
  return kontor_schedule_parse (member, value)
         || refuse (error, setting, value, "seconds by commas, like “5, 300, 1800”");
}

#define AT(member) G_STRUCT_OFFSET (KontorConfig, member)

static const Setting table[] = {
  { "listen", set_text, AT (server.listen), 0, 0, "127.0.0.1:8420",
    "Address and port; port 0 is any free one. Leave out the address for all of them." },
  { "public_url", set_url, AT (settings.public_url), 0, 0, "",
    "Where customers and developers reach this server; the address it listens on when left out." },
  { "http_threads", set_uint, AT (server.n_threads), 1, 64, "2",
    "Threads that read requests and answer reads." },
  { "max_connections", set_uint, AT (server.max_connections), 8, 100000, "4096",
    "Connections open at once." },
  { "trust_forwarded", set_switch, AT (server.trust_forwarded), 0, 0, "no",
    "Whether a proxy in front names the client in X-Forwarded-For." },
  { "rate_limit", set_int64, AT (rate.per_second), 0, 10000000, "100000",
    "Requests a second that one key may make; 0 is no limit. Stripe allows 100 in live mode, 25 in "
    "test mode." },
  { "rate_burst", set_int64, AT (rate.burst), 1, 10000000, "100000",
    "Requests that one key may make at once." },
  { "session_days", set_int64, AT (session_days), 1, 366, "30",
    "Days after which somebody who signed in must do so again." },
  { "session_idle_days", set_int64, AT (session_idle_days), 1, 366, "7",
    "Days without a request after which likewise." },
  { "request_log", set_request_log, AT (request_log), 0, 0, "writes",
    "What is kept of requests: writes (and what was refused), all, or errors (events then do not "
    "name their request)." },
  { "log_level", set_log_level, AT (log_level), 0, 0, "info",
    "What is told on stderr: warning, info or debug." },
  { "fees", set_fees, 0, 0, 0, "* 2.9% + 30",
    "What a charge costs, by currency; the first that fits counts." },
  { "payout_delay_days", set_int64, AT (settings.payout_delay_days), 0, 90, "2",
    "Days until the money of a charge is available." },
  { "authorization_days", set_int64, AT (settings.authorization_days), 1, 31, "7",
    "Days after which an uncaptured authorisation lapses." },
  { "webhook_allow", set_networks, AT (settings.webhook_allow), 0, 0, "",
    "Private addresses and networks that events may be sent to." },
  { "webhook_schedule", set_schedule, AT (webhook.schedule), 0, 0,
    "5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 72000",
    "When an event that was not taken is sent again: seconds after the attempt before." },
  { "webhook_timeout", set_uint, AT (webhook.timeout_s), 1, 300, "10",
    "Seconds within which a webhook endpoint must answer." },
  { "webhook_concurrency", set_uint, AT (webhook.concurrency), 1, 1000, "16",
    "Requests to one webhook endpoint under way at once; an endpoint may say otherwise." },
  { "webhook_connections", set_uint, AT (webhook.connections), 2, 10000, "1024",
    "Requests to all webhook endpoints under way at once." },
  { "webhook_disable_after_days", set_int64, AT (webhook.disable_after_days), 0, 365, "5",
    "Days after which a webhook endpoint that only fails is disabled; 0: never." },
  { "webhook_log_days", set_int64, AT (webhook.log_days), 1, 3650, "30",
    "Days for which it is kept what was sent to webhook endpoints." },
};

static const Setting *
find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].name, name))
      return &table[i];
  return NULL;
}

/**
 * kontor_config_knows:
 * @name: "http_threads"
 *
 * Returns: whether there is such a setting
 */
gboolean
kontor_config_knows (const char *name)
{
  return find (name) != NULL;
}

/**
 * kontor_config_set:
 * @config: a configuration
 * @name: "http_threads"
 * @value: "2"
 * @error: return location for a #GError that says what is wrong with it
 *
 * Returns: whether @value was taken
 */
gboolean
kontor_config_set (KontorConfig *config, const char *name, const char *value, GError **error)
{
  const Setting *setting = find (name);

  if (setting != NULL)
    return setting->set (setting, (guint8 *) config + setting->offset, config, value, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "there is no setting “%s”", name);
  return FALSE;
}

/**
 * kontor_config_init:
 * @config: (out caller-allocates): gets the standard of every setting
 */
void
kontor_config_init (KontorConfig *config)
{
  memset (config, 0, sizeof *config);
  config->texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (!kontor_config_set (config, table[i].name, table[i].standard, NULL))
      g_assert_not_reached ();
}

/**
 * kontor_config_clear:
 * @config: a configuration
 */
void
kontor_config_clear (KontorConfig *config)
{
  g_clear_pointer (&config->texts, g_ptr_array_unref);
  g_clear_pointer (&config->settings.webhook_allow, g_ptr_array_unref);
}

static gboolean
read_line (KontorConfig *config, const char *path, guint number, char *line, GError **error)
{
  char *equals;

  g_strstrip (line);
  if (*line == '\0' || *line == '#')
    return TRUE;
  equals = strchr (line, '=');
  if (equals == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s:%u: not a line of the form name = value", path, number);
      return FALSE;
    }
  *equals = '\0';
  g_strchomp (line);
  if (kontor_config_set (config, line, g_strchug (equals + 1), error))
    return TRUE;
  g_prefix_error (error, "%s:%u: ", path, number);
  return FALSE;
}

static gboolean
read_file (KontorConfig *config, const char *path, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, &problem))
    {
      if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (!read_line (config, path, i + 1, lines[i], error))
      return FALSE;
  return TRUE;
}

/**
 * kontor_config_read:
 * @config: gets what the file "config" of @data_dir and the environment say
 * @data_dir: the data directory, which need not exist
 * @error: return location for a #GError that names file and line, or the variable
 *
 * Returns: whether all of it could be understood
 */
gboolean
kontor_config_read (KontorConfig *config, const char *data_dir, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, "config", NULL);

  if (!read_file (config, path, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *upper = g_ascii_strup (table[i].name, -1);
      g_autofree char *variable = g_strconcat ("KONTOR_", upper, NULL);
      const char *value = g_getenv (variable);

      if (value != NULL && !kontor_config_set (config, table[i].name, value, error))
        {
          g_prefix_error (error, "%s: ", variable);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * kontor_config_help:
 * @out: gets a line for each setting, as --help shows them
 */
void
kontor_config_help (GString *out)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *flag = g_strdelimit (g_strdup (table[i].name), "_", '-');

      g_string_append_printf (out, "  --%-20s %s\n  %-22s (%s)\n", flag, table[i].doc, "",
                              table[i].standard);
    }
}
