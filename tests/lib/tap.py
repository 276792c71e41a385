"""tap.py: runs unittest cases and prints their outcome as TAP, which Meson counts."""

import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    """Numbers the tests in the order in which they end."""

    def _say(self, verdict, test, note=""):
        self.count = getattr(self, "count", 0) + 1
        name = test.shortDescription() or str(test)
        print(f"{verdict} {self.count} - {name}{note}", flush=True)

    def _explain(self, error):
        for line in "".join(traceback.format_exception(*error)).splitlines():
            print(f"# {line}")

    def addSuccess(self, test):
        super().addSuccess(test)
        self._say("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._say("not ok", test)
        self._explain(err)

    def addError(self, test, err):
        super().addError(test, err)
        self._say("not ok", test)
        self._explain(err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._say("not ok", subtest)
            self._explain(err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._say("ok", test, f" # SKIP {reason}")


def main(module="__main__"):
    """Runs all tests of a module; exits with 0 only when none failed and some ran."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[module])
    result = TapResult()
    suite.run(result)
    print(f"1..{getattr(result, 'count', 0)}")
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)


def skip_all(reason):
    """Says that nothing can be tested here, and why."""
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)
