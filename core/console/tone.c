/* tone.c: whether a word of a status is good news, bad news, or waits for something. */
#include "core/console/tone.h"

#include <string.h>

static const struct
{
  const char *word;
  KontorTone  tone;
} tones[] = {
  { "succeeded", KONTOR_TONE_GOOD },
  { "ok", KONTOR_TONE_GOOD },
  { "paid", KONTOR_TONE_GOOD },
  { "enabled", KONTOR_TONE_GOOD },
  { "active", KONTOR_TONE_GOOD },
  { "available", KONTOR_TONE_GOOD },
  { "pass", KONTOR_TONE_GOOD },
  { "normal", KONTOR_TONE_GOOD },
  { "complete", KONTOR_TONE_GOOD },
  { "uncaptured", KONTOR_TONE_WAITING },
  { "requires_action", KONTOR_TONE_WAITING },
  { "requires_capture", KONTOR_TONE_WAITING },
  { "processing", KONTOR_TONE_WAITING },
  { "pending", KONTOR_TONE_WAITING },
  { "ready", KONTOR_TONE_WAITING },
  { "held", KONTOR_TONE_WAITING },
  { "elevated", KONTOR_TONE_WAITING },
  { "waiting", KONTOR_TONE_WAITING },
  { "failed", KONTOR_TONE_BAD },
  { "disputed", KONTOR_TONE_BAD },
  { "failing", KONTOR_TONE_BAD },
  { "fail", KONTOR_TONE_BAD },
  { "highest", KONTOR_TONE_BAD },
  { "disabled", KONTOR_TONE_BAD },
  { "refused", KONTOR_TONE_BAD },
  { "lost", KONTOR_TONE_BAD },
  { "urgent", KONTOR_TONE_BAD },
  { "conflict", KONTOR_TONE_BAD },
  { "expired", KONTOR_TONE_BAD },
  { "soon", KONTOR_TONE_WAITING },
  { "ask", KONTOR_TONE_WAITING },
  { "sent", KONTOR_TONE_WAITING },
  { "done", KONTOR_TONE_GOOD },
};

/**
 * kontor_tone:
 * @word: of a status, as the API says it
 *
 * Returns: how it should look: colour is a second hint, the word itself the first
 */
KontorTone
kontor_tone (const char *word)
{
  /* What HTTP says in three digits. */
  if (strlen (word) == 3 && strspn (word, "0123456789") == 3)
    return *word == '2' ? KONTOR_TONE_GOOD : *word >= '4' ? KONTOR_TONE_BAD : KONTOR_TONE_PLAIN;
  for (guint i = 0; i < G_N_ELEMENTS (tones); i++)
    if (strcmp (tones[i].word, word) == 0)
      return tones[i].tone;
  return KONTOR_TONE_PLAIN;
}
