#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which cells an area means: polygons, circles and areas by name against the operator's cell file, seen at BSCs."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from test_cbc import CbcCase, cell, decision, when  # noqa: E402

# A street of sites along 38.7 north, a hundredth of a degree (868 m) apart. Cell 200 looks east only.
TABLE = """technology;mcc;mnc;lac;tac;cell;name;lat;lon;azimuth;beam_width;range_m;emergency_area
gsm;001;01;1;;100;Harbour;38,70;-9,10;;;400;
gsm;001;01;1;;101;Market;38,70;-9,11;;;400;42
gsm;001;01;2;;200;Hill;38,70;-9,12;90;60;400;42
lte;001;01;;7;257;Hill;38,70;-9,12;;;400;
"""


def rectangle(south: float, west: float, north: float, east: float) -> dict:
    corners = [(south, west), (south, east), (north, east), (north, west), (south, west)]
    return {"points": [{"lat_e7": round(lat * 1e7), "lon_e7": round(lon * 1e7)} for lat, lon in corners]}


def circle(lat: float, lon: float, radius_m: int) -> dict:
    return {"lat_e7": round(lat * 1e7), "lon_e7": round(lon * 1e7), "radius_m": radius_m}


def tai(code: int) -> dict:
    return {"technology": "lte", "mcc": "001", "mnc": "01", "tac": code}


