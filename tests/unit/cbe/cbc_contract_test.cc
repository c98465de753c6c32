// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/net/cbc_contract.h"

#include <nlohmann/json.hpp>

#include "tests/support/test.h"

namespace {

using cbe::Request;
using cbe::Taking;
using Json = nlohmann::json;

Json alert_body() {
    return Json::parse(
        R"({"alert_id":"01900000-0000-7000-8000-000000000001","revision":2,"state":"broadcasting",
        "more":1,
        "delivery":{"peers":[{"peer":"bsc-1","state":"accepted","since":"2026-11-21T10:00:00Z"}],
        "cells":[{"cell":{"technology":"gsm","mcc":"001","mnc":"01","lac":1,"ci":6969},"state":"refused",
                  "cause":"cell-broadcast-not-operational","since":"2026-11-21T10:00:01Z"}]}})");
}

void an_alert_is_read_with_peers_and_cells_and_what_is_new_is_skipped() {
    const auto answer = cbe::parse_alert(alert_body().dump(), "north");
    CHECK_OK(answer);
    CHECK_EQ(answer->next_cells, "");
    const cbe::CbcDelivery* read = &answer->delivery;
    CHECK_EQ(read->cbc, "north");
    CHECK_EQ(read->state, "broadcasting");
    CHECK_EQ(read->revision, 2U);
    CHECK_EQ(read->peers.size(), 1U);
    CHECK(read->peers[0].state == cbe::DeliveryState::kAccepted);
    CHECK_EQ(read->cells[0].cell.text(), "gsm:001-01:1:6969");
    CHECK(read->cells[0].state == cbe::DeliveryState::kRefused);
    CHECK_EQ(read->cells[0].cause, "cell-broadcast-not-operational");
    CHECK_EQ(base::to_rfc3339(read->cells[0].since), "2026-11-21T10:00:01Z");
}

void cells_of_every_generation_are_read_and_areas_passed_over() {
    Json body = alert_body();
    Json& cells = body["delivery"]["cells"];
    const auto add = [&](const char* cell) {
        Json one = cells[0];
        one["cell"] = Json::parse(cell);
        cells.push_back(one);
    };
    add(R"({"technology":"lte","mcc":"001","mnc":"01","tac":1})");
    add(R"({"technology":"umts","mcc":"001","mnc":"01","lac":2,"ci":512})");
    add(R"({"technology":"lte","mcc":"001","mnc":"01","ci":105217})");
    add(R"({"technology":"nr","mcc":"001","mnc":"01","ci":68719476735})");
    const auto answer = cbe::parse_alert(body.dump(), "north");
    CHECK_OK(answer);
    const cbe::CbcDelivery* read = &answer->delivery;
    CHECK_EQ(read->cells.size(), 4U);
    CHECK_EQ(read->cells[1].cell.text(), "umts:001-01:2:512");
    CHECK_EQ(read->cells[2].cell.text(), "lte:001-01:0019b01");
    CHECK_EQ(read->cells[3].cell.text(), "nr:001-01:fffffffff");
}

