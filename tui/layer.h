/* layer.h: what is drawn over the lists and has the keyboard meanwhile: menus, forms, questions. */
#pragma once

#include "tui/terminal.h"

G_BEGIN_DECLS

/* The first member of every layer. */
typedef struct _TuiLayer TuiLayer;

typedef struct
{
  void     (*paint) (TuiLayer *layer, TuiArea whole);
  gboolean (*input) (TuiLayer *layer, const TuiInput *input); /* FALSE: it goes away */
  void     (*free)  (TuiLayer *layer);
} TuiLayerClass;

struct _TuiLayer
{
  const TuiLayerClass *class;
};

G_END_DECLS
