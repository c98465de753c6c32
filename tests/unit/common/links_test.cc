// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/links.h"

#include <optional>

#include "tests/support/links.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using test::Answered;
using test::Cluster;

const base::Bytes kQuestion{1, 2, 3};

void echo(const replica::NodeName&, base::Bytes request, const replica::Calls::Answer& answer) {
    answer(std::move(request));
}

void a_call_is_answered_by_the_other_node() {
    Cluster cluster;
    replica::NodeName from;
    cluster.add("a");
    cluster.add("b").serve("echo",
                           [&](const replica::NodeName& who, base::Bytes request, const auto& answer) {
                               from = who;
                               answer(std::move(request));
                           });
    cluster.acquaint();
    const Answered answered = cluster.call("a", "b", "echo", kQuestion);
    CHECK_OK(*answered);
    CHECK(**answered == kQuestion);
    CHECK_EQ(from, "a");
}

void the_largest_call_goes_through_and_a_larger_one_is_refused() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b").serve("echo", echo);
    cluster.node("b").serve("large", [](const auto&, const auto&, const auto& answer) {
        answer(base::Bytes(replica::kCallOctetsMax + 1, 7));
    });
    cluster.acquaint();
    const base::Bytes most(replica::kCallOctetsMax, 9);
    const Answered answered = cluster.call("a", "b", "echo", most);
    CHECK_OK(*answered);
    CHECK(**answered == most);
    CHECK_EQ(cluster.call("a", "b", "echo", base::Bytes(most.size() + 1, 9))->error().kind,
             ErrorKind::kLimit);
    CHECK_EQ(cluster.call("a", "b", "large", {})->error().kind, ErrorKind::kLimit);
}

void an_error_of_the_handler_travels_with_its_kind_and_text() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b").serve("no", [](const auto&, const auto&, const auto& answer) {
        answer(base::conflict("it is there already"));
    });
    cluster.acquaint();
    const Answered answered = cluster.call("a", "b", "no", {});
    CHECK_EQ(answered->error().kind, ErrorKind::kConflict);
    CHECK_EQ(answered->error().text, "it is there already");
    CHECK_EQ(cluster.call("a", "b", "unheard-of", {})->error().kind, ErrorKind::kNotFound);
}

void answers_find_their_calls_in_whatever_order_they_come() {
    Cluster cluster;
    cluster.add("a");
    std::vector<std::pair<base::Bytes, replica::Calls::Answer>> held;
    cluster.add("b").serve("held", [&](const auto&, base::Bytes request, const auto& answer) {
        held.emplace_back(std::move(request), answer);
    });
    cluster.acquaint();
    constexpr size_t kCalls = 100;
    size_t right = 0;
    for (uint8_t i = 0; i < kCalls; ++i)
        cluster.node("a").call("b", "held", {i}, 10s, [&right, i](const base::Result<base::Bytes>& result) {
            if (result && *result == base::Bytes{i, i}) ++right;
        });
    cluster.run([&] { return held.size() == kCalls; });
    for (auto at = held.rbegin(); at != held.rend(); ++at)
        at->second(base::Bytes{at->first[0], at->first[0]});
    cluster.run([&] { return right == kCalls; });
}

void without_a_connection_a_call_was_surely_not_made() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b");
    CHECK_EQ(cluster.call("a", "b", "echo", {})->error().kind, ErrorKind::kUnavailable);
    cluster.acquaint();
    cluster.remove("b");
    CHECK_EQ(cluster.call("a", "b", "echo", {})->error().kind, ErrorKind::kUnavailable);
    CHECK_EQ(cluster.call("a", "b", "echo", {})->error().kind, ErrorKind::kUnavailable);
}

void a_call_that_nobody_answers_in_time_may_have_happened() {
    Cluster cluster;
    replica::Calls::Answer late;
    cluster.add("a");
    cluster.add("b").serve("slow", [&](const auto&, const auto&, const auto& answer) { late = answer; });
    cluster.node("b").serve("echo", echo);
    cluster.acquaint();
    cluster.wait_until_connected("a", "b");
    CHECK_EQ(cluster.call("a", "b", "slow", {}, 50ms)->error().kind, ErrorKind::kTimeout);
    cluster.run([&] { return late != nullptr; });
    late(base::Bytes{1});  // for nobody
    CHECK_OK(*cluster.call("a", "b", "echo", {}));
}

void a_connection_cut_during_a_call_leaves_it_unknown() {
    Cluster cluster;
    replica::Calls::Answer never;
    cluster.add("a");
    cluster.add("b").serve("slow", [&](const auto&, const auto&, const auto& answer) { never = answer; });
    cluster.acquaint();
    Answered answered;
    cluster.node("a").call("b", "slow", {}, 10s,
                           [&](base::Result<base::Bytes> result) { answered = result; });
    cluster.run([&] { return never != nullptr; });
    cluster.remove("b");
    cluster.run([&] { return answered.has_value(); });
    CHECK_EQ(answered->error().kind, ErrorKind::kTimeout);
    never(base::Bytes{});  // its links are gone
}

