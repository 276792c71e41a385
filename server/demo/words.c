/* words.c: what the people and goods of a sample shop are called.
 *
 * Names of many tongues, so that a console shows wide letters, letters from right to left and accents
 * from its first day on. */
#include "server/demo/words.h"

typedef struct
{
  const char *country, *locale, *form; /* how given and family name are put together */
  const char *given[8], *given_mail[8];
  const char *family[8], *family_mail[8];
} Tongue;

static const Tongue tongues[] = {
  { "DE",
    "de",
    "%s %s",
    { "Anna", "Jürgen", "Greta", "Mehmet", "Käthe", "Lukas", "Sabine", "Tobias" },
    { "anna", "juergen", "greta", "mehmet", "kaethe", "lukas", "sabine", "tobias" },
    { "Müller", "Schäfer", "Groß", "Yılmaz", "Vogel", "Hoffmann", "Köhler", "Brandt" },
    { "mueller", "schaefer", "gross", "yilmaz", "vogel", "hoffmann", "koehler", "brandt" } },
  { "US",
    "en",
    "%s %s",
    { "Olivia", "Noah", "Ava", "Marcus", "Grace", "Ethan", "Chloe", "Jamal" },
    { "olivia", "noah", "ava", "marcus", "grace", "ethan", "chloe", "jamal" },
    { "Carter", "Nguyen", "Brooks", "O’Neill", "Ramirez", "Bennett", "Foster", "Washington" },
    { "carter", "nguyen", "brooks", "oneill", "ramirez", "bennett", "foster", "washington" } },
  { "GB",
    "en",
    "%s %s",
    { "Harriet", "Callum", "Priya", "Alfie", "Imogen", "Rhys", "Zainab", "Theo" },
    { "harriet", "callum", "priya", "alfie", "imogen", "rhys", "zainab", "theo" },
    { "Hughes", "Patel", "Fairbairn", "Llewellyn", "Okafor", "Whitby", "Marsh", "Sinclair" },
    { "hughes", "patel", "fairbairn", "llewellyn", "okafor", "whitby", "marsh", "sinclair" } },
  { "FR",
    "fr",
    "%s %s",
    { "Élodie", "François", "Amélie", "Yanis", "Noëlle", "Gaël", "Inès", "Rémi" },
    { "elodie", "francois", "amelie", "yanis", "noelle", "gael", "ines", "remi" },
    { "Lefèvre", "Garçon", "Dubois", "Benali", "Moreau", "L’Hôte", "Chevalier", "Roussel" },
    { "lefevre", "garcon", "dubois", "benali", "moreau", "lhote", "chevalier", "roussel" } },
  { "JP",
    "ja",
    "%2$s %1$s",
    { "美咲", "翔太", "結衣", "大輔", "さくら", "健一", "陽菜", "直樹" },
    { "misaki", "shota", "yui", "daisuke", "sakura", "kenichi", "hina", "naoki" },
    { "佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村" },
    { "sato", "suzuki", "takahashi", "tanaka", "watanabe", "ito", "yamamoto", "nakamura" } },
  { "IL",
    "he",
    "%s %s",
    { "נועה", "יוסי", "תמר", "אבי", "מיכל", "דוד", "שירה", "עומר" },
    { "noa", "yossi", "tamar", "avi", "michal", "david", "shira", "omer" },
    { "כהן", "לוי", "מזרחי", "פרץ", "ביטון", "אברהם", "פרידמן", "שפירא" },
    { "cohen", "levi", "mizrahi", "peretz", "biton", "avraham", "friedman", "shapira" } },
};

static const char *const domains[]
    = { "example.com", "example.org", "example.net", "mail.example", "post.example" };

static const char *const goods[] = {
  "Annual plan",       "Monthly plan",     "Team seats",      "Concert ticket",
  "Ceramic mug",       "Notebook, dotted", "Hand grinder",    "Espresso beans, 1 kg",
  "Desk lamp",         "Wool blanket",     "Bicycle service", "Workshop, two days",
  "Photo print 50×70", "Gift card",        "Garden shears",   "Used book bundle",
};

/**
 * kontor_person_init:
 * @person: (out): somebody, the same for the same @number
 * @number: which one
 */
void
kontor_person_init (KontorPerson *person, guint number)
{
  const Tongue *tongue = &tongues[number % G_N_ELEMENTS (tongues)];
  guint given = number / G_N_ELEMENTS (tongues) % 8;
  guint family = number / (G_N_ELEMENTS (tongues) * 8) % 8;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  person->name = g_strdup_printf (tongue->form, tongue->given[given], tongue->family[family]);
#pragma GCC diagnostic pop
  person->email = g_strdup_printf ("%s.%s%u@%s", tongue->given_mail[given],
                                   tongue->family_mail[family], number,
                                   domains[number / 3 % G_N_ELEMENTS (domains)]);
  person->country = tongue->country;
  person->locale = tongue->locale;
}

/**
 * kontor_person_clear:
 * @person: what kontor_person_init() filled
 */
void
kontor_person_clear (KontorPerson *person)
{
  g_clear_pointer (&person->name, g_free);
  g_clear_pointer (&person->email, g_free);
}

/**
 * kontor_goods_name:
 * @number: any number
 *
 * Returns: what a payment is for
 */
const char *
kontor_goods_name (guint number)
{
  return goods[number % G_N_ELEMENTS (goods)];
}
