// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/tcp.h"

#include <optional>

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 10s;

// What one end has met.
struct End {
    net::StreamPtr stream;
    bool open = false;
    base::Bytes octets;
    std::optional<net::CloseReason> closed;

    void start(net::StreamPtr with) {
        stream = std::move(with);
        stream->start(
            {.on_open = [this] { open = true; },
             .on_octets =
                 [this](base::ByteView more) { octets.insert(octets.end(), more.begin(), more.end()); },
             .on_closed = [this](net::CloseReason reason) { closed = reason; }});
    }
};

struct Bench {
    std::unique_ptr<loop::Loop> loop = std::move(*loop::Loop::create());
    End ours, theirs;
    std::string host;
    std::unique_ptr<net::TcpListener> listener;

    explicit Bench(const net::TcpLimits& limits = {}) {
        auto made =
            net::TcpListener::listen(*loop, {"127.0.0.1", 0}, {}, [this](net::TcpListener::Accepted one) {
                host = one.host;
                theirs.start(std::move(one.stream));
            });
        CHECK_OK(made);
        listener = std::move(*made);
        auto stream = net::connect_tcp(*loop, listener->bound(), limits);
        CHECK_OK(stream);
        ours.start(std::move(*stream));
        run([&] { return ours.open && theirs.stream != nullptr; });
    }
    void run(const std::function<bool()>& is_done) const {
        bool late = false;
        const auto limit = loop->after(kPatience, [&] {
            late = true;
            loop->stop();
        });
        const auto look = loop->every(1ms, [&] {
            if (is_done()) loop->stop();
        });
        if (!is_done()) loop->run();
        CHECK(!late);
    }
};

void octets_go_both_ways_in_order() {
    Bench bench;
    CHECK_EQ(bench.host, std::string("127.0.0.1"));
    const base::Bytes question{1, 2, 3}, answer(100'000, 7);
    CHECK(bench.ours.stream->send(question) == net::Sent::kQueued);
    CHECK(bench.ours.stream->send(question) == net::Sent::kQueued);
    CHECK(bench.theirs.stream->send(answer) == net::Sent::kQueued);
    bench.run([&] { return bench.theirs.octets.size() == 6 && bench.ours.octets.size() == answer.size(); });
    CHECK((bench.theirs.octets == base::Bytes{1, 2, 3, 1, 2, 3}));
    CHECK(bench.ours.octets == answer);
    CHECK_EQ(bench.ours.stream->remote(), bench.listener->bound().text());
}

void the_end_of_the_other_side_is_told_once() {
    Bench bench;
    bench.theirs.stream.reset();
    bench.run([&] { return bench.ours.closed.has_value(); });
    CHECK(*bench.ours.closed == net::CloseReason::kPeerClosed);
    CHECK(bench.ours.stream->send(base::Bytes{1}) == net::Sent::kClosed);
}

void a_peer_that_does_not_read_is_cut_off() {
    Bench bench{{.unsent_octets = 1000, .connect_timeout = 5s, .send_timeout = 30s}};
    CHECK(bench.ours.stream->send(base::Bytes(1001, 0)) == net::Sent::kClosed);
    CHECK(!bench.ours.closed);  // never from within send()
    bench.run([&] { return bench.ours.closed.has_value(); });
    CHECK(*bench.ours.closed == net::CloseReason::kSendQueueFull);
}

void where_nobody_listens_it_is_refused() {
    Bench bench;
    const net::Endpoint where = bench.listener->bound();
    bench.listener.reset();
    End late;
    auto stream = net::connect_tcp(*bench.loop, where, {});
    CHECK_OK(stream);
    late.start(std::move(*stream));
    bench.run([&] { return late.closed.has_value(); });
    CHECK(*late.closed == net::CloseReason::kRefused);
    CHECK(!late.open);
}

void only_numeric_addresses_are_taken() {
    Bench bench;
    CHECK(!net::connect_tcp(*bench.loop, {"localhost", 1}, {}));
    CHECK(!net::TcpListener::listen(*bench.loop, {"example.org", 0}, {}, [](net::TcpListener::Accepted) {}));
    CHECK(!net::TcpListener::listen(*bench.loop, bench.listener->bound(), {},
                                    [](net::TcpListener::Accepted) {}));  // taken already
    CHECK_EQ((net::Endpoint{"::1", 80}.text()), std::string("[::1]:80"));
}

}  // namespace

GROUP(tcp, CASE(octets_go_both_ways_in_order), CASE(the_end_of_the_other_side_is_told_once),
      CASE(a_peer_that_does_not_read_is_cut_off), CASE(where_nobody_listens_it_is_refused),
      CASE(only_numeric_addresses_are_taken))