void a_handler_that_drops_its_answer_has_answered() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b").serve("drop", [](const auto&, const auto&, const auto&) {});
    cluster.acquaint();
    const Answered answered = cluster.call("a", "b", "drop", {}, 1h);
    CHECK_EQ(answered->error().kind, ErrorKind::kTimeout);
}

void too_many_calls_at_once_are_refused_unsent() {
    Cluster cluster;
    std::vector<replica::Calls::Answer> held;
    cluster.add("a");
    cluster.add("b").serve("held",
                           [&](const auto&, const auto&, const auto& answer) { held.push_back(answer); });
    cluster.acquaint();
    size_t unavailable = 0, others = 0;
    const auto count = [&](const base::Result<base::Bytes>& result) {
        ++(!result && result.error().kind == ErrorKind::kUnavailable ? unavailable : others);
    };
    for (int i = 0; i < 1124; ++i) cluster.node("a").call("b", "held", {}, 1h, count);
    cluster.run([&] { return unavailable == 100 && held.size() == 1024; });
    CHECK_EQ(others, size_t{0});
    for (const auto& answer : held) answer(base::Bytes{});
    cluster.run([&] { return others == 1024; });
}

void large_calls_at_once_are_bounded_in_octets() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b").serve("echo", echo);
    cluster.acquaint();
    size_t right = 0, refused = 0;
    for (int i = 0; i < 50; ++i)
        cluster.node("a").call("b", "echo", base::Bytes(replica::kCallOctetsMax, 1), 1h,
                               [&](const base::Result<base::Bytes>& result) {
                                   if (result) ++right;
                                   if (!result && result.error().kind == ErrorKind::kUnavailable) ++refused;
                               });
    cluster.run([&] { return right + refused == 50; });
    CHECK(right >= 8);
    CHECK(refused > 0);
}

void whoever_closes_its_links_gets_its_answers_first() {
    Cluster cluster;
    cluster.add("a");
    bool there = false;
    replica::Calls::Answer never;
    cluster.add("b").serve("slow", [&](const auto&, const auto&, const auto& answer) {
        there = true;
        never = answer;
    });
    cluster.acquaint();
    std::vector<ErrorKind> got;
    const auto note = [&](const base::Result<base::Bytes>& result) { got.push_back(result.error().kind); };
    replica::Links& links = cluster.node("a");
    links.call("b", "slow", {}, 1h, [&, note](const base::Result<base::Bytes>& result) {
        note(result);
        links.call("b", "slow", {}, 1h, note);  // finds nothing any more
    });
    cluster.run([&] { return there; });
    links.call_address({"127.0.0.1", 9}, "slow", {}, 1h,
                       [&](const auto&, const base::Result<base::Bytes>& result) { note(result); });
    std::optional<ErrorKind> stream;
    links.open_stream("b", [&](const base::Result<base::Fd>& fd) { stream = fd.error().kind; });
    cluster.remove("a");
    CHECK_EQ(got.size(), size_t{2});
    CHECK(stream == ErrorKind::kUnavailable);
    cluster.run([&] { return got.size() == 3; });
}

void a_lost_connection_is_made_again() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b").serve("echo", echo);
    cluster.acquaint();
    CHECK_OK(*cluster.call("a", "b", "echo", {}));
    const auto where = cluster.node("b").bound();
    cluster.remove("b");
    cluster.run([&] { return !cluster.last_error("a", "b").empty(); });
    cluster.add_at("b", where).serve("echo", echo);
    cluster.acquaint();
    while (!*cluster.call("a", "b", "echo", {})) cluster.pass(5ms);  // the back-off; the runner's time limit
}

}  // namespace

GROUP(links, CASE(a_call_is_answered_by_the_other_node),
      CASE(the_largest_call_goes_through_and_a_larger_one_is_refused),
      CASE(an_error_of_the_handler_travels_with_its_kind_and_text),
      CASE(answers_find_their_calls_in_whatever_order_they_come),
      CASE(without_a_connection_a_call_was_surely_not_made),
      CASE(a_call_that_nobody_answers_in_time_may_have_happened),
      CASE(a_connection_cut_during_a_call_leaves_it_unknown),
      CASE(a_handler_that_drops_its_answer_has_answered), CASE(too_many_calls_at_once_are_refused_unsent),
      CASE(large_calls_at_once_are_bounded_in_octets), CASE(whoever_closes_its_links_gets_its_answers_first),
      CASE(a_lost_connection_is_made_again))
