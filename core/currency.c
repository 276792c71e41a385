/* currency.c: every currency of ISO 4217 that is in use, its exponent and its smallest charge. */
#include "core/currency.h"

#include <string.h>

/* Sorted by code. Exponents are those of the wire, which is what an amount in the API means; they
 * differ from ISO 4217 in three rows: `isk` and `ugx` lost their minor unit but are still sent in
 * hundredths (always whole ones), and `mga`, whose minor unit is a fifth, is sent in whole units.
 * The smallest charge is Stripe's where it publishes one; elsewhere one minor unit. */
static const KontorCurrency currencies[] = {
  { "aed", 2, 200, "United Arab Emirates dirham" },
  { "afn", 2, 1, "Afghan afghani" },
  { "all", 2, 1, "Albanian lek" },
  { "amd", 2, 1, "Armenian dram" },
  { "aoa", 2, 1, "Angolan kwanza" },
  { "ars", 2, 1, "Argentine peso" },
  { "aud", 2, 50, "Australian dollar" },
  { "awg", 2, 1, "Aruban florin" },
  { "azn", 2, 1, "Azerbaijani manat" },
  { "bam", 2, 1, "Bosnia and Herzegovina convertible mark" },
  { "bbd", 2, 1, "Barbadian dollar" },
  { "bdt", 2, 1, "Bangladeshi taka" },
  { "bhd", 3, 1, "Bahraini dinar" },
  { "bif", 0, 1, "Burundian franc" },
  { "bmd", 2, 1, "Bermudian dollar" },
  { "bnd", 2, 1, "Brunei dollar" },
  { "bob", 2, 1, "Bolivian boliviano" },
  { "bov", 2, 1, "Bolivian mvdol" },
  { "brl", 2, 50, "Brazilian real" },
  { "bsd", 2, 1, "Bahamian dollar" },
  { "btn", 2, 1, "Bhutanese ngultrum" },
  { "bwp", 2, 1, "Botswana pula" },
  { "byn", 2, 1, "Belarusian ruble" },
  { "bzd", 2, 1, "Belize dollar" },
  { "cad", 2, 50, "Canadian dollar" },
  { "cdf", 2, 1, "Congolese franc" },
  { "che", 2, 1, "WIR euro" },
  { "chf", 2, 50, "Swiss franc" },
  { "chw", 2, 1, "WIR franc" },
  { "clf", 4, 1, "Chilean unidad de fomento" },
  { "clp", 0, 1, "Chilean peso" },
  { "cny", 2, 1, "Chinese yuan" },
  { "cop", 2, 1, "Colombian peso" },
  { "cou", 2, 1, "Colombian unidad de valor real" },
  { "crc", 2, 1, "Costa Rican colón" },
  { "cup", 2, 1, "Cuban peso" },
  { "cve", 2, 1, "Cape Verdean escudo" },
  { "czk", 2, 1500, "Czech koruna" },
  { "djf", 0, 1, "Djiboutian franc" },
  { "dkk", 2, 250, "Danish krone" },
  { "dop", 2, 1, "Dominican peso" },
  { "dzd", 2, 1, "Algerian dinar" },
  { "egp", 2, 1, "Egyptian pound" },
  { "ern", 2, 1, "Eritrean nakfa" },
  { "etb", 2, 1, "Ethiopian birr" },
  { "eur", 2, 50, "Euro" },
  { "fjd", 2, 1, "Fijian dollar" },
  { "fkp", 2, 1, "Falkland Islands pound" },
  { "gbp", 2, 30, "Pound sterling" },
  { "gel", 2, 1, "Georgian lari" },
  { "ghs", 2, 1, "Ghanaian cedi" },
  { "gip", 2, 1, "Gibraltar pound" },
  { "gmd", 2, 1, "Gambian dalasi" },
  { "gnf", 0, 1, "Guinean franc" },
  { "gtq", 2, 1, "Guatemalan quetzal" },
  { "gyd", 2, 1, "Guyanese dollar" },
  { "hkd", 2, 400, "Hong Kong dollar" },
  { "hnl", 2, 1, "Honduran lempira" },
  { "htg", 2, 1, "Haitian gourde" },
  { "huf", 2, 17500, "Hungarian forint" },
  { "idr", 2, 1, "Indonesian rupiah" },
  { "ils", 2, 1, "Israeli new shekel" },
  { "inr", 2, 50, "Indian rupee" },
  { "iqd", 3, 1, "Iraqi dinar" },
  { "irr", 2, 1, "Iranian rial" },
  { "isk", 2, 1, "Icelandic króna" },
  { "jmd", 2, 1, "Jamaican dollar" },
  { "jod", 3, 1, "Jordanian dinar" },
  { "jpy", 0, 50, "Japanese yen" },
  { "kes", 2, 1, "Kenyan shilling" },
  { "kgs", 2, 1, "Kyrgyz som" },
  { "khr", 2, 1, "Cambodian riel" },
  { "kmf", 0, 1, "Comorian franc" },
  { "kpw", 2, 1, "North Korean won" },
  { "krw", 0, 1, "South Korean won" },
  { "kwd", 3, 1, "Kuwaiti dinar" },
  { "kyd", 2, 1, "Cayman Islands dollar" },
  { "kzt", 2, 1, "Kazakhstani tenge" },
  { "lak", 2, 1, "Lao kip" },
  { "lbp", 2, 1, "Lebanese pound" },
  { "lkr", 2, 1, "Sri Lankan rupee" },
  { "lrd", 2, 1, "Liberian dollar" },
  { "lsl", 2, 1, "Lesotho loti" },
  { "lyd", 3, 1, "Libyan dinar" },
  { "mad", 2, 1, "Moroccan dirham" },
  { "mdl", 2, 1, "Moldovan leu" },
  { "mga", 0, 1, "Malagasy ariary" },
  { "mkd", 2, 1, "Macedonian denar" },
  { "mmk", 2, 1, "Myanmar kyat" },
  { "mnt", 2, 1, "Mongolian tögrög" },
  { "mop", 2, 1, "Macanese pataca" },
  { "mru", 2, 1, "Mauritanian ouguiya" },
  { "mur", 2, 1, "Mauritian rupee" },
  { "mvr", 2, 1, "Maldivian rufiyaa" },
  { "mwk", 2, 1, "Malawian kwacha" },
  { "mxn", 2, 1000, "Mexican peso" },
  { "mxv", 2, 1, "Mexican unidad de inversión" },
  { "myr", 2, 200, "Malaysian ringgit" },
  { "mzn", 2, 1, "Mozambican metical" },
  { "nad", 2, 1, "Namibian dollar" },
  { "ngn", 2, 1, "Nigerian naira" },
  { "nio", 2, 1, "Nicaraguan córdoba" },
  { "nok", 2, 300, "Norwegian krone" },
  { "npr", 2, 1, "Nepalese rupee" },
  { "nzd", 2, 50, "New Zealand dollar" },
  { "omr", 3, 1, "Omani rial" },
  { "pab", 2, 1, "Panamanian balboa" },
  { "pen", 2, 1, "Peruvian sol" },
  { "pgk", 2, 1, "Papua New Guinean kina" },
  { "php", 2, 1, "Philippine peso" },
  { "pkr", 2, 1, "Pakistani rupee" },
  { "pln", 2, 200, "Polish złoty" },
  { "pyg", 0, 1, "Paraguayan guaraní" },
  { "qar", 2, 1, "Qatari riyal" },
  { "ron", 2, 200, "Romanian leu" },
  { "rsd", 2, 1, "Serbian dinar" },
  { "rub", 2, 1, "Russian ruble" },
  { "rwf", 0, 1, "Rwandan franc" },
  { "sar", 2, 1, "Saudi riyal" },
  { "sbd", 2, 1, "Solomon Islands dollar" },
  { "scr", 2, 1, "Seychellois rupee" },
  { "sdg", 2, 1, "Sudanese pound" },
  { "sek", 2, 300, "Swedish krona" },
  { "sgd", 2, 50, "Singapore dollar" },
  { "shp", 2, 1, "Saint Helena pound" },
  { "sle", 2, 1, "Sierra Leonean leone" },
  { "sos", 2, 1, "Somali shilling" },
  { "srd", 2, 1, "Surinamese dollar" },
  { "ssp", 2, 1, "South Sudanese pound" },
  { "stn", 2, 1, "São Tomé and Príncipe dobra" },
  { "svc", 2, 1, "Salvadoran colón" },
  { "syp", 2, 1, "Syrian pound" },
  { "szl", 2, 1, "Swazi lilangeni" },
  { "thb", 2, 1000, "Thai baht" },
  { "tjs", 2, 1, "Tajikistani somoni" },
  { "tmt", 2, 1, "Turkmenistan manat" },
  { "tnd", 3, 1, "Tunisian dinar" },
  { "top", 2, 1, "Tongan paʻanga" },
  { "try", 2, 1, "Turkish lira" },
  { "ttd", 2, 1, "Trinidad and Tobago dollar" },
  { "twd", 2, 1, "New Taiwan dollar" },
  { "tzs", 2, 1, "Tanzanian shilling" },
  { "uah", 2, 1, "Ukrainian hryvnia" },
  { "ugx", 2, 1, "Ugandan shilling" },
  { "usd", 2, 50, "US dollar" },
  { "usn", 2, 1, "US dollar, next day" },
  { "uyi", 0, 1, "Uruguayan peso in indexed units" },
  { "uyu", 2, 1, "Uruguayan peso" },
  { "uyw", 4, 1, "Uruguayan unidad previsional" },
  { "uzs", 2, 1, "Uzbekistani sum" },
  { "ved", 2, 1, "Venezuelan digital bolívar" },
  { "ves", 2, 1, "Venezuelan bolívar" },
  { "vnd", 0, 1, "Vietnamese đồng" },
  { "vuv", 0, 1, "Vanuatu vatu" },
  { "wst", 2, 1, "Samoan tālā" },
  { "xaf", 0, 1, "Central African CFA franc" },
  { "xcd", 2, 1, "East Caribbean dollar" },
  { "xcg", 2, 1, "Caribbean guilder" },
  { "xof", 0, 1, "West African CFA franc" },
  { "xpf", 0, 1, "CFP franc" },
  { "yer", 2, 1, "Yemeni rial" },
  { "zar", 2, 1, "South African rand" },
  { "zmw", 2, 1, "Zambian kwacha" },
  { "zwg", 2, 1, "Zimbabwe Gold" },
};

