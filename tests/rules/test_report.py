#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rule report: titles count, comments do not."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import report  # noqa: E402

WANTED = {"C-10": "approver", "C-13": "codes", "C-24": "rate", "S-8": "undo"}


class Report(unittest.TestCase):
    def results(self, *files: tuple[str, str]) -> dict[str, str]:
        lines, _, _ = report.report(WANTED, list(files))
        return {line.split()[0]: line[7:23].strip() for line in lines if not line.startswith(" ")}

    def test_titles_in_three_languages_carry_rules(self) -> None:
        results = self.results(("tests/unit/cbe/a_test.cc", "void c10_nobody_approves_his_own() {\n}\n"),
                               ("tests/scenario/test_a.py", "    def test_c13_s8_codes(self) -> None:\n"),
                               ("cbe/web/tests/a.spec.ts", 'test("C-24: the fourth asks", async () => {\n'))
        self.assertEqual(set(results.values()), {"ok"})

    def test_a_comment_is_no_test_and_a_name_in_the_middle_neither(self) -> None:
        results = self.results(("cbe/domain/rules.h", "// C-10: no contributor approves\n"),
                               ("tests/unit/cbe/a_test.cc", "// C-13\nvoid an_area_of_c24_cells() {\n}\n"))
        self.assertEqual(results, {"C-10": "ONLY IN COMMENTS", "C-13": "ONLY IN COMMENTS", "C-24": "no test", "S-8": "no test"})

    def test_a_repeated_request_is_a_layer_of_its_own(self) -> None:
        self.assertEqual(report.layers_of("tests/scenario/test_a.py", "test_c13_replayed_code"), {"api", "replay"})
        self.assertEqual(report.layers_of("tests/unit/cbe/rules_test.cc", "c10_nobody"), {"rule"})
        self.assertEqual(report.layers_of("cbe/web/tests/a.spec.ts", "C-24"), {"page"})


if __name__ == "__main__":
    unittest.main()