class Areas(CbcCase):
    table = TABLE

    def setUp(self) -> None:
        super().setUp()
        self.one, self.two = self.bsc(1).connect(), self.bsc(2).connect()
        self.up("bsc-1")
        self.up("bsc-2")

    def places(self, **lists) -> dict:
        return self.fresh(area={"kind": "places"} | lists)

    def alert(self, alert_id: str) -> dict:
        return self.cbc.control().get(f"/alerts/{alert_id}").json()

    def chosen(self, alert_id: str) -> dict[int, str]:
        return {one["cell"]["ci"]: one["chosen_by"] for one in self.alert(alert_id)["targets"]}

    def test_a_polygon_reaches_exactly_the_cells_that_touch_it(self) -> None:
        # From 300 m east of the market's mast to beyond the harbour: the market's cell reaches over the border, the hill's
        # does not.
        alert = self.send(self.places(polygons=[rectangle(38.69, -9.1065, 38.71, -9.05)]), wait_s=10)
        self.assertEqual(alert["cells"], 2)
        self.assertEqual(self.chosen(alert["alert_id"]), {100: "shape", 101: "shape"})
        self.assertEqual(sorted(self.one.wait_for(cbsp.WRITE_REPLACE).cells()), [100, 101])
        self.assertEqual(self.two.count(cbsp.WRITE_REPLACE), 0)

    def test_a_sector_is_where_its_antenna_looks(self) -> None:
        east = self.send(self.places(circles=[circle(38.70, -9.1170, 20)]), wait_s=10)
        self.assertEqual(self.chosen(east["alert_id"]), {200: "shape", 257: "shape"})
        self.assertEqual(self.two.wait_for(cbsp.WRITE_REPLACE).cells(), [200])
        west = self.send(self.places(circles=[circle(38.70, -9.1230, 20)]), wait_s=10)
        self.assertEqual(self.chosen(west["alert_id"]), {257: "shape"})  # all round, and of a peer that is not there
        self.assertEqual(self.two.count(cbsp.WRITE_REPLACE), 1)

    def test_a_polygon_without_a_cell_is_refused_with_a_sentence(self) -> None:
        problem = self.send(self.places(polygons=[rectangle(38, 9, 39, 10)]), status=422)
        self.assertEqual(problem["code"], "cells-unknown")
        self.assertIn("none of this operator's 4 cells is in the area, which is 1 shape", problem["detail"])

    def test_a_shape_that_is_none_is_refused_with_its_place(self) -> None:
        bow = rectangle(38, -10, 39, -9)
        bow["points"][1], bow["points"][2] = bow["points"][2], bow["points"][1]
        problem = self.send(self.places(polygons=[rectangle(38, -10, 39, -9), bow]), status=400)
        self.assertIn("/content/area/polygons/1 cannot be used: the outline crosses or touches itself near 38.5, -9.5",
                      problem["detail"])

    def test_areas_by_name_are_their_cells_and_unknown_ones_are_shown(self) -> None:
        body = self.places(tracking_areas=[tai(7), tai(9), {"technology": "gsm", "mcc": "001", "mnc": "01", "lac": 1}],
                           emergency_areas=[{"technology": "gsm", "mcc": "001", "mnc": "01", "emergency_area": 42}])
        alert = self.send(body, wait_s=10)
        self.assertEqual(alert["unknown_cells"], [tai(9)])
        self.assertEqual(self.chosen(alert["alert_id"]), {100: "area", 101: "area", 200: "emergency_area", 257: "area"})
        unknown = [one for one in self.alert(alert["alert_id"])["delivery"]["cells"] if one["state"] == "unknown_cell"]
        self.assertEqual([one["cell"] for one in unknown], [tai(9)])
        self.assertEqual(sorted(self.one.wait_for(cbsp.WRITE_REPLACE).cells()), [100, 101])
        self.assertEqual(self.two.wait_for(cbsp.WRITE_REPLACE).cells(), [200])

    def test_a_smaller_circle_needs_one_person_and_a_larger_one_two(self) -> None:
        body = self.places(circles=[circle(38.70, -9.11, 1000)])
        alert = self.send(body, wait_s=10)
        once = [decision("shrink", "ana")]
        larger = body | {"area": {"kind": "places", "circles": [circle(38.70, -9.11, 1001)]}}
        refused = self.send(larger, status=422, alert_id=alert["alert_id"], revision=2, decisions=once)
        self.assertEqual(refused["code"], "decisions-insufficient")
        smaller = body | {"area": {"kind": "places", "circles": [circle(38.70, -9.11, 100)]}}
        self.send(smaller, alert_id=alert["alert_id"], revision=2, decisions=once, wait_s=10)
        self.assertEqual(self.chosen(alert["alert_id"]), {101: "shape"})
        self.assertEqual(self.one.wait_for(cbsp.KILL).cells(), [100])
        self.assertEqual(self.two.wait_for(cbsp.KILL).cells(), [200])

    def test_a_new_cell_file_is_for_new_warnings(self) -> None:
        area = {"circles": [circle(38.70, -9.10, 100)]}
        before = self.send(self.places(**area), wait_s=10)
        table = self.site.folder / "cells.csv"
        table.write_text(TABLE.replace("38,70;-9,10;", "38,80;-9,10;") + "gsm;001;01;2;;201;Pier;38,70;-9,10;;;400;\n")
        self.cbc.reload()
        wait.until("the table is the new one", lambda: self.cbc.control().get("/cells").json()["total"] == 5)
        after = self.send(self.places(**area), wait_s=10)
        self.assertEqual(self.chosen(before["alert_id"]), {100: "shape"})
        self.assertEqual(self.chosen(after["alert_id"]), {201: "shape"})
        self.assertEqual(self.one.count(cbsp.KILL), 0)
        # A file with a mistake changes nothing.
        table.write_text(TABLE + "gsm;001;01;2;;70000;Pier;38,70;-9,10;;;400;\n")
        answer = self.cbc.control().post("/control/reload")
        self.assertNotEqual(answer.status, 200)
        self.assertIn("cells.csv:6", answer.text)
        self.assertEqual(self.cbc.control().get("/cells").json()["total"], 5)

    def test_an_area_survives_a_restart(self) -> None:
        alert = self.send(self.places(polygons=[rectangle(38.69, -9.1065, 38.71, -9.05)], cells=[cell(2, 200)]), wait_s=10)
        before = self.alert(alert["alert_id"])
        self.cbc.kill()
        self.cbc.start()
        after = self.alert(alert["alert_id"])
        self.assertEqual(after["content"], before["content"])
        self.assertEqual(after["targets"], before["targets"])
        self.assertEqual(after["digest"], before["digest"])

    def test_a_warning_keeps_its_cells_through_a_restart_with_another_cell_file(self) -> None:
        # The harbour has moved away, and a pier stands in its place.
        area = {"circles": [circle(38.70, -9.10, 100)]}
        body = self.places(**area)
        alert = self.send(body, wait_s=10)
        self.cbc.kill()
        table = self.site.folder / "cells.csv"
        table.write_text(TABLE.replace("38,70;-9,10;", "38,80;-9,10;") + "gsm;001;01;2;;201;Pier;38,70;-9,10;;;400;\n")
        self.cbc.start()
        self.assertEqual(self.cbc.control().get("/cells").json()["total"], 5)
        self.assertEqual(self.chosen(alert["alert_id"]), {100: "shape"})
        page = self.cbc.control().get(f"/alerts/{alert['alert_id']}/cells").json()
        self.assertEqual([(one["cell"]["ci"], one["chosen_by"]) for one in page["cells"]], [(100, "shape")])
        self.send(body | {"end": when(7200)}, alert_id=alert["alert_id"], revision=2)
        self.assertEqual(self.chosen(alert["alert_id"]), {201: "shape"})

    def test_cells_are_shown_with_the_ground_they_cover(self) -> None:
        rows = self.cbc.control().get("/cells").json()["cells"]
        self.assertEqual([one["footprint"]["source"] for one in rows], ["range", "range", "sector", "range"])
        self.assertEqual(rows[2]["footprint"], {"source": "sector", "range_m": 400, "azimuth": 90, "beam_width": 60})
        self.assertEqual((rows[3]["tac"], rows[3]["ci"], rows[3]["peer"]), (7, 257, None))


if __name__ == "__main__":
    unittest.main()
