// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/verdict.h"

#include <nlohmann/json.hpp>

#include "packaging/farolctl/answer.h"
#include "tests/support/test.h"

namespace {

using ctl::Verdict;

std::string body(const std::string& status, const std::string& checks) {
    return R"({"daemon":"cbc","program":"cbcd","version":"0.1.0","commit":"x","pid":7,"started_at":"x","uptime_s":65,)"
           R"("phase":"serving","status":")" +
           status + R"(","checks":[)" + checks + R"(],"listeners":{},"config":"x","log":{}})";
}

void a_daemon_that_is_well_has_no_reasons() {
    const auto status =
        ctl::read_status(body("ok", R"({"name":"store","status":"ok","since":"x","hint":""})"));
    CHECK_OK(status);
    CHECK(status->verdict == Verdict::kOk);
    CHECK(status->reasons.empty());
    CHECK_EQ(ctl::text_of({*status}),
             "OK\ndaemon  state  phase    up     pid  version\ncbc     OK     serving  1 min  7    0.1.0\n");
}

void what_is_wrong_is_a_reason() {
    const auto status = ctl::read_status(
        body("degraded", R"({"name":"bsc-1","status":"degraded","since":"x","hint":"not connected"})"));
    CHECK_OK(status);
    CHECK(status->verdict == Verdict::kDegraded);
    CHECK(ctl::text_of({*status}).ends_with("  cbc: bsc-1: not connected\n"));
}

void a_daemon_of_a_cluster_says_what_it_is_there() {
    std::string text = body("ok", "");
    text.insert(1, R"("cluster":"follows vm-b",)");
    const auto status = ctl::read_status(text);
    CHECK_OK(status);
    CHECK(ctl::text_of({*status}).ends_with("  cbc: in its cluster: follows vm-b\n"));
}

void the_worst_daemon_decides() {
    const auto good = ctl::read_status(body("ok", ""));
    const auto worse = ctl::read_status(body("degraded", ""));
    CHECK(ctl::overall({*good, *good}) == Verdict::kOk);
    CHECK(ctl::overall({*good, *worse}) == Verdict::kDegraded);
    CHECK(ctl::overall({*good, ctl::silent("cbe", base::invalid("why")), *worse}) == Verdict::kDown);
    CHECK(ctl::overall({}) == Verdict::kDown);
}

void an_answer_that_is_no_status_is_refused() {
    CHECK(!ctl::read_status("{}"));
    CHECK(!ctl::read_status("no JSON"));
    CHECK(!ctl::read_status(body("splendid", "")));
}

void the_json_form_says_the_same() {
    const auto json = ctl::json_of({ctl::silent("cbe", base::invalid("nobody there"))});
    CHECK_EQ(json["verdict"].get<std::string>(), "DOWN");
    CHECK_EQ(json["daemons"][0]["reasons"][0].get<std::string>(), "does not answer: nobody there");
}

void durations_are_short() {
    CHECK_EQ(ctl::duration_text(7), "7 s");
    CHECK_EQ(ctl::duration_text(719), "11 min");
    CHECK_EQ(ctl::duration_text(7200 + 60), "2 h 1 min");
    CHECK_EQ(ctl::duration_text(86400 * 3 + 3600 * 4), "3 d 4 h");
}

struct ExitRow {
    int status;
    ctl::ExitCode code;
};

void refusals_keep_their_sentence_and_get_their_exit_code() {
    const auto refusal = http::Response::problem(409, "status", "The alert is over.");
    const auto answer = ctl::Answer::of(refusal);
    CHECK_EQ(answer.text, "The alert is over.");
    CHECK(answer.code == ctl::ExitCode::kRefused);
    CHECK_EQ(nlohmann::json::parse(answer.json)["error"]["code"].get<std::string>(), "status");
    constexpr std::array kRows{ExitRow{403, ctl::ExitCode::kRefused}, ExitRow{404, ctl::ExitCode::kNotFound},
                               ExitRow{422, ctl::ExitCode::kRefused}, ExitRow{500, ctl::ExitCode::kFailed},
                               ExitRow{503, ctl::ExitCode::kFailed},  ExitRow{504, ctl::ExitCode::kTimeout}};
    for (const ExitRow& row : kRows) CHECK(ctl::exit_code_of_status(row.status) == row.code);
    CHECK_EQ(ctl::Answer::of(http::Response::text(500, "<html>")).text,
             "the daemon answered 500 Internal Server Error");
}

}  // namespace

GROUP(verdict, CASE(a_daemon_that_is_well_has_no_reasons), CASE(what_is_wrong_is_a_reason),
      CASE(a_daemon_of_a_cluster_says_what_it_is_there), CASE(the_worst_daemon_decides),
      CASE(an_answer_that_is_no_status_is_refused), CASE(the_json_form_says_the_same),
      CASE(durations_are_short), CASE(refusals_keep_their_sentence_and_get_their_exit_code))
