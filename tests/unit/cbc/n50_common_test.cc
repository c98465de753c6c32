// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/n50_common.h"

#include <nlohmann/json.hpp>

#include "common/json/parse.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const PlmnId kTest = *PlmnId::parse("001", "01");

template <class T>
struct Reading {
    std::vector<T> values;
    std::string problems;
};

Reading<RanNode> nodes_in(const std::string& text) {
    const auto parsed = json::parse("{\"l\":" + text + "}");
    CHECK_OK(parsed);
    json::Problems problems;
    json::Object object(*parsed, problems);
    auto nodes = n50::read_nodes(object, "l");
    return {std::move(nodes), problems.text()};
}

Reading<Tai5gs> tais_in(const std::string& text) {
    const auto parsed = json::parse("{\"l\":" + text + "}");
    CHECK_OK(parsed);
    json::Problems problems;
    json::Object object(*parsed, problems);
    auto tais = n50::read_tais(object, "l");
    return {std::move(tais), problems.text()};
}

void a_tracking_area_has_six_digits() {
    CHECK_EQ(json::dump(n50::to_json(Tai5gs{kTest, 0x2a})),
             R"({"plmnId":{"mcc":"001","mnc":"01"},"tac":"00002a"})");
    const auto read = tais_in(R"([{"plmnId":{"mcc":"001","mnc":"01"},"tac":"00002A"},
                                  {"plmnId":{"mcc":"001","mnc":"01"},"tac":"002a"}])");
    CHECK_EQ(read.problems, "");
    CHECK(read.values == std::vector<Tai5gs>(2, Tai5gs{kTest, 0x2a}));
}

void a_tracking_area_that_is_wrong_is_named() {
    for (const char* tac : {"00002", "0x2a", "00002g", "", "1234567", " 1234"}) {
        const auto read =
            tais_in(R"([{"plmnId":{"mcc":"001","mnc":"01"},"tac":")" + std::string(tac) + "\"}]");
        CHECK(read.problems.find("/l/0/tac") != std::string::npos);
    }
    CHECK(tais_in(R"([{"plmnId":{"mcc":"01","mnc":"01"},"tac":"0001"}])").problems.find("/l/0/plmnId") !=
          std::string::npos);
    CHECK(tais_in(R"([{"tac":"0001"}])").problems.find("/l/0/plmnId") != std::string::npos);
}

void nodes_go_there_and_back() {
    const std::vector<RanNode> nodes{GnbId{kTest, 0x2a, 22}, GnbId{kTest, 0xffffffff, 32},
                                     NgEnbId{kTest, 0xabcde, 20}, NgEnbId{kTest, 0x3ffff, 18},
                                     NgEnbId{kTest, 0x1fffff, 21}};
    nlohmann::json list;
    for (const RanNode& node : nodes) list.push_back(n50::to_json(node));
    CHECK_EQ(list[0]["gNbId"]["gNBValue"].get<std::string>(), "00002a");
    CHECK_EQ(list[2]["ngeNbId"].get<std::string>(), "MacroNGeNB-abcde");
    CHECK_EQ(list[4]["ngeNbId"].get<std::string>(), "LMacroNGeNB-1fffff");
    const auto read = nodes_in(json::dump(list));
    CHECK_EQ(read.problems, "");
    CHECK(read.values == nodes);
}

void nodes_that_broadcast_nothing_are_passed_over() {
    const auto read = nodes_in(R"([{"plmnId":{"mcc":"001","mnc":"01"},"n3IwfId":"ab"},
                                   {"plmnId":{"mcc":"001","mnc":"01"},"eNbId":"MacroeNB-12345"}])");
    CHECK_EQ(read.problems, "");
    CHECK(read.values.empty());
}

void a_node_that_is_wrong_is_named() {
    const auto wrong = [](const std::string& id) {
        return !nodes_in(R"([{"plmnId":{"mcc":"001","mnc":"01"},)" + id + "}]").problems.empty();
    };
    CHECK(wrong(R"("gNbId":{"bitLength":21,"gNBValue":"000001"})"));
    CHECK(wrong(R"("gNbId":{"bitLength":22,"gNBValue":"400000"})"));  // 23 bits
    CHECK(wrong(R"("gNbId":{"bitLength":22,"gNBValue":"00001"})"));
    CHECK(wrong(R"("ngeNbId":"MacroNGeNB-abcd")"));
    CHECK(wrong(R"("ngeNbId":"SMacroNGeNB-40000")"));
    CHECK(wrong(R"("ngeNbId":"eNB-00001")"));
    CHECK(!wrong(R"("gNbId":{"bitLength":22,"gNBValue":"3fffff"})"));
}

}  // namespace

GROUP(n50_common, CASE(a_tracking_area_has_six_digits), CASE(a_tracking_area_that_is_wrong_is_named),
      CASE(nodes_go_there_and_back), CASE(nodes_that_broadcast_nothing_are_passed_over),
      CASE(a_node_that_is_wrong_is_named))
