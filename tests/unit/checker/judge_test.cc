// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/judge.h"

#include "tests/support/test.h"
#include "tests/unit/checker/made.h"

namespace checker {
namespace {

// A good history with its final reading.
History good() {
    Made made;
    made.write(0, 10, 5);
    made.read(20, 30, 5);
    History history = made.history();
    for (auto& one : history.operations) one.key = "r1";
    history.final_nodes = {"a", "b"};
    history.states = {{"a", "hash", 7}, {"b", "hash", 7}};
    return history;
}

Judgement judged(const History& history) { return judge(history, {}, FinalReading::kWanted); }

bool has(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

void judge_accepts_a_good_history() {
    CHECK(judged(good()).good());
    CHECK_EQ(judged(good()).objects, 1U);
}

void judge_takes_each_object_by_itself() {
    History history = good();
    history.operations.back().key = "r2";  // reads 5 in another register
    const auto judgement = judged(history);
    CHECK_EQ(judgement.violations.size(), 1U);
    CHECK(has(judgement.violations.front(), "register r2"));
}

void judge_wants_all_nodes_alike() {
    History history = good();
    history.states.back().hash = "other";
    CHECK_EQ(judged(history).losses.size(), 1U);
    history.states.pop_back();
    CHECK_EQ(judged(history).undecided.size(), 1U);
}

void judge_wants_a_final_reading_without_holes() {
    History history = good();
    history.read_failures = {"register.read r1 at b"};
    CHECK_EQ(judged(history).undecided.size(), 1U);
    history = good();
    history.final_nodes.clear();
    CHECK_EQ(judged(history).undecided.size(), 1U);
    CHECK(judge(history, {}, FinalReading::kOptional).good());
}

void judge_does_not_accept_a_history_of_nothing() { CHECK(!judge({}, {}, FinalReading::kOptional).good()); }

void judge_sees_what_a_counter_lost() {
    Made made;
    made.count(0, 10, 5, 5);
    made.count(20, 30, 7, 12);
    made.count(20, Made::kUnknown, 3);
    made.count_read(40, 50, 5);
    const auto judgement = judge(made.history(), {}, FinalReading::kOptional);
    CHECK_EQ(judgement.losses.size(), 1U);
    CHECK(has(judgement.losses.front(), "12 was acknowledged, 15 tried"));
}

void judge_sees_a_bank_without_its_total() {
    Made made;
    made.bank(0, 10, {{"x", 5}, {"y", 5}});
    made.bank_read(20, 30, {{"x", 5}, {"y", 6}});
    const auto judgement = judge(made.history(), {}, FinalReading::kOptional);
    CHECK_EQ(judgement.violations.size(), 1U);
    CHECK(has(judgement.violations.front(), "the total is not what it was"));
}

// Shows the culprit, what is certain before it and who wrote what; not the reads that do not matter.
void judge_shows_the_shortest_contradiction() {
    Made made;
    for (int64_t i = 0; i < 50; ++i) made.write(i * 10, i * 10 + 5, i);
    made.write(1000, 1100, 77);
    for (int64_t i = 0; i < 20; ++i) made.read(1001 + i, 1050 + i, 49);
    made.read(1200, 1210, 49);
    const auto judgement = judge(made.history(), {}, FinalReading::kOptional);
    CHECK_EQ(judgement.violations.size(), 1U);
    const std::string& text = judgement.violations.front();
    CHECK(has(text, "> "));
    CHECK(has(text, "the state is certain: "));
    CHECK(has(text, "the state is 77, and \"register.read -> 49\" cannot come next"));
    CHECK(std::count(text.begin(), text.end(), '\n') < 16);
}

}  // namespace
}  // namespace checker

using namespace checker;
GROUP(judge, CASE(judge_accepts_a_good_history), CASE(judge_takes_each_object_by_itself),
      CASE(judge_wants_all_nodes_alike), CASE(judge_wants_a_final_reading_without_holes),
      CASE(judge_does_not_accept_a_history_of_nothing), CASE(judge_sees_what_a_counter_lost),
      CASE(judge_sees_a_bank_without_its_total), CASE(judge_shows_the_shortest_contradiction))
