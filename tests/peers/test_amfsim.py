#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The simulated AMF and NRF themselves, against a bare client and a bare call-back server."""
import json
import pathlib
import ssl
import sys
import tempfile
import unittest
import urllib.parse
from typing import Any

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "scenario")]
from farol.pki import Authority  # noqa: E402
from peers import multipart  # noqa: E402
from peers.amfsim import (  # noqa: E402
    API, BROADCAST, CANCEL, RESTART_FAILURE, SUBSCRIBE, TRANSFER, WRITE, Amf, problem, redirect, retry_later)
from peers.http2 import Client, Reply, Request, Server, client_context, server_context  # noqa: E402
from peers.memory import Memory  # noqa: E402
from peers.networks import NrNetwork  # noqa: E402
from peers.nrfsim import DISCOVER, TOKEN, Nrf, oauth_error, profile  # noqa: E402
from peers.places import Ngap, plmn_json  # noqa: E402
from peers.protocol import NGAP, octets  # noqa: E402

KEY = (4370, 0x4000)
NAMED = {"MessageIdentifier": octets(4370), "SerialNumber": octets(0x4000)}
PDU = NGAP.encode(WRITE, NAMED | {"RepetitionPeriod": 30, "NumberOfBroadcastsRequested": 1})
CANCEL_PDU = NGAP.encode(CANCEL, NAMED)


def transfer(procedure: int = 51, key: tuple[int, int] = KEY, **more: Any) -> dict[str, Any]:
    info = {"messageIdentifier": key[0], "serialNumber": key[1], "sendRanResponse": True,
            "pwsContainer": {"ngapMessageType": procedure, "ngapData": {"contentId": "n"}}}
    return {"n2Information": {"n2InformationClass": "PWS", "pwsInfo": info}} | more


def tai(tac: int) -> dict[str, Any]:
    return {"plmnId": plmn_json(), "tac": f"{tac:06x}"}


class AmfCase(unittest.TestCase):
    def setUp(self) -> None:
        self.amf = self.opened(Amf())
        self.client = self.opened(Client("127.0.0.1", self.amf.server.port))
        self.told: Memory[tuple[Any, dict[str, bytes]]] = Memory("call-back", str)
        self.centre = self.opened(Server(self.called_back))

    def opened(self, one: Any) -> Any:
        self.addCleanup(one.close)
        return one

    def called_back(self, request: Request) -> Reply:
        self.told.add(multipart.split(request.headers["content-type"], request.body))
        return Reply(204)

    def transfer(self, root: dict[str, Any], pdu: bytes = PDU, **headers: str) -> Reply:
        content_type, body = multipart.join(root, {"n": pdu})
        return self.client.ask("POST", f"{API}/transfer", {"content-type": content_type, **headers}, body)

    def subscribe(self, information: str) -> Reply:
        wanted = {"n2InformationClass": information, "n2NotifyCallbackUri": f"{self.centre.root}/heard?of=1",
                  "notifCorrelationId": information.lower()}
        return self.client.ask("POST", f"{API}/subscriptions", {"content-type": "application/json"}, json.dumps(wanted).encode())


