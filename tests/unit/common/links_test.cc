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

void a_stream_carries_octets_both_ways() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b");
    cluster.acquaint();
    auto [ours, theirs] = cluster.stream("a", "b");
    ours.write(kQuestion);
    CHECK(cluster.read(theirs, kQuestion.size()) == kQuestion);
    const base::Bytes much(3'000'000, 5);
    theirs.write(much);
    CHECK(cluster.read(ours, much.size()) == much);
}

}  // namespace

GROUP(links, CASE(a_call_is_answered_by_the_other_node),
      CASE(the_largest_call_goes_through_and_a_larger_one_is_refused),
      CASE(an_error_of_the_handler_travels_with_its_kind_and_text), CASE(a_stream_carries_octets_both_ways))
