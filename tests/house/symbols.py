#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sip library asks the world for memory and for bytes to be compared, and for nothing else: no socket, thread, clock or file.

Of C's symbols a short list is allowed; of C++'s everything but what touches those four (the demangled name tells).
"""
import re
import subprocess
import sys

C_ALLOWED = re.compile(r'''^(?:
  mem\w+|str(?:len|nlen|cmp|ncmp|chr|rchr|str|casecmp|ncasecmp|tol|toul|toll|toull|spn|cspn|pbrk|tod)|bcmp|to(?:lower|upper)|is[a-z]+
  |abort|malloc|calloc|realloc|free|aligned_alloc
  |__cxa_(?:\w+)|__gxx_personality_v0|_Unwind_\w+|__dynamic_cast|__stack_chk_fail|__(?:mem|str)\w+_chk|__assert_fail
  |__gmon_start__|_ITM_\w+|__libc_single_threaded|__tls_get_addr|__ctype_\w+|__popcountdi2|__errno_location
)$''', re.VERBOSE)
CPP_FORBIDDEN = re.compile(r'''
  ^std::(?:thread|jthread|this_thread|mutex|recursive_mutex|timed_mutex|shared_mutex|condition_variable|__condvar|future|promise
    |__future_base|random_device|filesystem|ios_base::Init|cout|cerr|clog|cin|basic_[io]?fstream|basic_filebuf|basic_(?:i|o)?fstream
    |atomic_|__atomic_)
  |_clock::now
''', re.VERBOSE)


def undefined(library: str) -> list[str]:
    output = subprocess.run(['nm', '--dynamic', '--undefined-only', '--format=posix', library], check=True, capture_output=True, text=True)
    return sorted({line.split()[0].split('@')[0] for line in output.stdout.splitlines() if line})


def demangled(names: list[str]) -> list[str]:
    output = subprocess.run(['c++filt'], input='\n'.join(names), check=True, capture_output=True, text=True)
    return output.stdout.splitlines()


def main() -> int:
    names = undefined(sys.argv[1])
    faults = [plain for name, plain in zip(names, demangled(names))
              if (CPP_FORBIDDEN.search(plain) if name.startswith('_Z') else not C_ALLOWED.match(name))]
    for fault in faults:
        print(f'{fault}: sip may not need this')
    print(f'{len(names)} undefined symbols, {len(faults)} of them forbidden')
    return 1 if faults or not names else 0


if __name__ == '__main__':
    sys.exit(main())