class Transferring(AmfCase):
    def test_a_warning_is_taken_and_cancelled(self) -> None:
        self.subscribe(BROADCAST)
        answer = self.transfer(transfer(taiList=[tai(1)]))
        self.assertEqual((answer.status, answer.json()), (200, {"result": "N2_INFO_TRANSFER_INITIATED", "pwsRspData": {
            "ngapMessageType": 51, "messageIdentifier": 4370, "serialNumber": 0x4000}}))
        asked = self.amf.wait_message(WRITE)
        self.assertEqual((asked.key, asked.message.number("RepetitionPeriod"), self.amf.held), (KEY, 30, {KEY}))
        self.assertEqual(self.transfer(transfer(32), CANCEL_PDU).status, 200)
        self.assertEqual((self.amf.held, self.amf.refused), (set(), []))

    def test_areas_that_it_does_not_have_and_subscriptions_that_it_has_lost(self) -> None:
        self.amf.tacs = {1}
        told = self.transfer(transfer(taiList=[tai(1), tai(2)])).json()["pwsRspData"]
        self.assertEqual((told["unknownTaiList"], told["n2PwsSubMissInd"]), ([tai(2)], True))
        self.subscribe(BROADCAST)
        self.assertNotIn("n2PwsSubMissInd", self.transfer(transfer()).json()["pwsRspData"])
        self.amf.lose_subscriptions()
        self.assertIn("n2PwsSubMissInd", self.transfer(transfer()).json()["pwsRspData"])

    def test_faults_as_scripted_then_as_usual(self) -> None:
        self.amf.script.next(TRANSFER, problem(403, "UNSPECIFIED", 3), retry_later(429, 7), redirect("http://192.0.2.1:80"),
                             Reply(reset=7), Reply(503, delay_s=0.2))
        refused = self.transfer(transfer())
        self.assertEqual((refused.status, refused.json()["pwsErrorInfo"], refused.json()["error"]["cause"]),
                         (403, {"namfCause": 3}, "UNSPECIFIED"))
        busy = self.transfer(transfer())
        self.assertEqual((busy.status, busy.headers["retry-after"]), (429, "7"))
        moved = self.transfer(transfer())
        self.assertEqual((moved.status, moved.headers["location"]), (307, f"http://192.0.2.1:80{API}/transfer"))
        with self.assertRaises(ConnectionError):
            self.transfer(transfer())
        self.assertEqual([self.transfer(transfer()).status for _ in range(2)], [503, 200])
        self.amf.script.next(TRANSFER, Reply(drop=True))
        with self.assertRaises(ConnectionError):
            self.transfer(transfer())

    def test_what_does_not_fit_together_is_refused(self) -> None:
        empty = transfer(taiList=[])
        for root, pdu in ((transfer(32), PDU), (transfer(key=(4371, 0x4000)), PDU), (transfer(), PDU[:-1]), (transfer(), b""),
                          (empty, PDU), ({"n2Information": {"n2InformationClass": "SM"}}, PDU), ({}, PDU),
                          (transfer(), NGAP.encode(WRITE, NAMED))):
            self.assertEqual(self.transfer(root, pdu).status, 400, root)
        self.assertEqual(len(self.amf.refused), 8)


