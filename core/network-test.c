/* network-test.c: which addresses strangers may send a server to, in every form they can write them. */
#include "core/network.h"

static void
test_reads_networks (void)
{
  g_autoptr (GPtrArray) networks = NULL;
  g_autoptr (GInetAddress) inside = g_inet_address_new_from_string ("2001:db8::7");
  const char *bad = NULL;

  networks = kontor_networks_parse ("192.0.2.7, 2001:db8::/32", &bad);
  g_assert_cmpuint (networks->len, ==, 2);
  g_assert_true (g_inet_address_mask_matches (g_ptr_array_index (networks, 1), inside));
  g_assert_false (g_inet_address_mask_matches (g_ptr_array_index (networks, 0), inside));
  g_assert_null (kontor_networks_parse ("192.0.2.7 here", &bad));
  g_assert_cmpstr (bad, ==, "here");
  g_assert_null (kontor_networks_parse ("192.0.2.7/33", &bad));
  g_assert_null (kontor_networks_parse ("::1/4000000000000", &bad));
}

static void
test_allows_what_lies_inside (void)
{
  static const struct
  {
    const char *networks, *address;
    gboolean    allowed;
  } cases[] = {
    { "10.0.0.0/8", "10.255.0.1", TRUE },      { "10.0.0.0/8", "11.0.0.1", FALSE },
    { "10.0.0.0/8", "::ffff:10.0.0.1", TRUE }, { "10.0.0.0/8", "64:ff9b::a00:1", FALSE },
    { "127.0.0.0/8 ::1", "::1", TRUE },        { "127.0.0.0/8 ::1", "::2", FALSE },
    { "fd00::/8", "fd12::1", TRUE },           { "", "10.0.0.1", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *bad = NULL;
      g_autoptr (GPtrArray) networks = kontor_networks_parse (cases[i].networks, &bad);
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (cases[i].address);

      g_test_message ("%s in %s", cases[i].address, cases[i].networks);
      g_assert_cmpint (kontor_networks_allow (networks, address), ==, cases[i].allowed);
      g_assert_false (kontor_networks_allow (NULL, address));
    }
}

static void
test_knows_what_is_public (void)
{
  static const struct
  {
    const char *address;
    gboolean    is_public;
  } cases[] = {
    /* around each edge */
    { "0.0.0.0", FALSE },
    { "0.255.255.255", FALSE },
    { "1.0.0.0", TRUE },
    { "9.255.255.255", TRUE },
    { "10.0.0.0", FALSE },
    { "10.255.255.255", FALSE },
    { "11.0.0.0", TRUE },
    { "100.63.255.255", TRUE },
    { "100.64.0.0", FALSE },
    { "100.127.255.255", FALSE },
    { "100.128.0.0", TRUE },
    { "127.0.0.1", FALSE },
    { "127.255.255.254", FALSE },
    { "128.0.0.1", TRUE },
    { "169.253.255.255", TRUE },
    { "169.254.169.254", FALSE },
    { "169.255.0.0", TRUE },
    { "172.15.255.255", TRUE },
    { "172.16.0.1", FALSE },
    { "172.31.255.255", FALSE },
    { "172.32.0.0", TRUE },
    { "192.0.0.8", FALSE },
    { "192.0.1.0", TRUE },
    { "192.0.2.1", FALSE },
    { "192.88.99.1", FALSE },
    { "192.167.255.255", TRUE },
    { "192.168.0.1", FALSE },
    { "192.169.0.0", TRUE },
    { "198.17.255.255", TRUE },
    { "198.18.0.0", FALSE },
    { "198.19.255.255", FALSE },
    { "198.20.0.0", TRUE },
    { "198.51.100.7", FALSE },
    { "203.0.113.7", FALSE },
    { "203.0.114.0", TRUE },
    { "223.255.255.255", TRUE },
    { "224.0.0.1", FALSE },
    { "239.255.255.255", FALSE },
    { "240.0.0.1", FALSE },
    { "255.255.255.255", FALSE },
    { "8.8.8.8", TRUE },

    { "::", FALSE },
    { "::1", FALSE },
    { "::7f00:1", FALSE },           /* IPv4-compatible, of old */
    { "100::1", FALSE },             /* discard only */
    { "2001:4860:4860::8888", TRUE },
    { "2606:4700::1111", TRUE },
    { "2001::1", FALSE },            /* Teredo */
    { "2001:2::1", FALSE },          /* benchmarks */
    { "2001:1ff:ffff::1", FALSE },
    { "2001:200::1", TRUE },
    { "2001:db8::1", FALSE },
    { "2001:db9::1", TRUE },
    { "3fff::1", FALSE },
    { "3fff:1000::1", TRUE },
    { "4000::1", FALSE },            /* nobody has these yet */
    { "5f00::1", FALSE },
    { "fc00::1", FALSE },
    { "fd12:3456::1", FALSE },
    { "fe80::1", FALSE },
    { "fec0::1", FALSE },
    { "ff02::1", FALSE },

    /* IPv4 in other clothes */
    { "::ffff:127.0.0.1", FALSE },
    { "::ffff:169.254.169.254", FALSE },
    { "::ffff:8.8.8.8", TRUE },
    { "64:ff9b::127.0.0.1", FALSE },
    { "64:ff9b::192.168.1.1", FALSE },
    { "64:ff9b::8.8.8.8", TRUE },
    { "64:ff9b:1::8.8.8.8", FALSE }, /* translation of some local network */
    { "2002:7f00:1::", FALSE },
    { "2002:a9fe:a9fe::1", FALSE },
    { "2002:808:808::1", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (cases[i].address);

      g_test_message ("%s", cases[i].address);
      g_assert_nonnull (address);
      g_assert_cmpint (kontor_address_is_public (address), ==, cases[i].is_public);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/reads-networks", test_reads_networks);
  g_test_add_func ("/network/allows-what-lies-inside", test_allows_what_lies_inside);
  g_test_add_func ("/network/knows-what-is-public", test_knows_what_is_public);
  return g_test_run ();
}
