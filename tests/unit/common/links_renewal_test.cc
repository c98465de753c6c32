// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Certificates that are replaced while the nodes talk to each other.
#include <filesystem>
#include <optional>

#include "common/replica/link_context.h"
#include "common/replica/links.h"
#include "tests/support/links.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using test::Cluster;
using test::RawPeer;

void echo(const replica::NodeName&, base::Bytes request, const replica::Calls::Answer& answer) {
    answer(std::move(request));
}

void put_in_place_of(const tls::Files& old, const tls::Files& fresh) {
    std::filesystem::rename(fresh.certificate, old.certificate);
    std::filesystem::rename(fresh.key, old.key);
}

base::Instant shown_until(Cluster& cluster) {
    RawPeer peer(cluster.loop(), cluster.certs().files("ocs", "b"), cluster.node("a").bound());
    cluster.run([&] { return peer.open(); });
    return peer.peer()->not_after;
}

void new_connections_show_the_new_certificate_at_once() {
    Cluster cluster;
    const tls::Files files = cluster.certs().files("ocs", "a", std::chrono::days{3});
    cluster.add("a", files);
    const base::Instant old = shown_until(cluster);
    put_in_place_of(files, cluster.certs().files("ocs", "a", std::chrono::days{30}));
    CHECK(shown_until(cluster) == old);
    CHECK_OK(cluster.node("a").renew());
    CHECK(shown_until(cluster) > old + std::chrono::days{20});
}

void a_renewal_that_cannot_be_used_changes_nothing() {
    Cluster cluster;
    const tls::Files files = cluster.certs().files("ocs", "a", std::chrono::days{3});
    cluster.add("a", files);
    const base::Instant old = shown_until(cluster);
    put_in_place_of(files, cluster.certs().files("ocs", "c"));
    CHECK(!cluster.node("a").renew());  // another node's
    std::filesystem::rename(cluster.certs().files("ocs", "a").certificate, files.certificate);
    CHECK(!cluster.node("a").renew());  // the key belongs to another one
    std::filesystem::remove(files.certificate);
    CHECK(!cluster.node("a").renew());
    CHECK(shown_until(cluster) == old);
}

void under_traffic_no_call_fails_and_every_connection_is_made_anew() {
    size_t answered = 0, failed = 0;
    bool stop = false;
    std::function<void(const std::string&, const std::string&)> ask;
    Cluster cluster;
    cluster.renew_within = 6s;  // a turn each 240 ms, and a second for calls on the old connections
    const tls::Files files = cluster.certs().files("ocs", "a", std::chrono::days{3});
    cluster.add("a", files).serve("echo", echo);
    cluster.add("b").serve("echo", echo);
    cluster.acquaint();
    auto [ours, theirs] = cluster.stream("a", "b");
    auto [back_ours, back_theirs] = cluster.stream("b", "a");
    // Each answer is followed by the next call, in both directions.
    ask = [&](const auto& from, const auto& to) {
        cluster.node(from).call(to, "echo", base::Bytes(1000, 1), 10s,
                                [&, from, to](const base::Result<base::Bytes>& result) {
                                    ++(result ? answered : failed);
                                    if (!stop) ask(from, to);
                                });
    };
    for (int i = 0; i < 8; ++i) {
        ask("a", "b");
        ask("b", "a");
    }
    cluster.run([&] { return answered > 100; });
    put_in_place_of(files, cluster.certs().files("ocs", "a"));
    CHECK_OK(cluster.node("a").renew());
    cluster.run(
        [&] { return ours.closed() && theirs.closed() && back_ours.closed() && back_theirs.closed(); });
    auto [again, there] = cluster.stream("a", "b");
    // The connections for calls too: to both of them our certificate belongs.
    cluster.run([&] { return cluster.peer("a", "b").connects >= 2 && cluster.peer("b", "a").connects >= 2; });
    const size_t by_then = answered;
    cluster.run([&] { return answered > by_then + 100; });
    CHECK_EQ(failed, size_t{0});
    CHECK(!again.closed() && !there.closed());
    stop = true;
    const size_t calls = answered;
    cluster.run([&] { return answered >= calls + 16; });
}

// Monotonic time, so that a jump of the wall clock ends no connection.
void a_connection_ends_with_the_first_of_its_two_certificates() {
    const auto loop = std::move(*loop::Loop::create());
    base::SystemClock clock;
    replica::LinkContext context{*loop, logs::Log::discard(), {}, nullptr, nullptr, {}, 1s,
                                 3,     clock.now() + 10h,    {}};
    net::TlsPeer peer{{}, clock.now() + 2h, ""};
    const auto about = [&](base::Ticks ends, std::chrono::hours hours) {
        return std::chrono::abs(ends - clock.ticks() - hours) < 1min;
    };
    CHECK(about(context.vintage(peer).ends, 2h));
    CHECK_EQ(context.vintage(peer).generation, replica::Generation{3});
    peer.not_after = clock.now() + 20h;
    CHECK(about(context.vintage(peer).ends, 10h));
}

}  // namespace

GROUP(links_renewal, CASE(new_connections_show_the_new_certificate_at_once),
      CASE(a_renewal_that_cannot_be_used_changes_nothing),
      CASE(under_traffic_no_call_fails_and_every_connection_is_made_anew),
      CASE(a_connection_ends_with_the_first_of_its_two_certificates))
