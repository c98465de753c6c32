// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/relay.h"

#include <optional>

#include "tests/support/test.h"

namespace {

// A stream whose other side is the test.
struct Wire {
    net::Stream::Events events;
    base::Bytes sent;
    size_t unsent = 0;
    net::Reading reading = net::Reading::kOn;
    bool alive = true;
};

class FakeStream final : public net::Stream {
 public:
    explicit FakeStream(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
    ~FakeStream() override { wire_->alive = false; }
    void start(Events events) override { wire_->events = std::move(events); }
    net::Sent send(base::ByteView octets) override {
        wire_->sent.insert(wire_->sent.end(), octets.begin(), octets.end());
        wire_->unsent += octets.size();
        return net::Sent::kQueued;
    }
    std::string remote() const override { return "test"; }
    size_t unsent() const override { return wire_->unsent; }
    void read(net::Reading reading) override { wire_->reading = reading; }

 private:
    std::shared_ptr<Wire> wire_;
};

struct Bench {
    std::unique_ptr<loop::Loop> loop = std::move(*loop::Loop::create());
    std::shared_ptr<Wire> one = std::make_shared<Wire>();
    std::shared_ptr<Wire> other = std::make_shared<Wire>();
    std::optional<size_t> ended;
    std::string why;
    std::unique_ptr<net::Relay> relay;

    Bench() {
        relay = std::make_unique<net::Relay>(*loop, std::make_unique<FakeStream>(one),
                                             std::make_unique<FakeStream>(other),
                                             [this](size_t which, const std::string& text) {
                                                 ended = which;
                                                 why = text;
                                                 relay.reset();
                                             });
    }
    static void drain(Wire& wire) {
        wire.unsent = 0;
        const auto drained = wire.events.on_drained;
        drained();
    }
    static void close(Wire& wire) {
        const auto closed = wire.events.on_closed;
        closed(net::CloseReason::kPeerClosed);
    }
};

void what_one_end_brings_the_other_sends() {
    Bench bench;
    bench.relay->start(base::Bytes{9});
    bench.one->events.on_octets(base::Bytes{1, 2});
    bench.other->events.on_octets(base::Bytes{3});
    CHECK((bench.other->sent == base::Bytes{9, 1, 2}));
    CHECK((bench.one->sent == base::Bytes{3}));
}

void an_end_that_takes_nothing_stops_the_other_and_only_that() {
    Bench bench;
    bench.relay->start({});
    bench.one->events.on_octets(base::Bytes(net::kRelayUnsent, 1));
    CHECK(bench.one->reading == net::Reading::kOn);
    bench.one->events.on_octets(base::Bytes(1, 1));
    CHECK(bench.one->reading == net::Reading::kPaused);
    CHECK(bench.other->reading == net::Reading::kOn);
    Bench::drain(*bench.other);
    CHECK(bench.one->reading == net::Reading::kOn);
}

void an_end_closes_the_other_at_once_when_nothing_waits() {
    Bench bench;
    bench.relay->start({});
    Bench::close(*bench.other);
    CHECK(bench.ended == size_t{1});
    CHECK_EQ(bench.why, "closed by the peer");
    CHECK(!bench.one->alive && !bench.other->alive);
}

void the_last_octets_leave_before_the_end() {
    Bench bench;
    bench.relay->start({});
    bench.one->events.on_octets(base::Bytes(10, 1));
    Bench::close(*bench.one);
    CHECK(!bench.ended);
    CHECK(bench.other->alive);
    Bench::drain(*bench.other);
    CHECK(bench.ended == size_t{0});
    CHECK(!bench.other->alive);
}

void an_end_that_never_takes_the_last_octets_is_closed_all_the_same() {
    Bench bench;
    bench.relay->start({});
    bench.one->events.on_octets(base::Bytes(10, 1));
    Bench::close(*bench.one);
    const auto look = bench.loop->every(std::chrono::milliseconds{1}, [&] {
        if (bench.ended) bench.loop->stop();
    });
    bench.loop->run();
    CHECK(!bench.other->alive);
}

}  // namespace

GROUP(relay, CASE(what_one_end_brings_the_other_sends),
      CASE(an_end_that_takes_nothing_stops_the_other_and_only_that),
      CASE(an_end_closes_the_other_at_once_when_nothing_waits), CASE(the_last_octets_leave_before_the_end),
      CASE(an_end_that_never_takes_the_last_octets_is_closed_all_the_same))
