// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/tls_stream.h"

#include <optional>

#include "tests/support/certs.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;

// What one end has met.
struct End {
    net::StreamPtr stream;
    std::optional<net::TlsPeer> peer;
    bool open = false;
    base::Bytes octets;
    std::optional<net::CloseReason> closed;
    std::string detail;

    void start(net::StreamPtr with) {
        stream = std::move(with);
        stream->start(
            {.on_open = [this] { open = true; },
             .on_octets =
                 [this](base::ByteView more) { octets.insert(octets.end(), more.begin(), more.end()); },
             .on_closed =
                 [this](net::CloseReason reason) {
                     closed = reason;
                     detail = stream->detail();
                 }});
    }
};

struct Bench {
    std::unique_ptr<loop::Loop> loop = std::move(*loop::Loop::create());
    test::Certs certs;
    End ours, theirs;
    std::vector<std::string> refused;
    std::unique_ptr<net::TlsListener> listener;

    explicit Bench(tls::Protocols protocols = {}, const net::TcpLimits& limits = {}) {
        listen(certs.files("ocs", "server"), std::move(protocols), limits);
    }
    void listen(const tls::Files& files, tls::Protocols protocols, const net::TcpLimits& limits) {
        auto context =
            tls::ServerContext::create(files, tls::ClientCertificate::kRequired, std::move(protocols));
        CHECK_OK(context);
        auto made = net::TlsListener::listen(
            *loop, {"127.0.0.1", 0}, *context, limits,
            [this](net::TlsListener::Accepted one) {
                theirs.peer = one.peer;
                theirs.start(std::move(one.stream));
            },
            [this](const std::string&, const std::string& why) { refused.push_back(why); });
        CHECK_OK(made);
        listener = std::move(*made);
    }
    void connect(const tls::Files& files, tls::Protocols protocols = {}, const net::TcpLimits& limits = {},
                 const std::string& refuse = "") {
        const auto context = tls::ClientContext::create(files, std::move(protocols));
        CHECK_OK(context);
        auto stream = net::connect_tls(*loop, listener->bound(), **context, limits,
                                       [this, refuse](const net::TlsPeer& who) -> base::Result<void> {
                                           ours.peer = who;
                                           if (!refuse.empty()) return base::refused(refuse);
                                           return {};
                                       });
        CHECK_OK(stream);
        ours.start(std::move(*stream));
    }
    void connect() {
        connect(certs.files("ocs", "client"));
        run([&] { return ours.open && theirs.stream; });
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

void both_ends_learn_who_the_other_is_and_octets_go_both_ways() {
    Bench bench;
    bench.connect();
    CHECK_EQ(bench.ours.peer->identity.uri, "farol://test/ocs/server");
    CHECK_EQ(bench.theirs.peer->identity.uri, "farol://test/ocs/client");
    CHECK(bench.ours.peer->not_after > base::SystemClock().now() + std::chrono::days{89});
    CHECK_EQ(bench.ours.peer->protocol, "");
    const base::Bytes question(100'000, 1), answer(1'000'000, 2);
    CHECK(bench.ours.stream->send(question) == net::Sent::kQueued);
    CHECK(bench.theirs.stream->send(answer) == net::Sent::kQueued);
    bench.run([&] {
        return bench.theirs.octets.size() == question.size() && bench.ours.octets.size() == answer.size();
    });
    CHECK(bench.theirs.octets == question);
    CHECK(bench.ours.octets == answer);
    CHECK_EQ(bench.ours.stream->remote(), bench.listener->bound().text());
}

void an_orderly_end_is_told_from_a_cut() {
    Bench bench;
    bench.connect();
    bench.theirs.stream.reset();
    bench.run([&] { return bench.ours.closed.has_value(); });
    CHECK(*bench.ours.closed == net::CloseReason::kPeerClosed);
    CHECK(bench.ours.stream->send(base::Bytes{1}) == net::Sent::kClosed);
}

void a_protocol_is_agreed_on() {
    Bench bench({"h2", "other"});
    bench.connect(bench.certs.files("ocs", "client"), {"unknown", "other", "h2"});
    bench.run([&] { return bench.ours.open && bench.theirs.stream; });
    CHECK_EQ(bench.ours.peer->protocol, "h2");  // the server's preference
    CHECK_EQ(bench.theirs.peer->protocol, "h2");
}

void without_a_common_protocol_there_is_no_connection() {
    Bench bench({"h2"});
    bench.connect(bench.certs.files("ocs", "client"), {"other"});
    bench.run([&] { return bench.ours.closed.has_value() && !bench.refused.empty(); });
    CHECK(*bench.ours.closed == net::CloseReason::kHandshake);
    CHECK(!bench.ours.open);
    CHECK(!bench.theirs.stream);
}

void a_peer_that_the_caller_refuses_is_left() {
    Bench bench;
    bench.connect(bench.certs.files("ocs", "client"), {}, {}, "not the one I meant");
    bench.run([&] { return bench.ours.closed.has_value(); });
    CHECK(*bench.ours.closed == net::CloseReason::kHandshake);
    CHECK_EQ(bench.ours.detail, "not the one I meant");
    CHECK(!bench.ours.open);
}

void a_server_of_a_strange_authority_is_refused() {
    Bench bench;
    test::Certs others("another authority");
    bench.connect(others.files("ocs", "client"));
    bench.run([&] { return bench.ours.closed.has_value() && !bench.refused.empty(); });
    CHECK(*bench.ours.closed == net::CloseReason::kHandshake);
    CHECK_EQ(bench.ours.detail, "self-signed certificate in certificate chain");
}

// What a server has long refused, a client refuses as well: a role that this authority may not name.
void an_authority_names_only_its_roles_at_a_client_too() {
    Bench bench;
    test::Certs town("town");
    tls::Files server = town.files("ocs", "server");
    server.trusted.emplace_back(bench.certs.authority(), std::vector<std::string>{"ocs"});
    bench.listen(server, {}, {});
    tls::Files client = bench.certs.files("ocs", "client");
    client.trusted.emplace_back(town.authority(), std::vector<std::string>{"cbe"});
    bench.connect(client);
    bench.run([&] { return bench.ours.closed.has_value(); });
    CHECK(*bench.ours.closed == net::CloseReason::kHandshake);
    CHECK(bench.ours.detail.find("may not name role ocs") != std::string::npos);
}

void garbage_instead_of_tls_is_refused() {
    Bench bench;
    End raw;
    auto stream = net::connect_tcp(*bench.loop, bench.listener->bound(), {});
    CHECK_OK(stream);
    raw.start(std::move(*stream));
    bench.run([&] { return raw.open; });
    CHECK(raw.stream->send(base::Bytes(1000, 'G')) == net::Sent::kQueued);
    bench.run([&] { return raw.closed.has_value() && bench.refused.size() == 1; });
    CHECK(!bench.theirs.stream);
}

void a_handshake_has_a_deadline_on_both_sides() {
    const net::TcpLimits hasty{.connect_timeout = 50ms};
    Bench bench({}, hasty);
    End silent;  // says nothing to a TLS listener
    auto stream = net::connect_tcp(*bench.loop, bench.listener->bound(), {});
    CHECK_OK(stream);
    silent.start(std::move(*stream));
    bench.run([&] { return silent.closed.has_value() && bench.refused.size() == 1; });

    std::vector<net::StreamPtr> accepted;  // by a listener that says nothing to a TLS client
    auto mute = net::TcpListener::listen(
        *bench.loop, {"127.0.0.1", 0}, {},
        [&](net::TcpListener::Accepted one) { accepted.push_back(std::move(one.stream)); });
    CHECK_OK(mute);
    const auto context = tls::ClientContext::create(bench.certs.files("ocs", "client"));
    auto client = net::connect_tls(*bench.loop, (*mute)->bound(), **context, hasty,
                                   [](const net::TlsPeer&) { return base::Result<void>{}; });
    CHECK_OK(client);
    bench.ours.start(std::move(*client));
    bench.run([&] { return bench.ours.closed.has_value(); });
    CHECK(*bench.ours.closed == net::CloseReason::kHandshake);
}

void handshakes_under_way_are_bounded_for_one_host() {
    Bench bench;
    std::vector<std::unique_ptr<End>> idle;
    for (int i = 0; i < 33; ++i) {
        auto stream = net::connect_tcp(*bench.loop, bench.listener->bound(), {});
        CHECK_OK(stream);
        idle.push_back(std::make_unique<End>());
        idle.back()->start(std::move(*stream));
    }
    bench.run([&] { return bench.refused.size() == 1; });
    CHECK_EQ(bench.refused.front(), "too many handshakes at once");
    idle.resize(10);
    bench.run([&] { return bench.refused.size() > 20; });
    bench.connect();
}

// Were a TLS bufferevent paused inside a record, the rest of it would wait for octets that never come.
void a_reader_that_pauses_again_and_again_misses_nothing() {
    Bench bench;
    bench.connect();
    base::Bytes all(1'000'000);
    for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<uint8_t>(i / 997);
    base::Bytes heard;
    loop::HandlePtr again;
    bench.theirs.stream->start({.on_open = nullptr,
                                .on_octets =
                                    [&](base::ByteView octets) {
                                        heard.insert(heard.end(), octets.begin(), octets.end());
                                        bench.theirs.stream->read(net::Reading::kPaused);
                                        again = bench.loop->after(
                                            100us, [&] { bench.theirs.stream->read(net::Reading::kOn); });
                                    },
                                .on_closed = [](net::CloseReason) {}});
    CHECK(bench.ours.stream->send(all) == net::Sent::kQueued);
    bench.run([&] { return heard.size() == all.size(); });
    CHECK(heard == all);
}

void paused_nothing_is_heard_and_the_end_comes_after_what_was_sent_before() {
    Bench bench;
    bench.connect();
    bench.theirs.stream->read(net::Reading::kPaused);
    CHECK(bench.ours.stream->send(base::Bytes{1, 2, 3}) == net::Sent::kQueued);
    bench.run([&] { return bench.ours.stream->unsent() == 0; });
    bench.ours.stream.reset();
    size_t turns = 0;
    bench.run([&] { return ++turns > 20; });
    CHECK(bench.theirs.octets.empty());
    CHECK(!bench.theirs.closed);
    bench.theirs.stream->read(net::Reading::kOn);
    bench.run([&] { return bench.theirs.closed.has_value(); });
    CHECK((bench.theirs.octets == base::Bytes{1, 2, 3}));
}

void drained_is_told_and_what_is_unsent_is_bounded() {
    Bench bench;
    bench.connect(bench.certs.files("ocs", "client"), {}, {.unsent_octets = 1'000'000});
    bench.run([&] { return bench.ours.open && bench.theirs.stream; });
    size_t drained = 0;
    std::optional<net::CloseReason> closed;
    bench.ours.stream->start({.on_open = nullptr,
                              .on_octets = nullptr,
                              .on_closed = [&](net::CloseReason reason) { closed = reason; },
                              .on_drained = [&] { ++drained; }});
    CHECK(bench.ours.stream->send(base::Bytes(500'000, 1)) == net::Sent::kQueued);
    CHECK_EQ(bench.ours.stream->unsent(), size_t{500'000});
    bench.run([&] { return drained == 1; });
    CHECK(bench.ours.stream->send(base::Bytes(1'000'001, 1)) == net::Sent::kClosed);
    CHECK(!closed);
    bench.run([&] { return closed.has_value(); });
    CHECK(*closed == net::CloseReason::kSendQueueFull);
}

}  // namespace

GROUP(tls_stream, CASE(both_ends_learn_who_the_other_is_and_octets_go_both_ways),
      CASE(an_orderly_end_is_told_from_a_cut), CASE(a_protocol_is_agreed_on),
      CASE(without_a_common_protocol_there_is_no_connection), CASE(a_peer_that_the_caller_refuses_is_left),
      CASE(a_server_of_a_strange_authority_is_refused),
      CASE(an_authority_names_only_its_roles_at_a_client_too), CASE(garbage_instead_of_tls_is_refused),
      CASE(a_handshake_has_a_deadline_on_both_sides), CASE(handshakes_under_way_are_bounded_for_one_host),
      CASE(a_reader_that_pauses_again_and_again_misses_nothing),
      CASE(paused_nothing_is_heard_and_the_end_comes_after_what_was_sent_before),
      CASE(drained_is_told_and_what_is_unsent_is_bounded))
