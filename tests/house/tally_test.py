#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What counts as a case, and as what."""
import sys
import unittest

sys.dont_write_bytecode = True  # nothing is left behind in the tree
import tally  # noqa: E402

GTEST = '''\
[ RUN      ] Subject.Passes
[       OK ] Subject.Passes (0 ms)
[ RUN      ] Each/Subject.Fails/0
text without a line's end[  FAILED  ] Each/Subject.Fails/0, where GetParam() = 3 (1 ms)
[ RUN      ] Subject.IsSkipped
[  SKIPPED ] Subject.IsSkipped (0 ms)
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Each/Subject.Fails/0, where GetParam() = 3
'''
TAP = '''\
TAP version 13
ok 1 - alone
ok 2 - left out # SKIP no device
    ok 1 - inside
    not ok 2 - inside too
    1..2
not ok 3 - outside
1..3
'''


def entry(stdout: str, result: str = 'OK') -> dict:
    return {'name': 'whole', 'result': result, 'stdout': stdout}


def results(stdout: str, result: str = 'OK') -> dict:
    return {case.name: case.result for case in tally.cases_of(entry(stdout, result))}


class Cases(unittest.TestCase):
    def test_google_test_counts_each_case_once(self):
        self.assertEqual(results(GTEST, 'FAIL'), {'Subject.Passes': 'passed', 'Each/Subject.Fails/0': 'failed', 'Subject.IsSkipped': 'skipped'})

    def test_a_case_that_began_and_never_ended_has_failed(self):
        self.assertEqual(results('[ RUN      ] Subject.Crashes\n', 'FAIL'), {'Subject.Crashes': 'failed'})

    def test_a_program_that_fails_after_its_cases_is_a_failure_more(self):
        self.assertEqual(results('[ RUN      ] A.B\n[       OK ] A.B (0 ms)\n', 'FAIL'), {'A.B': 'passed', 'whole': 'failed'})

    def test_tap_counts_the_leaves(self):
        self.assertEqual(results(TAP, 'FAIL'), {'alone': 'passed', 'left out': 'skipped', 'inside': 'passed', 'inside too': 'failed'})

    def test_any_other_program_is_one_case(self):
        self.assertEqual(results('12 compiled, 0 failed'), {'whole': 'passed'})
        self.assertEqual(results('', 'TIMEOUT'), {'whole': 'failed'})
        self.assertEqual(results('', 'SKIP'), {'whole': 'skipped'})

    def test_a_folder_where_nothing_ran_is_a_failure(self):
        self.assertEqual([case.result for case in tally.read('no-such-folder')], ['failed'])


class Requirements(unittest.TestCase):
    def test_ids_are_found_wherever_they_stand(self):
        self.assertEqual(tally.REQUIREMENT.findall('Subject.C04C05TimerB'), ['C04', 'C05'])
        self.assertEqual(tally.REQUIREMENT.findall('Stream.RefusesSec61'), ['Sec61'])
        self.assertEqual(tally.REQUIREMENT.findall('D12 hold by each side'), ['D12'])

    def test_names_of_codecs_and_hashes_are_no_ids(self):
        self.assertEqual(tally.REQUIREMENT.findall('Codec.G722AndSha256AndE164'), [])


if __name__ == '__main__':
    unittest.main()
