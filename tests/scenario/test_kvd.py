#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The daemon of the cluster tests on a single machine: each of its routes does what it says."""
import hashlib
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol.daemon import Site  # noqa: E402


class SingleMachine(unittest.TestCase):
    def setUp(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)
        self.daemon = self.site.daemon("kvd").start()

    def call(self, method: str, path: str, body: object = None):
        answer = self.daemon.api("admin").request(method, path, body)
        return answer.status, answer.json()

    def test_registers_are_set_swapped_and_read(self) -> None:
        self.assertEqual(self.call("GET", "/kv/registers/r"), (200, {"value": None, "age_ms": 0}))
        self.assertEqual(self.call("POST", "/kv/registers/r/cas", {"from": None, "to": 1}), (200, {"swapped": True}))
        status, problem = self.call("POST", "/kv/registers/r/cas", {"from": None, "to": 2})
        self.assertEqual((status, problem["code"]), (409, "cas-mismatch"))
        self.assertEqual(self.call("PUT", "/kv/registers/r", {"value": -5})[0], 200)
        self.assertEqual(self.call("GET", "/kv/registers/r?consistent=1")[1]["value"], -5)

    def test_counters_add_up(self) -> None:
        self.assertEqual(self.call("POST", "/kv/counters/c/add", {"by": 2}), (200, {"value": 2}))
        self.assertEqual(self.call("POST", "/kv/counters/c/add", {"by": -7}), (200, {"value": -5}))
        self.assertEqual(self.call("GET", "/kv/counters/c")[1]["value"], -5)

    def test_the_bank_keeps_its_sum(self) -> None:
        self.call("PUT", "/kv/bank", {"accounts": {"a": 10, "b": 0}})
        self.assertEqual(self.call("POST", "/kv/bank/transfer", {"from": "a", "to": "b", "amount": 7})[0], 200)
        status, problem = self.call("POST", "/kv/bank/transfer", {"from": "a", "to": "b", "amount": 7})
        self.assertEqual((status, problem["code"]), (409, "insufficient"))
        self.assertEqual(self.call("GET", "/kv/bank")[1]["accounts"], {"a": 3, "b": 7})

    def test_ids_are_unique(self) -> None:
        taken = [self.call("POST", "/kv/ids")[1]["id"] for _ in range(3)]
        self.assertEqual(self.call("GET", "/kv/ids"), (200, {"count": 3, "ids": taken, "age_ms": 0}))
        self.assertEqual(taken, [1, 2, 3])

    def test_blobs_are_kept_by_their_hash(self) -> None:
        api = self.daemon.api("admin")
        octets = b"\0blob" * 1000
        self.assertEqual(api.put("/kv/blobs", octets).json(), {"hash": hashlib.sha256(octets).hexdigest()})
        self.assertEqual(api.get(f"/kv/blobs/{hashlib.sha256(octets).hexdigest()}").body, octets)
        self.assertEqual(api.get(f"/kv/blobs/{'0' * 64}").status, 404)

    def test_the_state_has_a_hash_that_outlives_the_process(self) -> None:
        empty = self.call("GET", "/kv/state")[1]
        self.call("PUT", "/kv/registers/r", {"value": 1})
        before = self.call("GET", "/kv/state")[1]
        self.assertNotEqual(before["hash"], empty["hash"])
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.call("GET", "/kv/state")[1]["hash"], before["hash"])

    def test_the_new_form_of_records_is_written_only_when_the_level_is_raised(self) -> None:
        self.call("PUT", "/kv/registers/r", {"value": 1})
        self.assertEqual(self.call("GET", "/kv/level")[1]["level"], 1)
        self.assertEqual(self.call("PUT", "/kv/level", {"level": 2})[0], 200)
        self.call("PUT", "/kv/registers/s", {"value": 2})
        self.daemon.stop()
        self.daemon.config["records"] = 1  # the build before
        self.daemon.write_config()
        self.daemon.start()
        self.assertEqual(self.call("GET", "/kv/registers/r")[1]["value"], 1)
        self.assertEqual(self.call("GET", "/kv/registers/s")[0], 500)
        status, problem = self.call("PUT", "/kv/level", {"level": 2})
        self.assertEqual((status, problem["code"]), (409, "unknown-level"))

    def test_wrong_bodies_are_refused_with_every_mistake(self) -> None:
        status, problem = self.call("POST", "/kv/bank/transfer", {"from": "a", "amount": 0, "more": 1})
        self.assertEqual(status, 422)
        for pointer in ("/to", "/amount", "/more"):
            self.assertIn(pointer, problem["detail"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
