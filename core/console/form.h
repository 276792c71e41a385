/* form.h: what is asked before something is changed: fields, checks, a preview, the intent. */
#pragma once

#include "core/console/screen.h"
#include "core/replica/intent.h"

G_BEGIN_DECLS

typedef enum
{
  KONTOR_INPUT_TEXT,
  KONTOR_INPUT_EMAIL,
  KONTOR_INPUT_MONEY,  /* in the record's currency, at most what the declaration allows */
  KONTOR_INPUT_CHOICE, /* one of @choices, or "" when it is not required */
} KontorInputKind;

typedef struct
{
  const char        *name;     /* of the API's parameter */
  const char        *label;    /* marked for translation */
  const char        *help;     /* likewise */
  KontorInputKind    kind;
  gboolean           required;
  const char *const *choices;
} KontorInput;

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
} KontorFormDeclaration;

extern const KontorFormDeclaration kontor_refund_form;
extern const KontorFormDeclaration kontor_capture_form;
extern const KontorFormDeclaration kontor_cancel_form;
extern const KontorFormDeclaration kontor_customer_form;

/* Signal: changed. */
#define KONTOR_TYPE_FORM (kontor_form_get_type ())
G_DECLARE_FINAL_TYPE (KontorForm, kontor_form, KONTOR, FORM, GObject)

KontorForm   *kontor_form_new         (const KontorFormDeclaration *declaration,
                                       KontorList *list,
                                       KontorItem *item,
                                       const KontorFormat *format);
const KontorFormDeclaration *kontor_form_declaration (KontorForm *form);
const char   *kontor_form_value       (KontorForm *form, guint input);
void          kontor_form_set_value   (KontorForm *form, guint input, const char *value);
const char   *kontor_form_problem     (KontorForm *form, guint input);
gboolean      kontor_form_is_complete (KontorForm *form);
char         *kontor_form_preview     (KontorForm *form);
KontorIntent *kontor_form_submit      (KontorForm *form);

G_END_DECLS
