/* trust.c: lets a program under test trust an authority of the test's own.
 *
 * GnuTLS reads the system's authorities from a place of its own choice. Preloaded, this gives it
 * those of the file that KONTOR_TEST_AUTHORITY names, and nothing else. */
#include <dlfcn.h>
#include <stdlib.h>

#define FORMAT_PEM 1 /* GNUTLS_X509_FMT_PEM; the headers need not be there to build this */

typedef int (*AddFile) (void *list,
                        const char *authorities,
                        const char *revoked,
                        int format,
                        unsigned int flags,
                        unsigned int verify_flags);

int
gnutls_x509_trust_list_add_system_trust (void *list, unsigned int flags, unsigned int verify_flags);

int
gnutls_x509_trust_list_add_system_trust (void *list, unsigned int flags, unsigned int verify_flags)
{
  /* It came with a module, and so is in no scope that could be searched. */
  void *gnutls = dlopen ("libgnutls.so.30", RTLD_LAZY | RTLD_NOLOAD);
  const char *file = getenv ("KONTOR_TEST_AUTHORITY");
  AddFile add_file;

  if (gnutls == NULL || file == NULL)
    return 0;
  add_file = (AddFile) dlsym (gnutls, "gnutls_x509_trust_list_add_trust_file");
  return add_file (list, file, NULL, FORMAT_PEM, flags, verify_flags);
}
