// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which answers mean that nothing happened, and which that nobody knows: a wrong row here makes the checker
// wrong.
#include "tests/cluster/workload/api.h"

#include "tests/support/test.h"

namespace workload {
namespace {

const Planned kAdd{checker::Kind::kCounterAdd, "c1", {{"by", 5}}};
const Planned kRead{checker::Kind::kRegisterRead, "r1", nlohmann::json::object()};

Answer::Kind kind_of(const Planned& planned, int status, const std::string& body) {
    http::Response response;
    response.status = status;
    response.body = body;
    return answer_of(planned, response).kind;
}

void api_good_answers_are_ok() {
    CHECK_EQ(kind_of(kAdd, 200, R"({"value":5})"), Answer::Kind::kOk);
    CHECK_EQ(kind_of(kRead, 200, R"({"value":null,"age_ms":0})"), Answer::Kind::kOk);
}

void api_refusals_changed_nothing() {
    CHECK_EQ(kind_of(kAdd, 409, R"({"code":"conflict"})"), Answer::Kind::kRefused);
    CHECK_EQ(kind_of(kAdd, 507, R"({"code":"full"})"), Answer::Kind::kRefused);
    CHECK_EQ(kind_of(kAdd, 503, R"({"code":"not-leader"})"), Answer::Kind::kNotLeader);
    CHECK_EQ(answer_of(kAdd, base::Error{base::ErrorKind::kUnavailable, ""}).kind, Answer::Kind::kNotLeader);
}

void api_everything_else_is_not_known() {
    CHECK_EQ(kind_of(kAdd, 503, R"({"code":"outcome-unknown"})"), Answer::Kind::kUnknown);
    CHECK_EQ(kind_of(kAdd, 503, R"({"code":"draining"})"), Answer::Kind::kStrange);
    CHECK_EQ(kind_of(kAdd, 500, ""), Answer::Kind::kStrange);
    CHECK_EQ(kind_of(kAdd, 200, "<html>"), Answer::Kind::kStrange);
    CHECK_EQ(kind_of(kAdd, 200, "{}"), Answer::Kind::kStrange);
    CHECK_EQ(answer_of(kAdd, base::Error{base::ErrorKind::kTimeout, ""}).kind, Answer::Kind::kTimeout);
}

void api_changes_carry_their_key_and_reads_do_not() {
    const auto change = request_of(kAdd, "https://n1:1", Read::kConsistent, "key-7");
    CHECK_EQ(change.url, "https://n1:1/kv/counters/c1/add");
    CHECK_EQ(change.body, R"({"by":5})");
    CHECK_EQ(change.headers.back().second, "key-7");
    CHECK_EQ(request_of(kRead, "https://n1:1", Read::kConsistent, "key-7").url,
             "https://n1:1/kv/registers/r1?consistent=1");
    CHECK_EQ(request_of(kRead, "https://n1:1", Read::kLocal, "").url, "https://n1:1/kv/registers/r1");
    CHECK(request_of(kRead, "https://n1:1", Read::kLocal, "").headers.empty());
}

}  // namespace
}  // namespace workload

using namespace workload;
GROUP(workload_api, CASE(api_good_answers_are_ok), CASE(api_refusals_changed_nothing),
      CASE(api_everything_else_is_not_known), CASE(api_changes_carry_their_key_and_reads_do_not))
