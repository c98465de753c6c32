# SPDX-License-Identifier: AGPL-3.0-or-later
"""One cbcd for all cases of a class, each case with alerts of its own: starting a daemon takes longer than most cases.

A case sends as a CBE does. At its end its alerts are stopped, so that the next one finds peers that hold nothing.
"""
import itertools
from typing import Any

from farol import wait
from test_cbc import CbcCase, content, decision, request


class SharedCase(CbcCase):
    """Cases of a class whose `host` runs already: a case itself, that is set up once."""
    host_class: type[CbcCase] = CbcCase
    shared: tuple[str, ...] = ("site", "cbc", "cbe", "codes")  # what cases take from it
    host: Any

    @classmethod
    def setUpClass(cls) -> None:
        cls.host = cls.host_class()
        cls.addClassCleanup(cls.clean)
        cls.host.codes = itertools.count(1)
        cls.host.setUp()

    @classmethod
    def clean(cls) -> None:
        if not cls.host.doCleanups():
            raise AssertionError("the host of these cases does not end well: see above")

    def setUp(self) -> None:
        for name in self.shared:
            setattr(self, name, getattr(self.host, name))
        self.sent: list[dict] = []
        self.addCleanup(self.leave_nothing)

    def leave_nothing(self) -> None:
        for alert_id in {one["alert_id"] for one in self.sent}:
            self.stop(alert_id, self.sent[0]["digest"], wait_s=20)

    # What a CBE does

    def fresh(self, **more: Any) -> dict:
        return content(next(self.codes), **more)

    def start(self, body: dict, wait_s: int = 20, status: int = 202, certificate: Any = None, **more: Any) -> dict:
        """POST /alerts/send; the answer, and what was sent as `content`."""
        asked = request(body, **more)
        answer = self.cbc.api(certificate=certificate or self.cbe).post(f"/alerts/send?wait={wait_s}", asked, timeout_s=60)
        self.assertEqual(answer.status, status, answer.text)
        if status == 202 and certificate is None:
            self.sent.append(answer.json())
        return answer.json() | {"content": body}

    def update(self, alert: dict, number: int = 0, decisions: list[dict] | None = None, wait_s: int = 20, **changes: Any) -> dict:
        """A revision with other content; `number` is the update number of its serial number, raised for other words."""
        serial = alert["content"]["serial_number"] & ~0xF | number
        return self.start(alert["content"] | {"serial_number": serial} | changes, wait_s=wait_s, alert_id=alert["alert_id"],
                          revision=alert["revision"] + 1, decisions=decisions)

    def shrink(self, alert: dict, **changes: Any) -> dict:
        return self.update(alert, decisions=[decision("shrink", "ana")], **changes)

    def end(self, alert: dict, wait_s: int = 20) -> dict:
        return self.stop(alert["alert_id"], alert["digest"], wait_s=wait_s)

    # What GET /alerts/{id} says

    def alert(self, alert: dict) -> dict:
        return self.cbc.control().get(f"/alerts/{alert['alert_id']}").json()

    def wait_cells(self, alert: dict, state: str, *cells: int) -> None:
        self.wait_states(alert["alert_id"], dict.fromkeys(cells, state))

    def wait_state(self, alert: dict, state: str) -> None:
        wait.until(f"alert {state}", lambda: self.alert(alert)["state"] == state, 60)

    def states(self, alert_id: str) -> dict[int, str]:
        """Of cells; an area that is asked for as a whole has its own entry there."""
        cells = self.alert({"alert_id": alert_id})["delivery"]["cells"]
        return {one["cell"]["ci"]: one["state"] for one in cells if "ci" in one["cell"]}

    def broadcasts(self, alert: dict) -> dict[int, int | None]:
        return {one["cell"]["ci"]: one["broadcasts"] for one in self.alert(alert)["delivery"]["cells"]}

    def cause(self, alert: dict, cell: int) -> str | None:
        return next(one["cause"] for one in self.alert(alert)["delivery"]["cells"] if one["cell"]["ci"] == cell)
