/* text.h: how strings for people are marked and translated in what the consoles share. */
#pragma once

#ifndef GETTEXT_PACKAGE
#define GETTEXT_PACKAGE "kontor"
#endif

#include <glib/gi18n-lib.h>
