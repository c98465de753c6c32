// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_row.h"

#include "cbc/domain/csv.h"
#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const std::string kAll =
    "technology,mcc,mnc,lac,tac,cell,name,lat,lon,azimuth,beam_width,range_m,emergency_area,node,node_bits\n";

base::Result<CellRow> read(const std::string& text) {
    CsvReader reader(text);
    CHECK(reader.next());
    const auto columns = CellColumns::parse(reader.fields(), reader.separator());
    if (!columns) return columns.error();
    CHECK(reader.next() && !reader.broken());
    return columns->read(reader.fields());
}

CellRow good(const std::string& row) {
    auto read_row = read(kAll + row);
    CHECK_OK(read_row);
    return *read_row;
}

// Why the row is refused.
std::string wrong(const std::string& row) {
    const auto read_row = read(kAll + row);
    return read_row ? "nothing" : read_row.error().text;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

void every_technology_names_its_cells() {
    CHECK_EQ(good("gsm,001,01,23,,6969,,0,0,,,,,,").identity.text(), "gsm:001-01:23:6969");
    CHECK_EQ(good("umts,001,01,23,,512,,0,0,,,,,,").identity.text(), "umts:001-01:23:512");
    const CellRow lte = good("lte,001,001,,7,41217,Mast 1,38.7,-9.1,,,,42,161,");
    CHECK_EQ(lte.identity.text(), "lte:001-001:000a101");
    CHECK_EQ(lte.area()->text(), "lte:001-001:tac:7");
    CHECK_EQ(lte.emergency_place()->text(), "lte:001-001:ea:00002a");
    CHECK(lte.node->kind == RadioNode::Kind::kEnb);
    CHECK_EQ(lte.node->value, 161U);
    CHECK_EQ(static_cast<int>(lte.node->bits), 20);
    const CellRow nr = good("nr,001,01,,70000,0x000004001,,0,0,,,,0xffffff,1,22");
    CHECK_EQ(nr.identity.text(), "nr:001-01:000004001");
    CHECK_EQ(nr.area()->text(), "nr:001-01:tac:70000");
    CHECK(nr.node->kind == RadioNode::Kind::kGnb);
    CHECK_EQ(*nr.emergency_area, 0xffffffU);
    CHECK(!good("nr,001,01,,,1,,0,0,,,,,,").area());
}

void the_columns_may_stand_in_any_order_and_under_known_names() {
    const auto row = read(
        "Longitude;LATITUDE;name;NCI;Beam Width;azimuth;tac;mnc;mcc;technology;height_m\n"
        "-9,1393;38,7223;\"a;b\";16;65;350;5;01;001;nr;30\n");
    CHECK_OK(row);
    CHECK_EQ(row->identity.text(), "nr:001-01:000000010");
    CHECK_EQ(row->lat_e7, 387'223'000);
    CHECK_EQ(row->lon_e7, -91'393'000);
    CHECK_EQ(row->name, "a;b");
    CHECK_EQ(*row->tracking_area, 5U);
    CHECK(row->footprint == geo::Footprint(geo::Sector{{387'223'000, -91'393'000}, 350, 65, 3'000}));
}

void one_column_of_areas_serves_all() {
    const auto row = read("technology,mcc,mnc,lac,ci,name,lat,lon\nlte,001,01,9,257,x,0,0\n");
    CHECK_OK(row);
    CHECK_EQ(row->area()->text(), "lte:001-01:tac:9");
}

void a_first_line_that_is_none_is_told() {
    const auto sentence = [](const std::string& head) { return read(head + "\n").error().text; };
    CHECK(has(sentence("technology,mcc,mnc,lac,ci,name,lat,lon,beemwidth"), "\"beemwidth\" is not known"));
    CHECK(has(sentence("technology,mcc,mnc,lac,ci,cell,lat,lon"), "\"cell\" stands twice"));
    CHECK(has(sentence("technology,mcc,mnc,lac,name,lat,lon"), "no column \"cell\""));
    CHECK(has(sentence("gsm,001,01,1,1,x,0,0"), "\"gsm\" is not known"));
}

void the_footprint_is_the_best_that_the_file_allows() {
    const geo::Point site{387'000'000, -91'000'000};
    const auto of = [&](const std::string& tail) {
        return good("gsm,001,01,1,,1,,38.7,-9.1," + tail + ",,,");
    };
    CHECK(of("90,65,2000").footprint == geo::Footprint(geo::Sector{site, 90, 65, 2'000}));
    CHECK_EQ(to_string(of("90,65,2000").footprint_source), "sector");
    CHECK(of("360,65,").footprint == geo::Footprint(geo::Sector{site, 0, 65, 10'000}));
    CHECK(of("90,,").footprint == geo::Footprint(geo::Sector{site, 90, kAssumedBeam_deg, 10'000}));
    CHECK(of(",,2000").footprint == geo::Footprint(geo::Circle{site, 2'000}));
    CHECK_EQ(to_string(of(",,2000").footprint_source), "range");
    CHECK(of("90,360,2000").footprint == geo::Footprint(geo::Circle{site, 2'000}));
    CHECK(of(",,").footprint == geo::Footprint(geo::Circle{site, 10'000}));
    CHECK_EQ(to_string(of(",,").footprint_source), "assumed");
    CHECK(good("lte,001,01,,1,1,,38.7,-9.1,,,,,,").footprint == geo::Footprint(geo::Circle{site, 5'000}));
    const CellRow pole = good("gsm,001,01,1,,1,,90,0,,,,,,");
    CHECK(pole.footprint == geo::Footprint(geo::Point{geo::kLatitudeMost, 0}));
    CHECK_EQ(to_string(pole.footprint_source), "site");
}

void a_broken_field_is_told_by_name() {
    CHECK(has(wrong("wifi,001,01,1,,1,,0,0,,,,,,"), "technology \"wifi\" is not known"));
    CHECK(has(wrong("gsm,1,01,1,,1,,0,0,,,,,,"), "MCC \"1\""));
    CHECK(has(wrong("gsm,001,01,65536,,1,,0,0,,,,,,"), "lac \"65536\" is not a number of 16 bits"));
    CHECK(has(wrong("gsm,001,01,,,1,,0,0,,,,,,"), "lac \"\" is not a number of 16 bits"));
    CHECK(has(wrong("gsm,001,01,1,,65536,,0,0,,,,,,"), "cell \"65536\" is not a number of 16 bits"));
    CHECK(has(wrong("lte,001,01,,1,0x10000000,,0,0,,,,,,"), "is not a number of 28 bits"));
    CHECK(has(wrong("nr,001,01,,16777216,1,,0,0,,,,,,"), "tac \"16777216\" is not a number of 24 bits"));
    CHECK(has(wrong("gsm,001,01,1,,-1,,0,0,,,,,,"), "cell \"-1\""));
    CHECK(has(wrong("gsm,001,01,1,,1,,91,0,,,,,,"), "lat \"91\" is not degrees from -90 to 90"));
    CHECK(has(wrong("gsm,001,01,1,,1,,0,180.1,,,,,,"), "lon \"180.1\""));
    CHECK(has(wrong("gsm,001,01,1,,1," + std::string(257, 'x') + ",0,0,,,,,,"), "longer than 256"));
    CHECK(has(wrong("gsm,001,01,1,,1,\xff,0,0,,,,,,"), "is not UTF-8"));
    CHECK(has(wrong("gsm,001,01,1,,1,,0,0,361,,,,,"), "azimuth \"361\""));
    CHECK(has(wrong("gsm,001,01,1,,1,,0,0,,65,,,,"), "beam_width \"65\" needs an azimuth"));
    CHECK(has(wrong("gsm,001,01,1,,1,,0,0,,,200001,,,"), "a range of 200001 m"));
    CHECK(has(wrong("gsm,001,01,1,,1,,0,0,,,,16777216,,"), "emergency_area \"16777216\""));
    CHECK(has(wrong("gsm,001,01,1,,1,,0,0,,,,,1,"), "node \"1\" belongs to LTE and NR"));
    CHECK(has(wrong("lte,001,01,,1,41217,,0,0,,,,,162,"), "is not the beginning of cell lte:001-01:000a101"));
    CHECK(has(wrong("lte,001,01,,1,41217,,0,0,,,,,161,22"), "18, 20, 21 or 28 bits"));
    CHECK(has(wrong("nr,001,01,,1,1,,0,0,,,,,0,"), "22 to 32 bits"));
    CHECK_EQ(wrong("gsm,001,01,1,1,x,0,0"), "8 fields instead of 15");
}

}  // namespace

GROUP(cell_row, CASE(every_technology_names_its_cells),
      CASE(the_columns_may_stand_in_any_order_and_under_known_names), CASE(one_column_of_areas_serves_all),
      CASE(a_first_line_that_is_none_is_told), CASE(the_footprint_is_the_best_that_the_file_allows),
      CASE(a_broken_field_is_told_by_name))
