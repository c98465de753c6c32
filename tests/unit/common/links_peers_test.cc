// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who is taken for a node of the cluster, and who is not.
#include <optional>

#include "common/replica/link_context.h"
#include "common/replica/links.h"
#include "tests/support/links.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using replica::Hello;
using replica::Purpose;
using replica::Refusal;
using test::Cluster;
using test::RawPeer;

void echo(const replica::NodeName&, base::Bytes request, const replica::Calls::Answer& answer) {
    answer(std::move(request));
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What a raw peer is told when it says that hello; "" when it is welcome.
std::string refusal(Cluster& cluster, const tls::Files& files, const Hello& hello) {
    RawPeer peer(cluster.loop(), files, cluster.node("a").bound());
    cluster.run([&] { return peer.open() || peer.closed(); });
    if (!peer.open()) return peer.why();
    peer.send(hello);
    cluster.run([&] { return !peer.frames().empty(); });
    const auto* refused = std::get_if<Refusal>(&peer.frames().front());
    if (refused != nullptr) cluster.run([&] { return peer.closed(); });
    return refused != nullptr ? refused->why : "";
}

void only_a_known_node_of_our_site_and_role_is_welcome() {
    Cluster cluster;
    cluster.add("a");
    cluster.node("a").set_nodes({{"b", {"127.0.0.1", 9}}});
    test::Certs& certs = cluster.certs();
    CHECK_EQ(refusal(cluster, certs.files("ocs", "b"), Hello{1, Purpose::kStream, "b"}), "");
    CHECK_EQ(refusal(cluster, certs.files("ocs", "b"), Hello{1, Purpose::kCalls, "b"}), "");
    struct Row {
        const char* uri;
        Hello hello;
        const char* told;
    };
    for (const Row& row :
         {Row{"farol://test/ocs/c", {1, Purpose::kCalls, "c"}, "node c is not known here"},
          Row{"farol://other/ocs/b", {1, Purpose::kCalls, "b"}, "certificate is farol://other/ocs/b"},
          Row{"farol://test/crm/b", {1, Purpose::kCalls, "b"}, "certificate is farol://test/crm/b"},
          Row{"farol://test/ocs/c", {1, Purpose::kCalls, "b"}, "its certificate says c"},
          Row{"farol://test/ocs/a", {1, Purpose::kCalls, "a"}, "my own name"},
          Row{"farol://test/ocs/b", {2, Purpose::kCalls, "b"}, "version 2 is not spoken here"}}) {
        const std::string told = refusal(cluster, certs.files_as(row.uri), row.hello);
        if (!says(told, row.told)) CHECK_EQ(told, row.told);
    }
}

void a_certificate_of_a_strange_authority_is_refused() {
    Cluster cluster;
    cluster.add("a");
    cluster.node("a").set_nodes({{"b", {"127.0.0.1", 9}}});
    test::Certs theirs("another authority");
    tls::Files files = theirs.files("ocs", "b");
    files.trusted = {cluster.certs().authority()};
    files.trusted.front().roles = {"ocs"};  // it may not stand there without, not having signed our own
    RawPeer peer(cluster.loop(), files, cluster.node("a").bound());
    cluster.run([&] { return peer.closed(); });
    CHECK(says(peer.why(), "TLS handshake failed"));
}

void another_node_at_the_address_is_not_taken_for_the_one_that_was_meant() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("c");
    cluster.node("a").set_nodes({{"b", cluster.node("c").bound()}});
    CHECK_EQ(cluster.call("a", "b", "echo", {})->error().kind, ErrorKind::kUnavailable);
    CHECK(says(cluster.last_error("a", "b"), "its certificate is farol://test/ocs/c"));
}

void a_daemon_that_speaks_something_else_is_refused() {
    Cluster cluster;
    cluster.add("a");
    cluster.node("a").set_nodes({{"b", {"127.0.0.1", 9}}});
    const tls::Files files = cluster.certs().files("ocs", "b");
    RawPeer http(cluster.loop(), files, cluster.node("a").bound(), {"h2"});
    cluster.run([&] { return http.closed(); });
    RawPeer nothing(cluster.loop(), files, cluster.node("a").bound(), {});
    cluster.run([&] { return nothing.open(); });
    nothing.send(Hello{1, Purpose::kCalls, "b"});
    cluster.run([&] { return nothing.closed(); });
    CHECK(says(std::get<Refusal>(nothing.frames().front()).why, "does not speak farol-links"));
}

