#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd against simulated AMFs (N50): warnings, reports, restarts, refusals, silence; through an NRF, with tokens, over TLS."""
import pathlib
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "scenario")]
from farol import wait  # noqa: E402
from farol.daemon import Site, free_port  # noqa: E402
from peers import tshark  # noqa: E402
from peers.amfsim import (  # noqa: E402
    BROADCAST, CANCEL, RESTART_FAILURE, SUBSCRIBE, TRANSFER, WRITE, Amf, problem, redirect, retry_later)
from peers.http2 import Reply, client_context, server_context  # noqa: E402
from peers.nrfsim import DISCOVER, TOKEN, Nrf, profile  # noqa: E402
from test_cbc import content, decision, request  # noqa: E402

INSTANCE = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"


class N50Case(unittest.TestCase):
    def setUp(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)
        self.cbe = self.site.authority.issue("cbe", node="national")
        self.code = 0

    def opened(self, one):
        self.addCleanup(one.close)
        return one

    def amf(self, **more) -> Amf:
        return self.opened(Amf(**more))

    def start(self, amfs: dict[str, Amf], n50: dict | None = None, peers: dict | None = None) -> None:
        table = self.site.folder / "cells.csv"
        table.write_text("technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,100,A,0,0\n")
        port = free_port()
        self.cbc = self.site.daemon("cbc", {
            "cells": str(table),
            "peers": {name: {"protocol": "n50", "uri": one.root} for name, one in amfs.items()} | (peers or {}),
            "cbes": {"national": {"certificate": "farol://test/cbe/national", "codes": "0-255", "identifiers": ["4370-4382"]}},
            "cbsp": {"retry_pause": "2s"},
            "n50": {"listen": f"127.0.0.1:{port}", "callback": f"http://127.0.0.1:{port}", "nf_instance": INSTANCE,
                    "request_timeout": "1s", "renew": "1s", "reconnect_first": "100ms", "reconnect_most": "500ms"} | (n50 or {}),
        }).start()

    def peer(self, name: str) -> dict:
        return next((one for one in self.cbc.control().get("/peers").json()["peers"] if one["name"] == name), {"state": "none"})

    def wait_state(self, name: str, state: str) -> None:
        wait.until(f"{name} is {state}", lambda: self.peer(name)["state"] == state)

    def send(self, **more) -> dict:
        self.code += 1
        answer = self.cbc.api(certificate=self.cbe).post("/alerts/send?wait=5", request(content(self.code, **more)))
        self.assertEqual(answer.status, 202, answer.text)
        return answer.json()

    def stop(self, sent: dict) -> dict:
        answer = self.cbc.api(certificate=self.cbe).post(
            f"/alerts/{sent['alert_id']}/stop?wait=5", {"decisions": [decision("stop", "ana")], "digest": sent["digest"]})
        self.assertEqual(answer.status, 202, answer.text)
        return answer.json()

    def cells(self, sent: dict) -> dict:
        alert = self.cbc.control().get(f"/alerts/{sent['alert_id']}").json()
        return alert["delivery"]

    def wait_text(self, sent: dict, text: str) -> None:
        try:
            wait.until(f"{text} in the alert", lambda: text in str(self.cells(sent)), 20)
        except TimeoutError:
            self.fail(f"no {text} in {self.cells(sent)}\n{self.cbc.log()[-3000:]}")

    def judge(self, *amfs: Amf) -> None:
        """Nothing that we sent is wrong, to Erlang or to tshark."""
        for amf in amfs:
            self.assertEqual(amf.refused, [])
            sent = [one.message.raw for one in amf.received.all(lambda one: one.message is not None)]
            for seen in tshark.dissect("ngap", sent):
                self.assertEqual(seen.objection, "")


