// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/history.h"

#include <sstream>

#include "tests/support/test.h"

namespace checker {
namespace {

const std::string kInvoke =
    R"({"e":"invoke","id":1,"process":7,"at":100,"node":"b","op":"register.cas","key":"r1","args":{"from":null,"to":5}})"
    "\n";

base::Result<History> read(const std::string& text) {
    std::istringstream input(text);
    return read_history(input);
}

void history_joins_invocation_and_return() {
    const auto history = read(
        kInvoke + R"({"e":"return","id":1,"at":200,"outcome":"refused","reason":"cas-mismatch"})" + "\n");
    CHECK_OK(history);
    CHECK_EQ(history->operations.size(), 1U);
    const Operation& one = history->operations.front();
    CHECK_EQ(one.kind, Kind::kRegisterCas);
    CHECK(!one.from.has_value());
    CHECK_EQ(one.value, 5);
    CHECK_EQ(one.returned, 200);
    CHECK_EQ(one.outcome, Outcome::kRefused);
    CHECK_EQ(describe(one), "register.cas nothing to 5 -> refused (cas-mismatch)");
}

void history_without_a_return_is_of_unknown_outcome() {
    for (const char* last : {"", R"({"e":"return","id":1,"at":200,"outcome":"timeout","reason":""})",
                             R"({"e":"return","id":1,"at":200,"outcome":"unknown","reason":""})"}) {
        const auto history = read(kInvoke + last + "\n");
        CHECK_OK(history);
        CHECK_EQ(history->operations.front().outcome, Outcome::kUnknown);
        CHECK_EQ(history->operations.front().returned, kNever);
        CHECK(!history->torn);
    }
}

void history_torn_at_its_end_is_read() {
    const auto history = read(kInvoke + R"({"e":"return","id":1,"at":200,"outc)");
    CHECK_OK(history);
    CHECK(history->torn);
    CHECK_EQ(history->operations.front().outcome, Outcome::kUnknown);
}

void history_damaged_elsewhere_is_refused() {
    const std::string ok = R"({"e":"return","id":1,"at":200,"outcome":"ok"})";
    for (const std::string& bad : {std::string("{\n") + kInvoke, kInvoke + kInvoke, ok + "\n",
                                   kInvoke + R"({"e":"return","id":1,"at":99,"outcome":"ok"})" + "\n",
                                   kInvoke + R"({"e":"return","id":1,"at":200,"outcome":"perhaps"})" + "\n",
                                   std::string(R"({"e":"invoke","id":"x"})") + "\n"}) {
        CHECK(!read(bad));
    }
}

}  // namespace
}  // namespace checker

using namespace checker;
GROUP(history, CASE(history_joins_invocation_and_return),
      CASE(history_without_a_return_is_of_unknown_outcome), CASE(history_torn_at_its_end_is_read),
      CASE(history_damaged_elsewhere_is_refused))
