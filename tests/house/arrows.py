#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads every #include of the rooms and fails on an arrow that design does not have.

sip/            the standard library only, and of that nothing that touches threads, clocks, files or chance; octets.hpp alone
                asks the compiler for vector instructions, which change nothing but the pace
media/          sip; media/sdp is pure like sip; only media/gst/ sees GStreamer and GLib
transport/      sip; it alone sees libwebsockets, OpenSSL, c-ares
simpleuser/     sip and the port media/session.hpp; wiring.cpp alone names concrete classes of transport and media
program/        the library from outside; it alone sees CLI11 and libedit
fuzz/           sip and media/sdp, and what tests stand on; differential.cpp alone sees the stack that it compares with
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
CLOCK = re.compile(r'\b(?:system|steady|high_resolution|utc|file)_clock\b')

PURE_STD = set('''algorithm any array bit bitset cassert cctype cerrno charconv chrono climits compare concepts coroutine cstddef cstdint
cstdlib cstring cwchar deque exception functional initializer_list iterator limits list map memory memory_resource new numbers numeric
optional queue ranges ratio set span sstream stack stdexcept string string_view system_error tuple type_traits typeindex typeinfo
unordered_map unordered_set utility variant vector version cmath cinttypes'''.split())
OTHER_STD = set('''atomic barrier clocale condition_variable csignal cstdio ctime filesystem fstream future iomanip ios iosfwd iostream istream
latch locale mutex ostream random regex semaphore shared_mutex source_location stop_token streambuf thread'''.split())
SYSTEM = re.compile(r'^(?:sys/|netinet/|arpa/|net/|linux/)|^(?:errno|fcntl|ifaddrs|netdb|poll|pthread|pwd|signal|termios|time|unistd)\.h$')

# Folder (longest match wins): what it may include beside the pure part of the standard library.
# `std`: the rest of the standard library; `system`: POSIX; anything else is a regular expression on the include's name.
PARLEY_SIP = r'^parley/sip/'
CONFIGURED = r'^parley-config/'
SDP = [PARLEY_SIP, r'^parley/media/(?:session\.hpp$|sdp/)']
RULES = {
    'sip': [PARLEY_SIP],
    'sip/core/limits.hpp': [CONFIGURED],
    'sip/message/octets.hpp': [r'^emmintrin\.h$'],
    'media': ['std', PARLEY_SIP, r'^parley/media/(?!gst/)'],
    'media/sdp': SDP,
    'media/gst': ['std', 'system', PARLEY_SIP, r'^parley/media/', r'^gst/', r'^glib(?:-object)?\.h$', r'^gio/', r'^nice/'],
    'transport': ['std', 'system', PARLEY_SIP, r'^parley/transport/', r'^libwebsockets\.h$', r'^openssl/', r'^ares(?:_\w+)?\.h$'],
    'simpleuser': ['std', 'system', PARLEY_SIP, r'^parley/media/session\.hpp$', r'^parley/simpleuser/(?!program/)'],
    'simpleuser/program': ['std', 'system', PARLEY_SIP, r'^parley/media/session\.hpp$', r'^parley/simpleuser/', r'^CLI/', r'^histedit\.h$',
                           r'^editline/readline\.h$'],
    'simpleuser/wiring.cpp': ['std', PARLEY_SIP, r'^parley/(?:media|transport)/', r'^parley/simpleuser/(?!program/)'],
    'fuzz': ['std', *SDP, r'^parley/(?:fuzz|tests/support)/'],
    'fuzz/differential.cpp': ['std', PARLEY_SIP, r'^parley/fuzz/', r'^sofia-sip/'],
}


def rule_for(path: str) -> list[str]:
    parts = path.split('/')
    for length in range(len(parts), 0, -1):
        rule = RULES.get('/'.join(parts[:length]))
        if rule is not None:
            return rule
    raise KeyError(path)


def allowed(name: str, rule: list[str]) -> bool:
    if name in PURE_STD:
        return True
    if name in OTHER_STD:
        return 'std' in rule
    if SYSTEM.search(name):
        return 'system' in rule
    return any(re.search(pattern, name) for pattern in rule if pattern not in ('std', 'system'))


def faults_of(path: str, text: str) -> list[str]:
    rule = rule_for(path)
    faults = []
    for match in INCLUDE.finditer(text):
        line = text.count('\n', 0, match.start(2)) + 1
        quote, name = match.groups()
        if quote == '"':
            faults.append(f'{path}:{line}: "{name}": includes of the house are spelled <parley/...>')
        elif not allowed(name, rule):
            faults.append(f'{path}:{line}: <{name}> may not be included here')
    if path.startswith(('sip/', 'media/sdp/')) and (clock := CLOCK.search(text)):
        faults.append(f'{path}: {clock.group()}: time is an argument here')
    return faults


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    faults, files = [], 0
    for room in ('sip', 'media', 'transport', 'simpleuser', 'fuzz'):
        for file in sorted((root / room).rglob('*.[ch]pp')):
            files += 1
            faults += faults_of(file.relative_to(root).as_posix(), file.read_text(encoding='utf-8'))
    print('\n'.join(faults) if faults else f'{files} files, no arrow out of place')
    return 1 if faults or not files else 0


if __name__ == '__main__':
    sys.exit(main())