class Notifying(AmfCase):
    def setUp(self) -> None:
        super().setUp()
        for information in (BROADCAST, RESTART_FAILURE):
            self.created = self.subscribe(information)
        self.assertEqual(self.created.status, 201)

    def heard(self, number: int) -> tuple[dict[str, Any], Any]:
        root, parts = self.told.wait("notification", lambda _: True, number)
        info = root["n2InfoContainer"]["pwsInfo"]
        return root, NGAP.decode(parts[info["pwsContainer"]["ngapData"]["contentId"]])

    def test_where_it_is_on_the_air_and_where_no_longer(self) -> None:
        self.assertEqual(self.amf.completed(KEY, cells=[0x10]).status, 204)
        self.amf.completed(KEY, nr=False, tais={1: [0x19b01]})
        self.amf.cancelled(KEY, areas={42: {0x10: 7}}, empty_gnbs=[3])
        self.amf.completed(KEY)
        root, message = self.heard(1)
        self.assertEqual((root["n2InfoContainer"]["n2InformationClass"], root["notifCorrelationId"]), (BROADCAST, "pws-bcal"))
        self.assertEqual(message.value("BroadcastCompletedAreaList"), ("cellIDBroadcastNR", [{"nR-CGI": Ngap.ncgi(0x10)}]))
        self.assertEqual(self.heard(2)[1].value("BroadcastCompletedAreaList"), ("tAIBroadcastEUTRA", [
            {"tAI": Ngap.tai(1), "completedCellsInTAI-EUTRA": [{"eUTRA-CGI": Ngap.ecgi(0x19b01)}]}]))
        root, message = self.heard(3)
        empty = root["n2InfoContainer"]["pwsInfo"]["bcEmptyAreaList"]
        self.assertEqual(empty[0]["gNbId"], {"bitLength": 24, "gNBValue": "000003"})
        self.assertEqual(message.value("BroadcastCancelledAreaList"), ("emergencyAreaIDCancelledNR", [
            {"emergencyAreaID": b"\0\0\x2a", "cancelledCellsInEAI-NR": [{"nR-CGI": Ngap.ncgi(0x10), "numberOfBroadcasts": 7}]}]))
        self.assertIsNone(self.heard(4)[1].value("BroadcastCompletedAreaList"))

    def test_with_a_network_it_notifies_of_the_cells_that_a_request_is_about(self) -> None:
        self.amf.network, self.amf.tacs = NrNetwork({1: [0x10, 0x11], 2: [0x20]}), {1, 2}
        self.assertEqual(self.transfer(transfer(taiList=[tai(1), tai(7)])).json()["pwsRspData"]["unknownTaiList"], [tai(7)])
        form, by_tai = self.heard(1)[1].value("BroadcastCompletedAreaList")
        self.assertEqual((form, [(one["tAI"], len(one["completedCellsInTAI-NR"])) for one in by_tai]),
                         ("tAIBroadcastNR", [(Ngap.tai(1), 2)]))
        some = NGAP.encode(CANCEL, NAMED | {"WarningAreaList": ("nR-CGIListForWarning", [Ngap.ncgi(0x20), Ngap.ncgi(0x99)])})
        self.transfer(transfer(32), some)
        self.assertEqual(self.heard(2)[1].value("BroadcastCancelledAreaList"),
                         ("cellIDCancelledNR", [{"nR-CGI": Ngap.ncgi(0x20), "numberOfBroadcasts": 1}]))

    def test_cells_that_restart_or_fail(self) -> None:
        self.amf.restart(1, [0x10], [1], areas=[42])
        self.amf.failure(1, [0x10], nr=False)
        root, message = self.heard(1)
        self.assertEqual((root["n2InfoContainer"]["n2InformationClass"], message.name), (RESTART_FAILURE, "PWSRestartIndication"))
        self.assertEqual(message.value("TAIListForRestart"), [Ngap.tai(1)])
        self.assertEqual(self.heard(2)[1].value("PWSFailedCellIDList"), ("eUTRA-CGI-PWSFailedList", [Ngap.ecgi(0x10)]))

    def test_subscriptions_end_once(self) -> None:
        path = urllib.parse.urlsplit(self.created.headers["location"]).path
        self.assertEqual([self.client.ask("DELETE", path).status for _ in range(2)], [204, 404])
        self.assertIsNone(self.amf.subscription(RESTART_FAILURE))
        self.assertEqual(self.amf.wait_for(SUBSCRIBE, 2).json["n2InformationClass"], RESTART_FAILURE)


class Multipart(unittest.TestCase):
    def test_all_that_is_allowed_comes_back(self) -> None:
        part = b"\r\n--peer\r\n\r\n\0--peer-0123456789--"
        for how in ({}, {"quoted": False}, {"json_last": True}, {"brackets": True}):
            self.assertEqual(multipart.split(*multipart.join({"a": 1}, {"n": part}, **how)), ({"a": 1}, {"n": part}))

    def test_what_is_not_is_refused(self) -> None:
        content_type, body = multipart.join({"a": 1}, {"n": b""})
        for wrong_type, wrong in ((content_type, body[:-6]), ("text/plain", body), ("multipart/related", body),
                                  (content_type.replace("application/json", "text/html"), body), (content_type, b"")):
            with self.assertRaises(ValueError):
                multipart.split(wrong_type, wrong)