class Warnings(N50Case):
    def test_a_warning_is_written_reported_and_stopped(self) -> None:
        amf = self.amf()
        self.start({"amf-1": amf})
        self.wait_state("amf-1", "up")
        amf.wait_subscribed(RESTART_FAILURE)
        self.assertEqual(self.cbc.control().post("/peers/amf-1/test").json()["result"], "complete")
        sent = self.send()
        write = amf.wait_message(WRITE)
        info = write.json["n2Information"]["pwsInfo"]
        self.assertEqual((info["messageIdentifier"], info["sendRanResponse"], info["nfId"]), (4370, True, INSTANCE))
        self.assertEqual(write.message.number("RepetitionPeriod"), 60)
        told = amf.completed(write, tais={1: [0x10, 0x11]})
        self.assertEqual(told.status, 204)
        self.wait_text(sent, "nr")
        self.wait_text(sent, "scheduled")
        self.stop(sent)
        cancel = amf.wait_message(CANCEL)
        self.assertEqual(cancel.key, write.key)
        self.assertEqual(amf.cancelled(cancel, cells={0x10: 3, 0x11: 4}).status, 204)
        self.wait_text(sent, "stopped")
        self.judge(amf)

    def test_a_restarted_node_gets_its_warnings_again_and_no_other_node(self) -> None:
        amf = self.amf()
        self.start({"amf-1": amf})
        self.wait_state("amf-1", "up")
        sent = self.send()
        write = amf.wait_message(WRITE)
        amf.completed(write, cells=[0x10, 0x20])
        self.wait_text(sent, "scheduled")
        amf.wait_subscribed(RESTART_FAILURE)
        self.assertEqual(amf.restart(gnb=7, cells=[0x10], tacs=[1]).status, 204)
        again = amf.wait_for(TRANSFER, 2)
        self.assertEqual(again.key, write.key)
        nodes = again.json["globalRanNodeList"]
        self.assertEqual([int(one["gNbId"]["gNBValue"], 16) for one in nodes], [7])
        self.assertEqual(amf.failure(gnb=7, cells=[0x10]).status, 204)
        self.judge(amf)

    def test_refusals_redirections_and_waits(self) -> None:
        amf, other = self.amf(), self.amf(name="other")
        self.start({"amf-1": amf})
        self.wait_state("amf-1", "up")
        amf.script.next(TRANSFER, redirect(other.root))
        self.send()
        self.assertEqual(other.wait_message(WRITE).key[0], 4370)
        amf.script.next(TRANSFER, retry_later(429, 0))
        self.send()
        amf.wait_for(TRANSFER, 3)
        amf.script.next(TRANSFER, problem(403, "UNSPECIFIED", 9))
        refused = self.send()
        self.wait_text(refused, "warning broadcast not supported")
        amf.script.next(TRANSFER, Reply(reset=7), Reply(silent=True))
        self.send()
        amf.wait_for(TRANSFER, 6)
        self.judge(amf, other)

    def test_an_amf_that_lost_its_subscriptions_or_went_away_is_subscribed_to_again(self) -> None:
        amf = self.amf()
        self.start({"amf-1": amf}, {"renew": "1h"})
        self.wait_state("amf-1", "up")
        amf.lose_subscriptions()
        self.send()
        amf.wait_subscribed(BROADCAST)
        root, port = amf.root, amf.server.port
        amf.close()
        self.send()
        wait.until("amf-1 is not up", lambda: self.peer("amf-1")["state"] != "up")
        back = self.amf(port=port)
        self.assertEqual(back.root, root)
        self.wait_state("amf-1", "up")
        back.wait_message(WRITE, 2)
        self.judge(back)

    def test_who_does_not_know_the_word_cannot_report(self) -> None:
        amf = self.amf()
        self.start({"amf-1": amf})
        self.wait_state("amf-1", "up")
        subscription = amf.wait_subscribed(BROADCAST)
        real = subscription.callback
        self.assertEqual(amf.post(real.rsplit("/", 1)[0] + "/guessed", "application/json", b"{}").status, 404)
        self.assertEqual(amf.post(real, "application/json", b"{}").status, 400)
        self.assertEqual(amf.post(real, "multipart/related; boundary=x", b"--x\r\n").status, 400)
        self.wait_state("amf-1", "up")


class Reloading(N50Case):
    def test_amfs_come_and_go_while_cbcd_runs(self) -> None:
        one, two = self.amf(), self.amf()
        self.start({"amf-1": one})
        self.wait_state("amf-1", "up")
        sent = self.send()
        one.wait_message(WRITE)
        self.cbc.config["peers"]["amf-2"] = {"protocol": "n50", "uri": two.root}
        self.cbc.write_config()
        self.cbc.reload()
        two.wait_message(WRITE)
        del self.cbc.config["peers"]["amf-2"]
        self.cbc.write_config()
        self.cbc.reload()
        two.wait_message(CANCEL)
        wait.until("amf-2 is gone", lambda: self.peer("amf-2")["state"] == "none")
        self.assertEqual(len(one.received.all(lambda call: call.message is not None)), 1)
        self.stop(sent)
        one.wait_message(CANCEL)
        self.judge(one, two)


class Found(N50Case):
    def test_amfs_are_found_through_an_nrf_and_called_with_a_token(self) -> None:
        nrf = self.opened(Nrf())
        amf = self.amf(token_is_good=nrf.is_good)
        nrf.amfs["one"] = profile(amf.root, tacs=[1], instance="0a1b2c3d-0000-4000-8000-000000000001")
        self.start({}, {"nrf": nrf.root, "tokens": True, "discovery": "1s"})
        self.assertEqual(nrf.wait_for(DISCOVER).fields["requester-nf-type"], "CBCF")
        self.wait_state("amf-0a1b2c3d0000", "up")
        self.send()
        amf.wait_message(WRITE)
        nrf.revoke()
        self.send()
        amf.wait_message(WRITE, 2)
        self.assertEqual(nrf.wait_for(TOKEN, 2).fields["nfInstanceId"], INSTANCE)
        second = self.amf(name="second", token_is_good=nrf.is_good)
        nrf.amfs["two"] = profile(second.root, instance="ffff0000-0000-4000-8000-000000000002")
        self.wait_state("amf-ffff00000000", "up")
        second.wait_message(WRITE, 2)
        self.assertEqual(nrf.refused, [])
        self.judge(amf, second)

    def test_everything_over_tls(self) -> None:
        authority = self.site.authority
        amf_certificate, ours = authority.issue("cbc", node="amf"), authority.issue("cbc", node="cbcf")
        amf = self.amf(tls=server_context(amf_certificate), to_centre=client_context(amf_certificate))
        port = free_port()
        self.start({"amf-1": amf}, {
            "listen": f"127.0.0.1:{port}", "callback": f"https://127.0.0.1:{port}", "certificate": str(ours.certificate),
            "key": str(ours.key), "trusted": [str(ours.authority)]})
        self.wait_state("amf-1", "up")
        sent = self.send()
        write = amf.wait_message(WRITE)
        self.assertEqual(amf.completed(write, cells=[0x10]).status, 204)
        self.wait_text(sent, "scheduled")
        self.judge(amf)


if __name__ == "__main__":
    unittest.main()