void what_cannot_be_understood_is_refused_whole_and_named() {
    const auto fails_at = [](const char* pointer, const Json& value) {
        Json body = alert_body();
        body[Json::json_pointer(pointer)] = value;
        const auto read = cbe::parse_alert(body.dump(), "north");
        CHECK(!read);
        CHECK(read.error().text.find(pointer) != std::string::npos);
    };
    fails_at("/delivery/cells/0/state", "levitating");
    fails_at("/delivery/cells/0/since", "yesterday");
    fails_at("/delivery/cells/0/cell/ci", cbe::kLargestCellNumber + 1);
    fails_at("/delivery/cells/0/cell",
             {{"technology", "gsm"}, {"mcc", "001"}, {"mnc", "01"}, {"lac", 1}, {"ci", 65'536}});
    fails_at("/delivery/peers/0/state", 7);
    fails_at("/revision", 65'536);
    fails_at("/delivery", Json::array());
    CHECK(!cbe::parse_alert("", "north"));
    CHECK(!cbe::parse_alert("[]", "north"));
}

void many_cells_are_read_page_by_page() {
    Json body = alert_body();
    body["delivery"]["next_cells"] = "gsm:001-01:1:6969";
    auto answer = cbe::parse_alert(body.dump(), "north");
    CHECK_OK(answer);
    CHECK_EQ(answer->next_cells, "gsm:001-01:1:6969");
    Json page{{"total", 2}, {"cells", body["delivery"]["cells"]}, {"next_cells", nullptr}};
    CHECK_EQ(*cbe::add_cells(page.dump(), answer->delivery), "");
    CHECK_EQ(answer->delivery.cells.size(), 2U);
    page["next_cells"] = "gsm:001-01:1:7000";
    CHECK_EQ(*cbe::add_cells(page.dump(), answer->delivery), "gsm:001-01:1:7000");
    page["cells"] = Json::array();
    CHECK(!cbe::add_cells(page.dump(), answer->delivery));  // would not end
    page["next_cells"] = "x HTTP/1.1";
    CHECK(!cbe::add_cells(page.dump(), answer->delivery));
}

void peers_are_read_and_only_up_is_up() {
    const auto read = cbe::parse_peers(
        R"({"peers":[{"name":"bsc-1","protocol":"cbsp","state":"up","since":"2026-11-21T10:00:00Z"},
                     {"name":"bsc-2","protocol":"cbsp","state":"connecting","since":"2026-11-21T10:00:00Z"}]})");
    CHECK_OK(read);
    CHECK_EQ(read->size(), 2U);
    CHECK((*read)[0].up && !(*read)[1].up);
    CHECK(!cbe::parse_peers(R"({"peers":[{"name":"bsc-1"}]})"));
}

void an_event_names_its_alert() {
    const auto id = cbe::parse_alert_event(R"({"alert_id":"01900000-0000-7000-8000-000000000001"})");
    CHECK_OK(id);
    CHECK_EQ(id->text(), "01900000-0000-7000-8000-000000000001");
    CHECK(!cbe::parse_alert_event(R"({"alert_id":"one"})"));
    CHECK(!cbe::parse_alert_event("{}"));
}

void answers_are_taken_refused_or_tried_again() {
    const auto taking = [](int status, const char* code, Request request) {
        return cbe::judge(http::Response::problem(status, code, "because"), request).taking;
    };
    CHECK(cbe::judge(http::Response::json(202, "{}"), Request::kSend).taking == Taking::kTaken);
    for (const int status : {500, 503, 408, 429})
        CHECK(taking(status, "busy", Request::kSend) == Taking::kTryAgain);
    for (const int status : {200, 400, 403, 404, 409, 422})
        CHECK(taking(status, "no", Request::kSend) == Taking::kRefused);
    CHECK(taking(404, "alert-unknown", Request::kStop) == Taking::kTaken);
    CHECK(taking(404, "alert-unknown", Request::kSend) == Taking::kRefused);
    CHECK(taking(404, "not-found", Request::kStop) == Taking::kRefused);
    const base::Result<http::Response> lost = base::Error{base::ErrorKind::kTimeout, "no answer"};
    CHECK(cbe::judge(lost, Request::kSend).taking == Taking::kTryAgain);
    CHECK_EQ(cbe::judge(lost, Request::kSend).why, "no answer");
}

void a_refusal_says_why_and_never_more_than_500_octets() {
    CHECK_EQ(cbe::judge(http::Response::problem(403, "no", "no such code"), Request::kSend).why,
             "no such code");
    CHECK_EQ(cbe::judge(http::Response::text(403, "<html>"), Request::kSend).why, "status 403");
    const std::string endless(10'000, 'x');
    CHECK_EQ(cbe::judge(http::Response::problem(403, "no", endless), Request::kSend).why.size(), 500U);
}

}  // namespace

GROUP(cbc_contract, CASE(an_alert_is_read_with_peers_and_cells_and_what_is_new_is_skipped),
      CASE(cells_of_every_generation_are_read_and_areas_passed_over),
      CASE(what_cannot_be_understood_is_refused_whole_and_named), CASE(peers_are_read_and_only_up_is_up),
      CASE(many_cells_are_read_page_by_page), CASE(an_event_names_its_alert),
      CASE(answers_are_taken_refused_or_tried_again), CASE(a_refusal_says_why_and_never_more_than_500_octets))