/**
 * kontor_currency_find:
 * @code: (nullable): three letters of any case
 *
 * Returns: (transfer none) (nullable): its row, %NULL when there is no such currency
 */
const KontorCurrency *
kontor_currency_find (const char *code)
{
  char wanted[4] = { 0 };
  guint low = 0, high = G_N_ELEMENTS (currencies);

  if (code == NULL || strnlen (code, 4) != 3)
    return NULL;
  for (guint i = 0; i < 3; i++)
    wanted[i] = g_ascii_tolower (code[i]);

  while (low < high)
    {
      guint middle = (low + high) / 2;
      int order = memcmp (wanted, currencies[middle].code, 4);

      if (order == 0)
        return &currencies[middle];
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

/**
 * kontor_currencies:
 * @n: (out): how many there are
 *
 * Returns: (transfer none) (array length=n): all of them, sorted by code
 */
const KontorCurrency *
kontor_currencies (guint *n)
{
  *n = G_N_ELEMENTS (currencies);
  return currencies;
}

/**
 * kontor_currency_format:
 * @currency: a currency
 * @amount: minor units
 *
 * Writes an amount for logs and messages, the same in every locale.
 *
 * Returns: (transfer full): such as "-20.05 USD", "500 JPY" or "1.099 KWD"
 */
char *
kontor_currency_format (const KontorCurrency *currency, gint64 amount)
{
  g_autofree char *code = g_ascii_strup (currency->code, -1);
  guint64 magnitude = amount < 0 ? -(guint64) amount : (guint64) amount;
  const char *sign = amount < 0 ? "-" : "";
  guint64 unit = 1;

  for (guint i = 0; i < currency->exponent; i++)
    unit *= 10;
  if (currency->exponent == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT " %s", sign, magnitude, code);
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT " %s", sign,
                          magnitude / unit, currency->exponent, magnitude % unit, code);
}
