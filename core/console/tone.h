/* tone.h: whether a word of a status is good news, bad news, or waits for something. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  KONTOR_TONE_PLAIN,
  KONTOR_TONE_GOOD,
  KONTOR_TONE_WAITING,
  KONTOR_TONE_BAD,
} KontorTone;

KontorTone kontor_tone (const char *word);

G_END_DECLS
