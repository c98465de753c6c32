#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every daemon owes to the frame it stands on, shown on the real binaries."""
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import wait  # noqa: E402
from farol.daemon import BINARIES, Daemon, Site, binary  # noqa: E402
from farol.pki import Authority  # noqa: E402

DAEMONS = [name for name in BINARIES if binary(BINARIES[name]).exists()]
CONFIG_CASES = pathlib.Path(__file__).resolve().parents[1] / "config"
METRICS = pathlib.Path(__file__).resolve().parents[2] / "doc/metrics.md"
EXIT_USAGE, EXIT_CONFIGURATION = 2, 78
ONLY_THE_FRAME = {"ocsd", "provd", "crmd"}  # others may add errors of keys that the case leaves out
PORTS = {"cbc": 8444, "cbe": 8443, "crmd": 8445, "provd": 8446, "ocsd": 8447}
BROWSERS = {"cbe"}  # their API asks for no certificate


class EveryDaemon:
    """Becomes one test class per daemon, at the end of this file."""
    name: str
    site: Site
    maxDiff = None

    def setUp(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)

    def daemon(self) -> Daemon:
        return self.site.daemon(self.name)

    # Command line and configuration

    def test_version_and_help_end_at_once(self) -> None:
        daemon = self.daemon()
        version = self.run_with(daemon, "--version")
        self.assertRegex(version.stdout, rf"^{BINARIES[self.name]} \d+\.\d+\.\d+ \([0-9a-f]+|unknown\)$")
        self.assertIn("--runtime", self.run_with(daemon, "--help").stdout)
        self.assertEqual(self.run_with(daemon, "--nonsense").returncode, EXIT_USAGE)

    def run_with(self, daemon: Daemon, *arguments: str):
        return subprocess.run([daemon.command()[0], *arguments], capture_output=True, text=True, timeout=20)

    def test_a_good_configuration_is_checked_without_starting(self) -> None:
        daemon = self.daemon()
        done = daemon.check()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertFalse(daemon.state.exists())

    def test_every_configuration_error_is_reported_at_once_with_file_and_line(self) -> None:
        for case in sorted(CONFIG_CASES.iterdir()):
            daemon = self.site.daemon(self.name, instance=case.name)
            with self.subTest(case=case.name):
                self.use_case(daemon, case)
                expected = self.filled((case / "errors.txt").read_text(), daemon)
                for done in (daemon.check(), self.start_and_fail(daemon)):
                    self.assertEqual(done.returncode, EXIT_CONFIGURATION)
                    if self.name in ONLY_THE_FRAME:
                        self.assertEqual(done.stderr, expected)
                    lines = [line for line in expected.splitlines()
                             if "api.trusted" not in line or self.name not in BROWSERS]
                    self.assertEqual([line for line in lines if line not in done.stderr.splitlines()], [])

    def use_case(self, daemon: Daemon, case: pathlib.Path) -> None:
        daemon.write_config(self.filled((case / "input.yaml").read_text(), daemon))
        for extra in sorted(case.glob("conf.d/*.yaml")):
            daemon.conf_d.mkdir(parents=True, exist_ok=True)
            (daemon.conf_d / extra.name).write_text(extra.read_text())

    @staticmethod
    def filled(text: str, daemon: Daemon) -> str:
        for word, path in (("@CERTIFICATE@", daemon.certificate.certificate), ("@KEY@", daemon.certificate.key),
                           ("@AUTHORITY@", daemon.certificate.authority), ("@CONFIG@", daemon.config_file),
                           ("@CONF_D@", daemon.conf_d), ("@FOLDER@", daemon.folder), ("@PORT@", PORTS[daemon.name])):
            text = text.replace(word, str(path))
        return text

    def start_and_fail(self, daemon: Daemon):
        return subprocess.run(daemon.command(), capture_output=True, text=True, timeout=20)

    def test_a_file_that_is_not_there_is_named(self) -> None:
        daemon = self.daemon()
        daemon.config_file.unlink()
        done = daemon.check()
        self.assertEqual(done.returncode, EXIT_CONFIGURATION)
        self.assertIn(f"{daemon.config_file}: cannot be read: No such file or directory\n", done.stderr)

    # Life and death

    def test_ready_is_said_when_it_listens_and_stopping_before_it_exits_with_0(self) -> None:
        daemon = self.daemon().start()
        for places in daemon.listeners().values():
            for place in places:
                socket.create_connection((place["host"].replace("0.0.0.0", "127.0.0.1"), place["port"]), 5).close()
        self.assertEqual(daemon.notify.lines[0], "READY=1")
        notify = daemon.notify
        self.assertEqual(daemon.stop(), 0, daemon.log())
        self.assertIn("STOPPING=1", notify.lines)
        self.assertIn("frame.ended", daemon.log())

    def test_killed_it_starts_again_on_the_same_state(self) -> None:
        daemon = self.daemon().start()
        daemon.kill()
        daemon.start()
        self.assertEqual(daemon.control().get("/readyz").status, 200)
        self.assertEqual(daemon.stop(), 0)

    def test_two_processes_cannot_share_a_state_folder(self) -> None:
        daemon = self.daemon().start()
        done = self.start_and_fail(daemon)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"is in use by process {daemon.process.pid}", done.stderr)

    def test_a_port_that_is_taken_is_a_failed_start(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            daemon = self.daemon()
            daemon.config["api"]["listen"] = f"127.0.0.1:{taken.getsockname()[1]}"
            daemon.write_config()
            daemon.launch()
            self.assertEqual(daemon.wait(), 1)
            self.assertIn("frame.start.failed", daemon.log())
            self.assertIn("Address already in use", daemon.log())

    def test_the_watchdog_is_fed(self) -> None:
        daemon = self.daemon()
        daemon.environment["WATCHDOG_USEC"] = "400000"
        daemon.start()
        daemon.notify.wait_for("WATCHDOG=1", 3)
        daemon.end()

    def test_a_socket_from_systemd_is_served(self) -> None:
        daemon = self.daemon()
        with socket.create_server(("127.0.0.1", 0)) as passed:
            port = passed.getsockname()[1]
            self.start_with_socket(daemon, passed)
            self.assertEqual(daemon.port(), port)
            self.assertEqual(daemon.api("monitor").get("/livez").status, 200)
            daemon.end()

    def start_with_socket(self, daemon: Daemon, passed: socket.socket) -> None:
        """LISTEN_PID must be the daemon's own, so a shell sets it and becomes the daemon."""
        command = daemon.command()
        daemon.command = lambda *more: [  # type: ignore[method-assign]
            "/bin/sh", "-c", f'exec 3<&{passed.fileno()}; LISTEN_PID=$$ exec "$@"', "sh", *command, *more]
        daemon.environment |= {"LISTEN_FDS": "1", "LISTEN_FDNAMES": "api"}
        daemon.pass_fds = (passed.fileno(),)
        daemon.start()

    # Reload

    def test_a_good_reload_says_what_changed(self) -> None:
        daemon = self.daemon().start()
        daemon.config["log"] = {"level": "debug"}
        daemon.write_config()
        daemon.reload()
        daemon.wait_log('config.changed what="log.level: set to \\"debug\\""')
        self.assertTrue(any(line.startswith("MONOTONIC_USEC=") for line in daemon.notify.lines))
        self.assertEqual(daemon.control().get("/control/log-level").json()["level"], "debug")
        self.assertIn("farol_config_last_reload_successful 1\n", daemon.control().get("/metrics").text)

    def test_a_bad_reload_changes_nothing_and_names_every_error(self) -> None:
        daemon = self.daemon().start()
        daemon.config["log"] = {"level": "debug", "levl": "x"}
        daemon.config["storr"] = {}
        daemon.write_config()
        daemon.reload()
        daemon.wait_log('log.levl: unknown key; did you mean \\"level\\"?')
        daemon.wait_log('storr: unknown key; did you mean \\"store\\"?')
        self.assertEqual(daemon.control().get("/control/log-level").json()["level"], "info")
        self.assertIn("farol_config_last_reload_successful 0\n", daemon.control().get("/metrics").text)
        self.assertEqual(daemon.control().get("/readyz").status, 200)

    def test_what_needs_a_restart_is_refused_with_that_sentence(self) -> None:
        daemon = self.daemon().start()
        daemon.config["log"] = {"level": "debug"}
        daemon.config["store"] = {"quota": "1GiB"}
        daemon.write_config()
        answer = daemon.control().post("/control/reload")
        self.assertEqual(answer.status, 422)
        self.assertIn("store.quota: a change of it needs a restart; nothing was changed", answer.json()["detail"])
        self.assertEqual(daemon.control().get("/control/log-level").json()["level"], "info")

    def test_a_renewed_certificate_is_served_after_a_reload(self) -> None:
        daemon = self.daemon().start()
        before = self.served_certificate(daemon)
        self.renew(daemon)
        self.assertEqual(daemon.control().post("/control/reload").status, 200)
        self.assertNotEqual(self.served_certificate(daemon), before)

    def test_a_reload_with_a_bad_certificate_changes_nothing(self) -> None:
        daemon = self.daemon().start()
        before = self.served_certificate(daemon)
        daemon.certificate.certificate.write_text("not a certificate\n")
        daemon.config["log"] = {"level": "debug"}
        daemon.write_config()
        answer = daemon.control().post("/control/reload")
        self.assertEqual(answer.status, 422)
        self.assertIn(str(daemon.certificate.certificate), answer.json()["detail"])
        self.assertEqual(self.served_certificate(daemon), before)
        self.assertEqual(daemon.control().get("/control/log-level").json()["level"], "info")

    def renew(self, daemon: Daemon) -> None:
        fresh = self.site.authority.issue("monitor", node="renewed")
        daemon.certificate.certificate.write_bytes(fresh.certificate.read_bytes())
        daemon.certificate.key.write_bytes(fresh.key.read_bytes())

    def served_certificate(self, daemon: Daemon, listener: str = "api") -> bytes:
        context = ssl.create_default_context(cafile=str(self.site.authority.certificate))
        with socket.create_connection(("127.0.0.1", daemon.port(listener)), 5) as plain, \
                context.wrap_socket(plain, server_hostname="localhost") as wrapped:
            return wrapped.getpeercert(binary_form=True)

    # Looking at it

    def test_health_version_and_metrics(self) -> None:
        daemon = self.daemon().start()
        control = daemon.control()
        self.assertEqual(control.get("/livez").json(), {"status": "ok"})
        ready = control.get("/readyz")
        self.assertEqual(ready.status, 200, ready.text)
        checks = {check["name"]: check["status"] for check in ready.json()["checks"]}
        self.assertEqual(checks["store"], "ok")
        self.assertEqual(control.get("/startupz").status, 200)
        version = control.get("/version").json()
        self.assertEqual(version["program"], BINARIES[daemon.name])
        metrics = control.get("/metrics")
        self.assertEqual(metrics.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        for series in (f'farol_build_info{{commit="{version["commit"]}",daemon="{daemon.name}",',
                       f'farol_http_requests_total{{code_class="2xx",daemon="{daemon.name}",method="GET",route="/livez"}} 1',
                       'process_resident_memory_bytes ', 'farol_tls_certificate_not_after_timestamp_seconds{name="api"'):
            self.assertIn("\n" + series, metrics.text)

    def test_every_series_is_there_from_the_start(self) -> None:
        daemon = self.daemon().start()
        lines = daemon.control().get("/metrics").text.splitlines()
        name = daemon.name
        for path in ("/livez", "/control/reload"):
            method = "POST" if path == "/control/reload" else "GET"
            for code in "2345":
                self.assertIn(f'farol_http_requests_total{{code_class="{code}xx",daemon="{name}",method="{method}",'
                              f'route="{path}"}} 0', lines)
            self.assertIn(f'farol_http_request_duration_seconds_count{{daemon="{name}",route="{path}"}} 0', lines)
        for series in (f'farol_audit_events_total{{app="{name}"}} 0',
                       f'farol_http_requests_total{{code_class="4xx",daemon="{name}",method="GET",route="none"}} 0',
                       f'farol_store_transactions_total{{daemon="{name}",kind="change",result="refused"}} 0',
                       f'farol_store_transactions_total{{daemon="{name}",kind="change",result="unknown"}} 0',
                       'farol_jobs_oldest_timestamp_seconds{queue="workers"} 0'):
            self.assertIn(series, lines)
        self.assertTrue(any(line.startswith(f'farol_store_commit_duration_seconds_count{{daemon="{name}"}} ') for line in lines))
        free = [float(line.split()[-1]) for line in lines if line.startswith('farol_storage_free_ratio{area="quota"}')]
        self.assertTrue(0.5 < free[0] <= 1, free)
        before = self.series(daemon)
        for client, path in ((daemon.control(), "/version"), (daemon.api(None if name in BROWSERS else "cbe"), "/version"),
                             (daemon.control(), "/none")):
            client.get(path)
        daemon.control().put("/control/log-level", {"level": "info"})
        self.assertEqual(self.series(daemon), before, "a series came only with its first request")
        self.assertIn(f'farol_audit_events_total{{app="{name}"}} 1\n', daemon.control().get("/metrics").text)

    def test_metrics_are_those_of_the_document(self) -> None:
        daemon = self.daemon().start()
        text = daemon.control().get("/metrics").text
        kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
        shown = {name: (kind, self.labels_of(text, name, kind)) for name, kind in kinds.items()}
        documented = self.documented(daemon.name)
        self.assertEqual(shown, {name: row for name, row in documented.items() if name in shown})
        # A daemon without peers has no series of peers; every other is there from the start.
        self.assertEqual([name for name, (_, labels) in documented.items() if name not in shown and "peer" not in labels], [])

    @staticmethod
    def labels_of(text: str, name: str, kind: str) -> frozenset[str]:
        suffix = "_count" if kind == "histogram" else ""
        lines = re.findall(rf"^{name}{suffix}(?:{{.*}})? ", text, re.MULTILINE)
        found = {frozenset(re.findall(r'(\w+)="', line)) for line in lines}
        return found.pop() if len(found) == 1 else frozenset({f"different ones: {found}"})

    @staticmethod
    def documented(name: str) -> dict[str, tuple[str, frozenset[str]]]:
        """Kind and labels of each metric of every daemon, and of this one."""
        rows: dict[str, tuple[str, frozenset[str]]] = {}
        for section in METRICS.read_text().split("\n## ")[1:]:
            if section.splitlines()[0] in ("Every daemon", BINARIES[name]):
                for metric, kind, labels in re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|", section, re.MULTILINE):
                    rows[metric] = (kind, frozenset(labels.replace(",", " ").split()))
        return rows

    @staticmethod
    def series(daemon: Daemon) -> set[str]:
        return {line.rsplit(" ", 1)[0] for line in daemon.control().get("/metrics").text.splitlines()
                if not line.startswith("#")}

    def test_a_store_with_only_its_reserve_left_is_an_alarm(self) -> None:
        daemon = self.daemon()
        daemon.config["store"] = {"quota": "64MiB", "reserve": "64MiB"}
        daemon.write_config()
        daemon.start()
        alarms = daemon.control().get("/control/alarms").json()["alarms"]
        self.assertIn(("F4001", "CRITICAL", f"{daemon.name}/storage/reserve"),
                      [(one["kind"], one["perceived_severity"], one["object"]) for one in alarms])

    def test_the_level_of_a_category_changes_at_run_time(self) -> None:
        daemon = self.daemon().start()
        control = daemon.control()
        answer = control.put("/control/log-level", {"level": "debug", "category": "http", "for_s": 600})
        self.assertEqual(answer.json(), {"level": "info", "categories": {"http": "debug"}})
        control.get("/version")
        daemon.wait_log(" debug http.request ")
        for body, sentence in (({"level": "loud"}, "/level"), ({"level": "info", "x": 1}, "/x"), ("{", "JSON")):
            refused = control.put("/control/log-level", body)
            self.assertIn(refused.status, (400, 422))
            self.assertIn(sentence, refused.json()["detail"])

    def test_a_lent_level_ends_by_itself(self) -> None:
        daemon = self.daemon().start()
        daemon.control().put("/control/log-level", {"level": "debug", "for_s": 1})
        daemon.wait_log("log.level.expired")
        self.assertEqual(daemon.control().get("/control/log-level").json()["level"], "info")

    def test_after_a_lent_level_that_of_the_command_line_stands_again(self) -> None:
        daemon = self.daemon()
        daemon.arguments = ["--log-level", "notice"]
        daemon.start()
        self.assertEqual(daemon.control().put("/control/log-level", {"level": "debug", "for_s": 1}).json()["level"], "debug")
        daemon.wait_log("log.level.expired")
        self.assertEqual(daemon.control().get("/control/log-level").json()["level"], "notice")

    def test_status_tells_where_it_listens(self) -> None:
        daemon = self.daemon().start()
        status = daemon.control().get("/control/status").json()
        self.assertEqual(status["listeners"], daemon.listeners())
        self.assertEqual((status["pid"], status["daemon"]), (daemon.process.pid, daemon.name))

    def test_a_rejected_configuration_is_an_alarm_until_a_good_one(self) -> None:
        daemon = self.daemon().start()
        control = daemon.control()
        daemon.write_config("nonsense: 1\n")
        self.assertEqual(control.post("/control/reload").status, 422)
        alarm, = control.get("/control/alarms").json()["alarms"]
        self.assertEqual((alarm["kind"], alarm["specific_problem"], alarm["perceived_severity"], alarm["object"]),
                         ("F2003", "ConfigRejected", "WARNING", f"{daemon.name}/configuration"))
        self.assertIn('farol_alarms_active{severity="WARNING"} 1\n', control.get("/metrics").text)
        self.assertEqual(control.post(f"/control/alarms/{alarm['id']}/acknowledge").status, 204)
        self.assertEqual(control.post("/control/alarms/none/acknowledge").status, 404)
        daemon.kill()
        daemon.write_config()
        daemon.start()
        alarm, = control.get("/control/alarms").json()["alarms"]
        self.assertEqual(alarm["acknowledged_by"], f"unix:{os.getuid()}")
        self.assertEqual(control.post("/control/reload").status, 200)
        self.assertEqual(control.get("/control/alarms").json()["alarms"], [])
        self.assertEqual(control.get("/control/alarms?all=1").json()["alarms"][0]["perceived_severity"], "CLEARED")

    def test_what_the_control_socket_changes_is_audited(self) -> None:
        daemon = self.daemon().start()
        control = daemon.control()
        control.put("/control/log-level", {"level": "debug", "category": "http"})
        control.post("/control/reload")
        daemon.restart()
        lines = [json.loads(line) for line in control.get("/control/audit").text.splitlines()]
        self.assertEqual([(line["sequence"], line["actor"], line["action"], line["object"], line["after"]) for line in lines],
                         [(1, f"unix:{os.getuid()}", "log.level.set", "http", "debug"),
                          (2, f"unix:{os.getuid()}", "config.reload", str(daemon.config_file), "applied")])
        self.assertEqual(lines[1]["previous"], lines[0]["hash"])
        after = control.get("/control/audit?after=1&limit=1").text.splitlines()
        self.assertEqual([json.loads(line)["sequence"] for line in after], [2])
        self.assertEqual(control.get("/control/audit?limit=x").status, 400)
        self.assertEqual(control.post("/control/audit/verify").json(), {"valid": True, "records": 2, "broken": ""})

    def test_logs_are_text_or_json_as_asked(self) -> None:
        daemon = self.daemon().start()
        self.assertRegex(daemon.log(), r"(?m)^\d{4}-\d\d-\d\dT[0-9:.]+Z notice frame\.ready version=\S+ commit=\S+$")
        daemon.stop()
        daemon.log_file.unlink()
        daemon.arguments = ["--log-format", "json", "--log-level", "notice"]
        daemon.start()
        lines = [json.loads(line) for line in daemon.log().splitlines()]
        ready = [line for line in lines if line["event"] == "frame.ready"]
        self.assertEqual([(line["level"], line["daemon"]) for line in ready], [("notice", daemon.name)])
        self.assertNotIn("info", [line["level"] for line in lines])

    def test_a_hanging_drain_ends_at_the_time_out(self) -> None:
        daemon = self.daemon().start()
        daemon.config["shutdown"] = {"timeout": "300ms"}
        daemon.write_config()
        self.assertEqual(daemon.control().post("/control/reload").status, 200)
        with socket.socket(socket.AF_UNIX) as half:
            half.connect(str(daemon.runtime / "control.sock"))
            half.sendall(b"POST /control/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            wait.until("two connections", lambda: self.connections(daemon) >= 2)
            self.assertEqual(daemon.stop(), 0)

    @staticmethod
    def connections(daemon: Daemon) -> int:
        for line in daemon.control().get("/metrics").text.splitlines():
            if line.startswith("farol_http_connections") and 'listener="control"' in line:
                return int(float(line.split()[-1]))
        return 0


class WithCertificates:
    """Daemons whose API is for machines."""

    def test_a_certificate_of_the_wrong_role_is_refused_with_403(self) -> None:
        daemon = self.daemon().start()
        for path in ("/metrics", "/version", "/healthz"):
            self.assertEqual(daemon.api("cbe").get(path).status, 403)
            self.assertEqual(daemon.api("monitor").get(path).status, 200)

    def test_without_a_certificate_of_a_trusted_authority_there_is_no_connection(self) -> None:
        stranger = Authority(self.site.folder / "stranger").issue("monitor")
        daemon = self.daemon().start()
        for client in (daemon.api(None), daemon.api(certificate=stranger)):
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                client.get("/livez")

    def test_a_foreign_authority_names_only_the_roles_it_was_given(self) -> None:
        foreign = Authority(self.site.folder / "foreign")
        daemon = self.daemon()
        daemon.config["api"]["trusted"].append({"file": str(foreign.certificate), "roles": ["monitor"]})
        daemon.write_config()
        daemon.start()
        self.assertEqual(daemon.api(certificate=foreign.issue("monitor")).get("/version").status, 200)
        forged = daemon.api(certificate=foreign.issue("admin"))
        refused = forged.get("/version")
        self.assertEqual(refused.status, 403)
        self.assertIn("may not name role admin, only monitor", refused.json()["detail"])
        self.assertNotIn("checks", forged.get("/readyz").json())
        daemon.wait_log("tls.identity.refused")
        self.assertIn("may not name role admin", daemon.log())

    def test_a_foreign_authority_without_roles_is_a_configuration_error(self) -> None:
        foreign = Authority(self.site.folder / "foreign")
        daemon = self.daemon()
        daemon.config["api"]["trusted"].append(str(foreign.certificate))
        daemon.write_config()
        done = daemon.check()
        self.assertEqual(done.returncode, EXIT_CONFIGURATION)
        self.assertIn(f"trusted {foreign.certificate} did not sign our certificate", done.stderr)

    def test_a_certificate_without_a_farol_name_is_refused_and_logged(self) -> None:
        daemon = self.daemon().start()
        nameless = self.site.authority.issue("monitor", uri="https://test.example/")
        refused = daemon.api(certificate=nameless).get("/version")
        self.assertEqual(refused.status, 403)
        self.assertIn("carries no farol:// URI", refused.json()["detail"])
        daemon.wait_log("tls.identity.refused")


class WithBrowsers:
    """Daemons whose API is for browsers, which have no certificate."""

    def test_browsers_see_no_reasons_and_no_metrics(self) -> None:
        daemon = self.daemon().start()
        self.assertNotIn("checks", daemon.api(None).get("/readyz").json())
        self.assertIn(daemon.api(None).get("/metrics").status, (401, 403))

    def test_a_reload_renews_the_certificate_of_every_listener(self) -> None:
        daemon = self.with_machines().start()
        before = self.machines_certificate(daemon)
        self.renew(daemon)
        self.assertEqual(daemon.control().post("/control/reload").status, 200)
        self.assertNotEqual(self.machines_certificate(daemon), before)
        self.assertEqual(self.machines_certificate(daemon), self.served_certificate(daemon))

    def test_a_reload_that_the_daemon_refuses_renews_no_certificate(self) -> None:
        daemon = self.with_machines().start()
        before = self.machines_certificate(daemon)
        self.renew(daemon)
        daemon.config["authority"]["id"] = "other"  # the daemon itself says no
        daemon.write_config()
        self.assertEqual(daemon.control().post("/control/reload").status, 422)
        self.assertEqual(self.machines_certificate(daemon), before)
        self.assertEqual(self.served_certificate(daemon), before)

    def with_machines(self) -> Daemon:
        daemon = self.daemon()
        daemon.config["machines"] = {"listen": "127.0.0.1:0", "certificate": str(daemon.certificate.certificate),
                                     "key": str(daemon.certificate.key),
                                     "trusted": [str(daemon.certificate.authority)]}
        daemon.write_config()
        return daemon

    def machines_certificate(self, daemon: Daemon) -> bytes:
        return self.served_certificate(daemon, "machines")


for _name in DAEMONS:
    _kinds = (EveryDaemon, WithBrowsers if _name in BROWSERS else WithCertificates)
    globals()[_name] = type(_name, (*_kinds, unittest.TestCase), {"name": _name})

if __name__ == "__main__":
    unittest.main()
