/* form.h: what is asked before something is changed: fields, checks, a preview, the intent. */
#pragma once

#include "core/client/client.h"
#include "core/console/screen.h"
#include "core/replica/intent.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_INPUT_TEXT,
  KONTOR_INPUT_EMAIL,
  KONTOR_INPUT_MONEY,  /* in the record's currency, at most what the declaration allows */
  KONTOR_INPUT_CHOICE, /* one of @choices, or "" when it is not required */
  KONTOR_INPUT_WORDS,  /* several, with commas or spaces between: a list for the API */
  KONTOR_INPUT_SINCE,  /* "7d", "2026-10-01": the Unix second in which that begins */
  KONTOR_INPUT_CONFIRM, /* what @confirm says, letter by letter; it is not sent */
} KontorInputKind;

typedef struct
{
  const char        *name;     /* of the API's parameter: "amount", "created[gte]" */
  const char        *label;    /* marked for translation */
  const char        *help;     /* likewise */
  KontorInputKind    kind;
  gboolean           required;
  const char *const *choices;
} KontorInput;

#define KONTOR_FORM_INPUTS 8 /* at most */

/* Inputs that are not the same for every row. */
typedef struct
{
  KontorInput inputs[KONTOR_FORM_INPUTS + 1];
  char       *texts[KONTOR_FORM_INPUTS * 2]; /* their names and help */
  guint       n;
} KontorInputs;

typedef struct
{
  const char        *name;      /* of the operation: "refund.create" */
  const char        *title;     /* marked for translation */
  const char        *submit;    /* of its button, likewise */
  KontorIntentClass  class;
  const KontorInput *inputs;    /* ends with a row without a name */
  /* What an input says at first. (transfer full) (nullable) */
  char   *(*initial) (const KontorRecord *record,
                      const KontorInput *input,
                      const KontorFormat *format);
  /* The most an amount may be, in minor units; the currency is @currency. */
  gint64  (*most) (const KontorRecord *record, const char **currency);
  /* One sentence that says what will happen. (transfer full) */
  char   *(*preview) (const KontorRecord *record,
                      const char *const *values,
                      const KontorFormat *format);
  gboolean    about_none;      /* it makes something new: there need not be a row */
  gboolean    many;            /* of all marked rows, or else of the one at the cursor */
  /* Whose id is named; two rows may name the same one. %NULL: the row's own. */
  const char *(*on)     (const KontorRecord *record);
  /* Of @many, in the place of @preview. (transfer full) */
  char   *(*preview_many) (GPtrArray *records,
                           const char *const *values,
                           const KontorFormat *format);
  /* What an input of kind CONFIRM wants typed. (transfer full) */
  char   *(*confirm) (const KontorRecord *record);
  KontorInputs *(*make_inputs) (const KontorRecord *record); /* for @inputs. (transfer full) */
  /* Whether it is typed once more when it is real; %NULL: as @class says. */
  gboolean (*is_money) (const KontorRecord *record);
  /* What takes the place of something in the queue. (transfer full) */
  KontorIntent *(*replace) (const KontorRecord *record,
                            const KontorInput *inputs,
                            const char *const *values);
  /* Of what is done by the server at once or not at all. */
  const char *method, *path;   /* of the API, with %s for the id */
  const char *reveal;          /* what of the answer is shown once and kept nowhere: "a.b" */
} KontorFormDeclaration;

extern const KontorFormDeclaration kontor_refund_form;
extern const KontorFormDeclaration kontor_capture_form;
extern const KontorFormDeclaration kontor_cancel_form;
extern const KontorFormDeclaration kontor_customer_form;
extern const KontorFormDeclaration kontor_new_customer_form;
extern const KontorFormDeclaration kontor_delete_customer_form;
extern const KontorFormDeclaration kontor_note_form;
extern const KontorFormDeclaration kontor_resend_form;
extern const KontorFormDeclaration kontor_cancel_delivery_form;
extern const KontorFormDeclaration kontor_endpoint_form;
extern const KontorFormDeclaration kontor_resend_failed_form;
extern const KontorFormDeclaration kontor_endpoint_disable_form;
extern const KontorFormDeclaration kontor_endpoint_enable_form;
extern const KontorFormDeclaration kontor_test_form;
extern const KontorFormDeclaration kontor_roll_form;

void kontor_inputs_add (KontorInputs *made, const char *name, char *help);

/* Signal: changed. */
#define KONTOR_TYPE_FORM (kontor_form_get_type ())
G_DECLARE_FINAL_TYPE (KontorForm, kontor_form, KONTOR, FORM, GObject)

KontorForm   *kontor_form_new         (const KontorFormDeclaration *declaration,
                                       KontorScreen *screen,
                                       const KontorFormat *format);
const KontorFormDeclaration *kontor_form_declaration (KontorForm *form);
const KontorInput *kontor_form_inputs (KontorForm *form);
const char   *kontor_form_value       (KontorForm *form, guint input);
void          kontor_form_set_value   (KontorForm *form, guint input, const char *value);
const char   *kontor_form_problem     (KontorForm *form, guint input);
gboolean      kontor_form_is_complete (KontorForm *form);
char         *kontor_form_preview     (KontorForm *form);
char         *kontor_form_once_more   (KontorForm *form, gboolean livemode);
GPtrArray    *kontor_form_intents     (KontorForm *form);
KontorClientCall *kontor_form_call    (KontorForm *form);

G_END_DECLS
