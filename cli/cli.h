/* cli.h: one invocation of kontor: its command, its flags, its exit code. */
#pragma once

#include <gio/gio.h>
#include <stdio.h>

#include "cli/style.h"
#include "core/client/client.h"
#include "core/client/profile.h"

G_BEGIN_DECLS

/* What the caller's shell sees; documented in kontor(1), so never renumber. */
typedef enum
{
  KONTOR_EXIT_OK = 0,
  KONTOR_EXIT_REFUSED = 1,     /* the server says no */
  KONTOR_EXIT_USAGE = 2,       /* not understood; nothing was sent */
  KONTOR_EXIT_UNREACHABLE = 3, /* no server, or no whole answer of one */
  KONTOR_EXIT_KEY = 4,         /* not signed in, or the key is refused */
  KONTOR_EXIT_MISSING = 5,     /* no such object or path */
  KONTOR_EXIT_BUSY = 6,        /* the server failed or is busy, also after retries */
  KONTOR_EXIT_LOCAL = 7,       /* a file or a program on this machine failed */
  KONTOR_EXIT_INTERRUPTED = 130,
} KontorExit;

typedef enum
{
  KONTOR_FLAG_SWITCH, /* takes no value */
  KONTOR_FLAG_TEXT,
  KONTOR_FLAG_TEXTS,  /* may be given several times */
  KONTOR_FLAG_NUMBER, /* whole and not negative */
} KontorFlagType;

/* What a shell offers as the value of a flag or as an argument. */
typedef enum
{
  KONTOR_OFFER_NOTHING,
  KONTOR_OFFER_FILES,
  KONTOR_OFFER_PROFILES,
  KONTOR_OFFER_COMMANDS,
  KONTOR_OFFER_WORDS,  /* the flag's @words */
  KONTOR_OFFER_EVENTS, /* types of events that can be triggered */
} KontorOffer;

typedef struct
{
  const char        *name;   /* "starting-after"; "_" counts as "-" when it is typed */
  char               letter; /* or 0 */
  KontorFlagType     type;
  const char        *value;  /* what its value is called in help: "ID" */
  const char        *doc;    /* one sentence, marked with N_() */
  const char *const *words;  /* the values it may have, or %NULL */
  KontorOffer        offer;
  const char        *alias;  /* another name for it, or %NULL */
} KontorFlag;

typedef struct _KontorCommand KontorCommand;

/* One run of the program. */
typedef struct
{
  const KontorCommand *command;     /* %NULL for a verb of the API */
  char                *topic;       /* then its noun and, once known, its verb; owned */
  char               **arguments;   /* those that are no flags, %NULL at the end */
  guint                n_arguments;
  GHashTable          *flags;       /* GPtrArray of texts, by the flag's name */
  KontorStyle          out, err;    /* how to write to stdout and stderr */
  gboolean             json, jsonl; /* what programs read, instead of what people read */
  KontorProfile       *profile;     /* once kontor_cli_connect() was called */
  KontorClient        *client;      /* likewise */
} KontorCli;

struct _KontorCommand
{
  const char       *name;      /* one word, or two: "profile list" */
  const char       *alias;     /* or %NULL */
  const char       *arguments; /* as help shows them: "PATH"; %NULL: none */
  guint             min, max;  /* how many there must be and may be */
  const KontorFlag *flags;     /* ends with a row without name; %NULL: none of its own */
  int             (*run) (KontorCli *cli); /* gives a #KontorExit */
  const char       *summary;   /* one sentence for the list of commands, marked with N_() */
  const char       *help;      /* what else there is to say, or %NULL */
  KontorOffer       offer;     /* what a shell offers as argument */
};

/* What the command line said. */
gboolean    kontor_cli_has    (const KontorCli *cli, const char *flag);
const char *kontor_cli_text   (const KontorCli *cli, const char *flag);
GPtrArray  *kontor_cli_texts  (const KontorCli *cli, const char *flag);
gint64      kontor_cli_number (const KontorCli *cli, const char *flag, gint64 fallback);

/* The server and its answers. Each int is a #KontorExit, after the person was told. */
gboolean           kontor_cli_connect (KontorCli *cli, GError **error);
KontorClient      *kontor_cli_client  (const KontorCli *cli, const KontorProfile *profile);
KontorClientReply *kontor_cli_send    (KontorCli               *cli,
                                       const KontorClientCall  *call,
                                       GError                 **error);
int                kontor_cli_report  (const KontorCli *cli, const GError *error);
int                kontor_cli_misread (KontorCli *cli, const GError *error);
void               kontor_cli_take_output_flags (KontorCli *cli);
int                kontor_cli_usage   (const KontorCli *cli,
                                       const char      *format,
                                       ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
