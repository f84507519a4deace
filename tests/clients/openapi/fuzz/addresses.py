"""Each call of the fuzzer comes from an address of its own, through a proxy that the server trusts: what is limited by
address would otherwise answer 429 to nearly everything, and nothing else would be seen."""

import itertools
import os

import schemathesis

# The passes run beside each other, each in a network of its own; IPv6 is counted by its first three and four groups, so each call has a first three of its own.
network = ["anybody", "user", "operator"].index(os.environ["FUZZ_PASS"])
numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(numbers)
    case.headers["X-Forwarded-For"] = f"fd00:{number & 0xFFFF:x}:{number >> 16:x}:{network}::1"
