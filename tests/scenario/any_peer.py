# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network element of each of the four protocols in the same few words, for what must hold of all of them.

Each has one cell. `asked()` is what it was asked to write and to stop, by serial number, in order; `held()` the serial numbers
that it has on the air.
"""
from typing import Any, Callable

from farol import bsc as cbsp
from farol import wait
from farol.bsc import Bsc
from farol.daemon import free_port
from peers import amfsim, mmesim, rncsim
from peers.association import free_udp_port
from peers.http2 import Reply
from peers.memory import Answer, Script

WRITE, STOP = "write", "stop"
Asked = list[tuple[str, int]]
TABLE = """technology,mcc,mnc,lac,tac,cell,name,lat,lon
gsm,001,01,1,,100,Harbour,38.70,-9.10
umts,001,01,2,,512,Market,38.70,-9.11
lte,001,01,,1,0x0019b01,Hill,38.70,-9.12
nr,001,01,,2,0x10,Island,38.70,-9.13
"""
INSTANCE = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"


class AnyPeer:
    name: str
    place: dict[str, Any]  # its cell, without the network
    config: dict[str, Any]  # its entry under `peers`

    @property
    def cell(self) -> dict[str, Any]:
        return {"mcc": "001", "mnc": "01"} | self.place

    @property
    def ci(self) -> int:
        return self.place["ci"]

    def asked(self) -> Asked:
        raise NotImplementedError

    def held(self) -> set[int]:
        raise NotImplementedError

    def leave_unanswered(self, what: str) -> None:
        """The next one: it is neither done nor answered."""
        raise NotImplementedError

    def forget(self) -> None:
        """As after a loss of its data."""
        raise NotImplementedError

    def go_away(self) -> None:
        raise NotImplementedError

    def come_back(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def count(self, what: str) -> int:
        return sum(one == what for one, _ in self.asked())

    def wait_asked(self, what: str, number: int) -> None:
        wait.until(f"{self.name} is asked to {what}, number {number}", lambda: self.count(what) >= number, 60)


class OfBsc(AnyPeer):
    """It connects to us. `port` is where we listen, also after a restart."""
    name, place = "bsc-1", {"technology": "gsm", "lac": 1, "ci": 100}
    config = {"address": "127.0.0.2", "location_areas": ["1"]}
    KINDS = {cbsp.WRITE_REPLACE: (WRITE, cbsp.NEW_SERIAL), cbsp.KILL: (STOP, cbsp.OLD_SERIAL)}

    def __init__(self) -> None:
        self.sim = Bsc(0, source="127.0.0.2", cells=[(1, 100)], restart="available")

    def meet(self, port: int) -> None:
        self.sim.port = port
        self.sim.connect()

    def asked(self) -> Asked:
        known = ((self.KINDS[one.type], one) for one in list(self.sim.received) if one.type in self.KINDS)
        return [(what, one.number(tag)) for (what, tag), one in known]

    def held(self) -> set[int]:
        return {serial for _, serial, _ in self.sim.held}

    def leave_unanswered(self, what: str) -> None:
        """All of them, until it comes back."""
        self.sim.mute.add(cbsp.WRITE_REPLACE if what == WRITE else cbsp.KILL)

    def forget(self) -> None:
        self.sim.held.clear()
        self.sim.restart = "lost"

    def go_away(self) -> None:
        self.sim.close()

    def come_back(self) -> None:
        self.sim.mute.clear()
        self.sim.connect()
        self.sim.restart = "available"

    def close(self) -> None:
        self.sim.close()


class Scripted(AnyPeer):
    """One of tests/peers."""
    sim: Any
    silence: Any = Answer(silent=True)
    requests: dict[str, str]

    def leave_unanswered(self, what: str) -> None:
        self.sim.script.next(self.requests[what], self.silence)

    def _asked(self, messages: list, serial_of: Callable[[Any], int]) -> Asked:
        names = {name: what for what, name in self.requests.items()}
        return [(names[one.name], serial_of(one)) for one in messages if one.name in names]

    def forget(self) -> None:
        self.sim.held.clear()

    def go_away(self) -> None:
        self.sim.go_away()

    def come_back(self) -> None:
        self.sim.script = Script()
        self.sim.come_back()

    def close(self) -> None:
        self.sim.close()


class OfRnc(Scripted):
    name, place = "rnc-1", {"technology": "umts", "lac": 2, "ci": 512}
    requests = {WRITE: rncsim.WRITE, STOP: rncsim.KILL}

    def __init__(self) -> None:
        self.sim = rncsim.Rnc([(2, 512)])
        self.sim.greet("available")
        self.config = {"protocol": "sabp", "role": "client", "address": f"127.0.0.1:{self.sim.listen()}",
                       "location_areas": ["2"]}

    def asked(self) -> Asked:
        messages = self.sim.received.all()
        return self._asked(messages, lambda one: one.number("New-Serial-Number") or one.number("Old-Serial-Number"))

    def held(self) -> set[int]:
        return {serial for _, serial, _ in self.sim.held}

    def forget(self) -> None:
        super().forget()
        self.sim.greet("lost")

    def come_back(self) -> None:
        super().come_back()
        self.sim.greet("available")


class OfMme(Scripted):
    name, place = "mme-1", {"technology": "lte", "ci": 0x0019b01}
    requests = {WRITE: mmesim.WRITE, STOP: mmesim.STOP}

    def __init__(self) -> None:
        self.sim = mmesim.Mme()
        self.config = {"protocol": "sbcap", "role": "client", "address": "127.0.0.1", "port": self.sim.listen(),
                       "udp_port": self.sim.udp_port, "tracking_areas": ["1"]}

    def asked(self) -> Asked:
        return self._asked(self.sim.received.all(), lambda one: mmesim.key_of(one)[1])

    def held(self) -> set[int]:
        return {serial for _, serial in self.sim.held}


class OfAmf(Scripted):
    name, place = "amf-1", {"technology": "nr", "ci": 0x10}
    requests = {WRITE: amfsim.WRITE, STOP: amfsim.CANCEL}
    silence = Reply(silent=True)

    def __init__(self) -> None:
        self.sim = amfsim.Amf()
        self.config = {"protocol": "n50", "uri": self.sim.root, "tracking_areas": ["2"]}

    def asked(self) -> Asked:
        transfers = [one for one in self.sim.received.all() if one.message is not None]
        return self._asked([one.message for one in transfers], lambda one: one.number("SerialNumber"))

    def leave_unanswered(self, what: str) -> None:
        self.sim.script.next(amfsim.TRANSFER, self.silence)  # whichever comes next

    def held(self) -> set[int]:
        return {serial for _, serial in self.sim.held}


QUICK = {"reconnect_first": "100ms", "reconnect_most": "500ms"}


def settings() -> dict[str, Any]:
    """Of cbcd, with short times: for a peer of each kind."""
    n50 = free_port()
    return {"cbsp": QUICK,
            "sabp": QUICK | {"request_timeout": "2s", "restart_wait": "300ms", "reset_timeout": "2s", "load_query": "1s"},
            "sbcap": QUICK | {"transport": "userland", "udp_port": free_udp_port(), "local": ["127.0.0.1"],
                              "request_timeout": "2s", "heartbeat": "300ms", "rto_min": "50ms", "rto_max": "1s",
                              "path_retransmissions": 2, "association_retransmissions": 3},
            "n50": QUICK | {"listen": f"127.0.0.1:{n50}", "callback": f"http://127.0.0.1:{n50}", "nf_instance": INSTANCE,
                            "request_timeout": "2s", "renew": "1s"}}
