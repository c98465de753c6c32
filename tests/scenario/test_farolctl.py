#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""farolctl with real daemons: what it runs, what it says, and the numbers that it exits with.

Runs in a network namespace of its own, because the demo listens on the documented ports.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import wait  # noqa: E402
from farol.daemon import ROOT, binary  # noqa: E402

OK, FAILED, USAGE, NOT_FOUND, REFUSED, PARTLY = range(6)
FRAME_ONLY = "ocsd,provd,crmd"


class Ctl(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="farolctl-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "demo"
        self.up: subprocess.Popen[str] | None = None

    def ctl(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([binary("farolctl"), "--root", self.root, *words], capture_output=True, text=True,
                              cwd=ROOT, timeout=120, check=False)

    def json(self, *words: str) -> dict:
        return json.loads(self.ctl("--json", *words).stdout)

    def start(self, only: str = FRAME_ONLY) -> None:
        self.log = self.root.parent / "up.log"
        with self.log.open("w") as out:
            self.up = subprocess.Popen([binary("farolctl"), "--root", self.root, "up", "--only", only], cwd=ROOT,
                                       stdout=out, stderr=out, text=True)
        self.addCleanup(self.end)
        wait.until("every daemon is ready", lambda: "https://localhost:" in self.said() or self.up.poll() is not None, 60)

    def said(self) -> str:
        return self.log.read_text()

    def end(self) -> None:
        if self.up and self.up.poll() is None:
            self.up.send_signal(signal.SIGTERM)
            self.up.wait(60)

    def pids(self) -> dict[str, int]:
        return {one["daemon"]: one["pid"] for one in self.json("status")["daemons"]}


class Running(Ctl):
    def test_up_runs_the_daemons_and_down_ends_them_in_order(self) -> None:
        self.start()
        self.assertEqual(self.json("status")["verdict"], "OK")
        pids = self.pids()
        self.assertEqual(set(pids), {"ocsd", "provd", "crmd"})
        done = self.ctl("down")
        self.assertEqual((done.returncode, done.stdout), (OK, "stopped\n"))
        self.assertEqual(self.up.wait(10), OK)
        for pid in pids.values():
            self.assertFalse(pathlib.Path(f"/proc/{pid}").exists())

    def test_a_daemon_that_dies_is_started_again(self) -> None:
        self.start()
        before = self.pids()
        os.kill(before["provd"], signal.SIGKILL)
        wait.until("provd is back", lambda: self.pids()["provd"] not in (0, before["provd"]), 30)
        after = self.pids()
        self.assertEqual({**after, "provd": 0}, {**before, "provd": 0})
        self.assertIn("provd was ended by signal 9", self.said())

    def test_ctrl_c_stops_everything(self) -> None:
        self.start()
        self.up.send_signal(signal.SIGINT)
        self.assertEqual(self.up.wait(30), OK)

    def test_daemons_end_when_the_supervisor_is_killed(self) -> None:
        self.start()
        pids = self.pids()
        self.up.kill()
        self.up.wait()
        wait.until("the daemons are gone", lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid in pids.values()), 30)

    def test_only_one_supervisor_runs_in_a_folder(self) -> None:
        self.start()
        second = self.ctl("up")
        self.assertEqual(second.returncode, REFUSED)
        self.assertIn(f"process {self.up.pid}", second.stderr)

    def test_a_daemon_that_cannot_start_is_told_with_its_log(self) -> None:
        broken = self.root / "etc/conf.d/ocsd/broken.yaml"
        broken.parent.mkdir(parents=True)
        broken.write_text("api: {listne: 1}\n")
        self.start()
        self.assertEqual(self.up.wait(30), FAILED)
        self.assertIn("ocsd ended with 78 before it was ready", self.said())
        self.assertIn("listne", self.said())
        checked = self.ctl("config", "check", "ocsd")
        self.assertEqual(checked.returncode, FAILED)
        self.assertIn("listne", checked.stderr)

    def test_nothing_to_stop_is_not_found(self) -> None:
        self.assertEqual(self.ctl("down").returncode, NOT_FOUND)

    def test_a_silent_daemon_is_down_and_says_so(self) -> None:
        self.start()
        self.assertEqual(self.ctl("down").returncode, OK)
        done = self.ctl("status")
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("ocsd: does not answer: nobody answers on", done.stderr)

    def test_log_levels_are_lent(self) -> None:
        self.start()
        done = self.ctl("log", "level", "ocsd", "debug", "--category", "http", "--for", "60")
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertEqual(self.json("log", "level", "ocsd")["categories"], {"http": "debug"})
        self.assertEqual(self.ctl("log", "level", "smtpd").returncode, NOT_FOUND)
        self.assertEqual(self.ctl("log", "level", "ocsd", "loud").returncode, USAGE)


class Certificates(Ctl):
    def setUp(self) -> None:
        super().setUp()
        self.tls = self.root.parent / "tls"

    def cert(self, verb: str, *words: str) -> subprocess.CompletedProcess[str]:
        return self.ctl("cert", verb, "--dir", str(self.tls), *words)

    def test_an_authority_is_made_once(self) -> None:
        self.assertEqual(self.cert("ca", "--name", "North").returncode, OK)
        self.assertEqual((self.tls / "ca.key").stat().st_mode & 0o777, 0o600)
        again = self.cert("ca")
        self.assertEqual(again.returncode, REFUSED)
        self.assertIn("never replaced", again.stderr)

    def test_a_certificate_is_issued_shown_and_renewed(self) -> None:
        self.cert("ca")
        issued = self.cert("issue", "--site", "north", "--role", "cbe", "--node", "a", "--dns", "cbe.example")
        self.assertEqual(issued.returncode, OK, issued.stderr)
        file = str(self.tls / "cbe-a.pem")
        before = self.json("cert", "show", file)["certificates"][0]
        self.assertEqual(before["uris"], ["farol://north/cbe/a"])
        self.assertEqual(before["dns_names"], ["cbe.example"])
        self.assertEqual(before["days_left"], 89)
        self.assertEqual(self.cert("renew", file).returncode, OK)
        after = self.json("cert", "show", file)["certificates"][0]
        self.assertNotEqual(after["serial"], before["serial"])
        self.assertEqual(after["uris"], before["uris"])
        verified = subprocess.run(["openssl", "verify", "-CAfile", self.tls / "ca.pem", file], capture_output=True,
                                  text=True, check=False)
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def test_what_makes_no_sense_is_refused_with_a_sentence(self) -> None:
        self.cert("ca")
        usual = {"--site": "north", "--role": "cbe", "--node": "a"}
        for wrong, sentence in (({"--role": "boss"}, "roles are cbe cbc ocs crm prov monitor admin"),
                                ({"--days": "400"}, "1 to 397 days"), ({"--node": "A_b"}, "1 to 32 of a-z, 0-9 and -")):
            words = [word for pair in (usual | wrong).items() for word in pair]
            done = self.cert("issue", *words)
            self.assertEqual(done.returncode, FAILED, words)
            self.assertIn(sentence, done.stderr)


class Demo(Ctl):
    """All five daemons; no BSC is connected, so nothing can be on air."""

    def test_two_officers_send_and_a_rule_refuses(self) -> None:
        self.start("cbc,ocsd,provd,crmd,cbe")
        wait.until("the officers are made", lambda: "carla" in self.said(), 60)
        accounts = self.root / "demo-accounts.json"
        self.assertEqual(accounts.stat().st_mode & 0o777, 0o600)
        sent = self.ctl("--json", "demo", "alert", "Flood test. Go up.", "--wait", "0")
        self.assertEqual(sent.returncode, PARTLY, sent.stderr)
        alert = json.loads(sent.stdout)
        self.assertEqual((alert["status"], alert["submitted_by"]["username"], alert["approved_by"]["username"]),
                         ("approved", "ana", "bruno"))
        wait.until("cbcd holds it", lambda: any(one["alert_id"] == alert["id"]
                                                for one in self.json("alert", "list")["alerts"]), 30)
        self.assertIn("Flood test. Go up.", self.ctl("alert", "show", alert["id"]).stdout)
        self.assertEqual(self.ctl("alert", "show", "01a1fdd1-0000-7000-8000-000000000000").returncode, NOT_FOUND)
        refused = self.ctl("demo", "alert", "Fire \N{FIRE}")
        self.assertEqual(refused.returncode, REFUSED)
        self.assertIn("is an emoji", refused.stderr)


class Words(Ctl):
    def test_usage_mistakes_exit_with_2(self) -> None:
        for words in ([], ["sing"], ["cert"], ["cert", "issue"], ["alert", "send"], ["alert", "approve"]):
            self.assertEqual(self.ctl(*words).returncode, USAGE, words)

    def test_help_and_version_are_no_mistakes(self) -> None:
        self.assertEqual(self.ctl("--help").returncode, OK)
        self.assertIn("farolctl", self.ctl("--version").stdout)

    def test_errors_are_json_too(self) -> None:
        self.assertIn("nothing runs here", self.json("down")["error"]["text"])


if __name__ == "__main__":
    if os.environ.get("FAROL_IN_NETWORK") != "yes":
        os.environ["FAROL_IN_NETWORK"] = "yes"
        PROBE = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
        os.execvp(PROBE[0], [*PROBE, "bash", "-c", 'ip link set lo up; exec "$@"', "bash", sys.executable, *sys.argv])
    unittest.main()