void one_that_says_nothing_is_not_waited_for() {
    Cluster cluster;
    cluster.step_timeout = 50ms;
    cluster.add("a");
    RawPeer silent(cluster.loop(), cluster.certs().files("ocs", "b"), cluster.node("a").bound());
    cluster.run([&] { return silent.closed(); });
    CHECK(silent.open());
}

void garbage_ends_its_connection_and_no_other() {
    Cluster cluster;
    cluster.add("a").serve("echo", echo);
    cluster.add("b");
    cluster.acquaint();
    const tls::Files files = cluster.certs().files("ocs", "b");
    for (const base::Bytes& octets :
         {base::Bytes(5000, 'G'), base::Bytes{0, 0, 0, 1, 99}, base::Bytes{0xFF, 0xFF, 0xFF, 0xFF},
          replica::encode(replica::Retire{}), replica::encode(replica::Request{1, "echo", {}})}) {
        RawPeer peer(cluster.loop(), files, cluster.node("a").bound());
        cluster.run([&] { return peer.open(); });
        peer.send_octets(octets);
        cluster.run([&] { return peer.closed(); });
    }
    CHECK_OK(*cluster.call("b", "a", "echo", {}));
}

void a_caller_that_breaks_the_rules_loses_its_connection() {
    Cluster cluster;
    std::vector<replica::Calls::Answer> held;
    cluster.add("a").serve("held",
                           [&](const auto&, const auto&, const auto& answer) { held.push_back(answer); });
    cluster.node("a").set_nodes({{"b", {"127.0.0.1", 9}}});
    const base::Bytes once = replica::encode(replica::Request{1, "held", {}});
    base::Bytes twice = once;
    twice.insert(twice.end(), once.begin(), once.end());
    base::Writer oversized;
    oversized.u32(replica::kFrameOctetsMax + 1);
    for (const base::Bytes& octets :
         {twice, oversized.take(), replica::encode(replica::Reply{1, {}}), base::Bytes(100, 0xEE)}) {
        RawPeer peer(cluster.loop(), cluster.certs().files("ocs", "b"), cluster.node("a").bound());
        cluster.run([&] { return peer.open(); });
        peer.send(Hello{1, Purpose::kCalls, "b"});
        cluster.run([&] { return !peer.frames().empty(); });
        peer.send_octets(octets);
        cluster.run([&] { return peer.closed(); });
    }
}

void a_cancelled_call_makes_room() {
    Cluster cluster;
    size_t calls = 0;
    std::vector<replica::Calls::Answer> held;
    cluster.add("a").serve("held", [&](const auto&, const auto&, const auto& answer) {
        ++calls;
        held.push_back(answer);
    });
    cluster.node("a").set_nodes({{"b", {"127.0.0.1", 9}}});
    RawPeer peer(cluster.loop(), cluster.certs().files("ocs", "b"), cluster.node("a").bound());
    cluster.run([&] { return peer.open(); });
    peer.send(Hello{1, Purpose::kCalls, "b"});
    for (uint32_t id = 0; id < 3000; ++id) {
        peer.send(replica::Request{id, "held", {}});
        peer.send(replica::Cancel{id});
    }
    cluster.run([&] { return calls == 3000; });
    CHECK(!peer.closed());
}