class OverTls(unittest.TestCase):
    def test_both_sides_show_certificates_and_agree_on_h2(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(pathlib.Path(folder))
            one, other = authority.issue("amf"), authority.issue("cbc")
            with Amf(tls=server_context(one)) as amf:
                self.assertTrue(amf.root.startswith("https://"))
                with Client("127.0.0.1", amf.server.port, client_context(other)) as client:
                    self.assertEqual(client.ask("GET", "/").status, 400)
                with self.assertRaises(OSError):
                    Client("127.0.0.1", amf.server.port, client_context(other, offers=("http/1.1",)))
                context = ssl.create_default_context(cafile=str(authority.certificate))
                context.set_alpn_protocols(["h2"])
                with self.assertRaises(OSError), Client("127.0.0.1", amf.server.port, context) as stranger:
                    stranger.ask("GET", "/")


class WithNrf(AmfCase):
    def setUp(self) -> None:
        super().setUp()
        self.nrf = self.opened(Nrf())
        self.to_nrf = self.opened(Client("127.0.0.1", self.nrf.server.port))

    def token(self, **fields: str) -> Reply:
        form = {"grant_type": "client_credentials", "nfInstanceId": "6f1b2c3d-0000-4000-8000-000000000001", "nfType": "CBCF",
                "targetNfType": "AMF", "scope": "namf-comm"} | fields
        return self.to_nrf.ask("POST", "/oauth2/token", {"content-type": "application/x-www-form-urlencoded"},
                               urllib.parse.urlencode(form).encode())

    def test_amfs_are_found_by_their_service(self) -> None:
        self.nrf.amfs = {"a": profile(self.amf.root, tacs=[1, 2]), "b": profile(self.amf.root, services=("namf-evts",))}
        query = "target-nf-type=AMF&requester-nf-type=CBCF&service-names=namf-comm"
        found = self.to_nrf.ask("GET", f"/nnrf-disc/v1/nf-instances?{query}").json()["nfInstances"]
        self.assertEqual([one["nfInstanceId"] for one in found], [self.nrf.amfs["a"]["nfInstanceId"]])
        self.assertEqual(found[0]["nfServices"][0]["ipEndPoints"][0]["port"], self.amf.server.port)
        self.assertEqual([one["tac"] for one in found[0]["amfInfo"]["taiList"]], ["000001", "000002"])
        self.assertEqual(self.nrf.wait_for(DISCOVER).fields["requester-nf-type"], "CBCF")
        self.assertEqual(self.to_nrf.ask("GET", "/nnrf-disc/v1/nf-instances?target-nf-type=SMF").status, 400)

    def test_only_a_token_of_the_nrf_opens_the_amf(self) -> None:
        guarded = self.opened(Amf(token_is_good=self.nrf.is_good))
        self.client = self.opened(Client("127.0.0.1", guarded.server.port))
        self.assertEqual(self.transfer(transfer()).status, 401)
        token = self.token().json()["access_token"]
        self.assertEqual(self.transfer(transfer(), authorization=f"Bearer {token}").status, 200)
        changed = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
        self.assertEqual(self.transfer(transfer(), authorization=f"Bearer {changed}").status, 401)
        self.nrf.revoke()
        self.assertEqual(self.transfer(transfer(), authorization=f"Bearer {token}").status, 401)
        self.nrf.token_s = -1
        self.assertFalse(self.nrf.is_good(self.token().json()["access_token"]))

    def test_tokens_that_are_asked_for_wrongly_are_refused(self) -> None:
        self.nrf.script.next(TOKEN, oauth_error("invalid_client"))
        self.assertEqual(self.token().json(), {"error": "invalid_client"})
        for fields, error in (({"grant_type": "password"}, "unsupported_grant_type"), ({"scope": "nudm-sdm"}, "invalid_scope"),
                              ({"nfInstanceId": "me"}, "invalid_request")):
            answer = self.token(**fields)
            self.assertEqual((answer.status, answer.json()["error"]), (400, error))
        self.assertEqual(len(self.nrf.refused), 3)


if __name__ == "__main__":
    sys.exit(unittest.main())