void a_removed_node_is_cut_off_at_once_and_stays_out() {
    Cluster cluster;
    cluster.add("a").serve("echo", echo);
    cluster.add("b");
    replica::Calls::Answer never;
    cluster.node("b").serve("slow", [&](const auto&, const auto&, const auto& answer) { never = answer; });
    cluster.acquaint();
    auto [ours, theirs] = cluster.stream("a", "b");
    auto [back_b, back_a] = cluster.stream("b", "a");
    CHECK_OK(*cluster.call("b", "a", "echo", {}));
    test::Answered slow;
    cluster.node("a").call("b", "slow", {}, 1h, [&](base::Result<base::Bytes> result) { slow = result; });
    cluster.run([&] { return never != nullptr; });
    cluster.node("a").set_nodes({});
    CHECK(slow && slow->error().kind == ErrorKind::kTimeout);
    cluster.run([&] { return ours.closed() && theirs.closed() && back_a.closed() && back_b.closed(); });
    cluster.run([&] { return says(cluster.last_error("b", "a"), "node b is not known here"); });
    CHECK_EQ(cluster.call("b", "a", "echo", {})->error().kind, ErrorKind::kUnavailable);
    std::optional<ErrorKind> stream;
    cluster.node("b").open_stream("a", [&](const base::Result<base::Fd>& fd) { stream = fd.error().kind; });
    cluster.run([&] { return stream.has_value(); });
    CHECK(*stream == ErrorKind::kRefused);
}

void a_stranger_may_make_the_calls_marked_so_and_no_others() {
    Cluster cluster;
    replica::NodeName who;
    cluster.add("a").serve("echo", echo);
    cluster.node("a").serve_strangers("join", [&](const auto& from, base::Bytes request, const auto& answer) {
        who = from;
        answer(std::move(request));
    });
    cluster.add("new");
    const auto ask = [&](const std::string& kind) {
        test::Answered answered;
        replica::NodeName by;
        cluster.node("new").call_address(cluster.node("a").bound(), kind, {7}, 10s,
                                         [&](const auto& node, base::Result<base::Bytes> result) {
                                             by = node;
                                             answered = result;
                                         });
        cluster.run([&] { return answered.has_value(); });
        CHECK_EQ(by, "a");
        return *answered;
    };
    CHECK_OK(ask("join"));
    CHECK_EQ(who, "new");
    CHECK_EQ(ask("echo").error().kind, ErrorKind::kRefused);
    cluster.node("new").set_nodes({{"a", cluster.node("a").bound()}});
    std::optional<ErrorKind> stream;
    cluster.node("new").open_stream("a", [&](const base::Result<base::Fd>& fd) { stream = fd.error().kind; });
    cluster.run([&] { return stream.has_value(); });
    CHECK(*stream == ErrorKind::kRefused);
    // Known from now on, on the connection that it has.
    CHECK_EQ(cluster.call("new", "a", "echo", {})->error().kind, ErrorKind::kRefused);
    cluster.node("a").set_nodes({{"new", cluster.node("new").bound()}});
    CHECK_OK(*cluster.call("new", "a", "echo", {}));
}

void nobody_at_the_address_is_an_error_without_a_name() {
    Cluster cluster;
    cluster.add("a");
    test::Answered answered;
    replica::NodeName by = "unset";
    const auto note = [&](const replica::NodeName& node, base::Result<base::Bytes> result) {
        by = node;
        answered = result;
    };
    for (const char* host : {"127.0.0.1", "no-number.example"}) {
        answered.reset();
        cluster.node("a").call_address({host, 9}, "join", {}, 10s, note);
        cluster.run([&] { return answered.has_value(); });
        CHECK_EQ(answered->error().kind, ErrorKind::kUnavailable);
        CHECK_EQ(by, "");
    }
}

}  // namespace

GROUP(links_peers, CASE(only_a_known_node_of_our_site_and_role_is_welcome),
      CASE(a_certificate_of_a_strange_authority_is_refused),
      CASE(another_node_at_the_address_is_not_taken_for_the_one_that_was_meant),
      CASE(a_daemon_that_speaks_something_else_is_refused), CASE(one_that_says_nothing_is_not_waited_for),
      CASE(garbage_ends_its_connection_and_no_other),
      CASE(a_caller_that_breaks_the_rules_loses_its_connection), CASE(a_cancelled_call_makes_room),
      CASE(a_removed_node_is_cut_off_at_once_and_stays_out),
      CASE(a_stranger_may_make_the_calls_marked_so_and_no_others),
      CASE(nobody_at_the_address_is_an_error_without_a_name))
