// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Each case runs on each back end that this machine has.
#include "common/net/sctp.h"

#include <algorithm>

#include "tests/support/sctp.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using net::CloseReason;
using net::Sent;
using test::on_each_sctp;
using test::SctpBench;

constexpr uint32_t kPpid = 24;
constexpr size_t kMiB = 1024 * 1024;

base::Bytes pattern(size_t size) {
    base::Bytes octets(size);
    for (size_t at = 0; at < size; ++at) octets[at] = static_cast<uint8_t>(at * 31 + at / 251);
    return octets;
}

void both_sides_learn_the_addresses_when_it_is_up() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        CHECK(bench.sctp->transport() == transport);
        bench.connect();
        const uint16_t port = bench.listener->bound().port;
        CHECK(port != 0);
        CHECK_EQ(bench.ours.association->remote(), "127.0.0.1:" + std::to_string(port));
        const auto& seen = bench.ours.up->remote;
        CHECK(std::find(seen.begin(), seen.end(), net::Endpoint{"127.0.0.1", port}) != seen.end());
        CHECK(!bench.ours.up->local.empty() && !bench.theirs.up->remote.empty());
        CHECK_EQ(bench.theirs.up->remote.front().port, bench.ours.up->local.front().port);
        CHECK_EQ(bench.ours.up->streams_out, 2);
        CHECK(!bench.ours.up->restarted);
        const auto paths = bench.ours.association->paths();
        CHECK(!paths.empty());
        CHECK_EQ(std::count_if(paths.begin(), paths.end(), [](const auto& path) { return path.primary; }), 1);
        CHECK(paths.front().state == net::SctpPathState::kActive);
    });
}

void a_message_keeps_its_borders_stream_and_ppid() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        bench.connect();
        CHECK(bench.ours.association->send({0, kPpid, pattern(1)}) == Sent::kQueued);
        CHECK(bench.ours.association->send({0, 60, pattern(1246)}) == Sent::kQueued);
        bench.run([&] { return bench.theirs.messages.size() == 2; });
        CHECK(bench.theirs.association->send({1, kPpid, pattern(3)}) == Sent::kQueued);
        bench.run([&] { return bench.ours.messages.size() == 1; });
        const auto& got = bench.theirs.messages;
        CHECK(got[0].octets == pattern(1) && got[1].octets == pattern(1246));
        CHECK_EQ(got[0].ppid, kPpid);
        CHECK_EQ(got[1].ppid, 60u);
        CHECK_EQ(bench.ours.messages[0].stream, 1);
        const auto figures = bench.ours.association->figures();
        CHECK_EQ(figures.messages_out, 2u);
        CHECK_EQ(figures.octets_out, 1247u);
        CHECK_EQ(figures.octets_in, 3u);
    });
}

void messages_of_every_size_up_to_a_mebibyte_arrive_whole() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        bench.connect();
        const std::vector<size_t> sizes{1, 2, 1400, 1500, 16'383, 65'535, 65'536, 65'537, 300'000, kMiB};
        for (const size_t size : sizes)
            CHECK(bench.ours.association->send({0, kPpid, pattern(size)}) == Sent::kQueued);
        bench.run([&] { return bench.theirs.messages.size() == sizes.size() || bench.theirs.closed; });
        CHECK_EQ(bench.theirs.messages.size(), sizes.size());
        for (size_t at = 0; at < sizes.size(); ++at)
            CHECK(bench.theirs.messages[at].octets == pattern(sizes[at]));
    });
}

void what_is_longer_than_allowed_is_not_sent() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport, {.message_octets = 1000});
        bench.connect();
        CHECK(bench.ours.association->send({0, kPpid, pattern(1001)}) == Sent::kClosed);
        CHECK(bench.ours.association->send({0, kPpid, {}}) == Sent::kClosed);
        CHECK(bench.ours.association->send({0, kPpid, pattern(1000)}) == Sent::kQueued);
        bench.run([&] { return bench.theirs.messages.size() == 1; });
        CHECK(!bench.ours.closed);
    });
}

void a_peer_that_sends_more_than_allowed_is_aborted() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport, {}, {.message_octets = 100'000});
        bench.connect();
        CHECK(bench.ours.association->send({0, kPpid, pattern(100'000)}) == Sent::kQueued);
        CHECK(bench.ours.association->send({0, kPpid, pattern(kMiB)}) == Sent::kQueued);
        bench.run([&] { return bench.theirs.closed && bench.ours.closed; });
        CHECK_EQ(bench.theirs.messages.size(), 1u);
        CHECK(*bench.theirs.closed == CloseReason::kError);
        CHECK(bench.theirs.association->detail().find("100000 octets") != std::string::npos);
        CHECK(*bench.ours.closed == CloseReason::kReset);
    });
}

void a_shutdown_delivers_what_was_sent_before() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        bench.connect();
        for (int number = 0; number < 5; ++number)
            CHECK(bench.ours.association->send({0, kPpid, pattern(500'000)}) == Sent::kQueued);
        bench.ours.association->shut_down();
        CHECK(bench.ours.association->send({0, kPpid, pattern(1)}) == Sent::kClosed);
        bench.run([&] { return bench.ours.closed && bench.theirs.closed; });
        CHECK_EQ(bench.theirs.messages.size(), 5u);
        CHECK(*bench.ours.closed == CloseReason::kShutDown);
        CHECK(*bench.theirs.closed == CloseReason::kPeerClosed);
        CHECK_EQ(bench.ours.times_closed, 1);
    });
}

void destroying_it_is_an_abort_that_the_peer_hears_at_once() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        bench.connect();
        bench.ours.association.reset();
        bench.run([&] { return bench.theirs.closed.has_value(); });
        CHECK(*bench.theirs.closed == CloseReason::kReset);
        CHECK(!bench.ours.closed);  // the owner knows
        CHECK(bench.theirs.association->send({0, kPpid, pattern(1)}) == Sent::kClosed);
    });
}

// Some of the message has come when the peer goes: enough for a back end that gives messages in parts.
void a_message_that_an_abort_cuts_short_is_not_given() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        bench.connect();
        bench.theirs.association->read(net::Reading::kPaused);
        CHECK(bench.ours.association->send({0, kPpid, pattern(kMiB)}) == Sent::kQueued);
        bool some_has_come = false;
        const auto timer = bench.loop->after(200ms, [&] { some_has_come = true; });
        bench.run([&] { return some_has_come; });
        bench.theirs.association->read(net::Reading::kOn);
        bench.ours.association.reset();
        bench.run([&] { return bench.theirs.closed.has_value(); });
        CHECK(*bench.theirs.closed == CloseReason::kReset);
        for (const auto& message : bench.theirs.messages) CHECK_EQ(message.octets.size(), kMiB);
    });
}

void a_peer_that_ends_in_order_still_gets_what_was_on_its_way() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        bench.connect();
        bench.ours.association->read(net::Reading::kPaused);
        for (int number = 0; number < 2; ++number)
            CHECK(bench.theirs.association->send({0, kPpid, pattern(kMiB)}) == Sent::kQueued);
        bench.ours.association->shut_down();
        bench.ours.association->read(net::Reading::kOn);
        bench.run([&] { return bench.ours.closed && bench.theirs.closed; });
        CHECK(*bench.theirs.closed == CloseReason::kPeerClosed);
        CHECK_EQ(bench.ours.messages.size(), 2u);
        CHECK(*bench.ours.closed == CloseReason::kShutDown);
    });
}

void where_nobody_listens_it_is_refused() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        bench.ours.start(bench.connection({"127.0.0.1"}, 29'999));
        bench.run([&] { return bench.ours.closed.has_value(); });
        CHECK(*bench.ours.closed == CloseReason::kRefused);
        CHECK(!bench.ours.up);
    });
}

void a_peer_that_does_not_answer_is_given_up_after_the_init_timeout() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport, {.init_timeout = 100ms});
        bench.settings.udp_port = test::free_udp_port();  // SCTP in UDP to a port where nobody is
        if (transport == net::SctpTransport::kKernel) bench.settings.init_timeout = 1ms;
        auto made = bench.sctp->connect({}, {{"127.0.0.1"}, 29'999}, bench.settings);
        CHECK_OK(made);
        bench.ours.start(std::move(*made));
        bench.run([&] { return bench.ours.closed.has_value(); });
        CHECK(*bench.ours.closed == CloseReason::kTimedOut || *bench.ours.closed == CloseReason::kRefused);
        CHECK(!bench.ours.up);
    });
}

void a_peer_that_does_not_read_fills_the_queue_and_is_given_up() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport, {.unsent_octets = 2 * kMiB});
        bench.connect();
        bench.theirs.association->read(net::Reading::kPaused);
        Sent sent = Sent::kQueued;
        size_t most = 0;
        for (int number = 0; number < 100 && sent == Sent::kQueued; ++number) {
            sent = bench.ours.association->send({0, kPpid, pattern(200'000)});
            most = std::max(most, bench.ours.association->unsent());
        }
        CHECK(sent == Sent::kClosed);
        CHECK(most > kMiB && most <= 2 * kMiB);
        CHECK(!bench.ours.closed);  // never from within send()
        bench.run([&] { return bench.ours.closed.has_value(); });
        CHECK(*bench.ours.closed == CloseReason::kSendQueueFull);
    });
}

void a_window_that_stays_shut_is_given_up_after_the_send_timeout() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport, {.unsent_octets = 64 * kMiB, .send_timeout = 300ms});
        bench.connect();
        bench.theirs.association->read(net::Reading::kPaused);
        for (int number = 0; number < 10; ++number)
            CHECK(bench.ours.association->send({0, kPpid, pattern(kMiB)}) == Sent::kQueued);
        bench.run([&] { return bench.ours.closed.has_value(); });
        CHECK(*bench.ours.closed == CloseReason::kTimedOut);
        CHECK_EQ(bench.ours.association->detail(), std::string("the peer takes nothing"));
    });
}

void a_slow_reader_gets_everything_in_the_end() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport, {.unsent_octets = 64 * kMiB});
        bench.connect();
        bench.theirs.association->read(net::Reading::kPaused);
        for (int number = 0; number < 40; ++number)
            CHECK(bench.ours.association->send({0, kPpid, pattern(100'000)}) == Sent::kQueued);
        CHECK(bench.ours.association->unsent() > 0);
        bench.theirs.association->read(net::Reading::kOn);
        bench.run(
            [&] { return bench.theirs.messages.size() == 40 && bench.ours.association->unsent() == 0; });
        CHECK(bench.theirs.messages.back().octets == pattern(100'000));
        CHECK(bench.ours.drained > 0);
    });
}

void many_associations_stand_side_by_side() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        std::vector<std::unique_ptr<test::SctpEnd>> accepted, connected;
        bench.listener.reset();
        auto made = bench.sctp->listen({{"127.0.0.1"}, 0}, {}, [&](net::SctpAssociationPtr one) {
            accepted.push_back(std::make_unique<test::SctpEnd>());
            accepted.back()->start(std::move(one));
        });
        CHECK_OK(made);
        for (int number = 0; number < 50; ++number) {
            connected.push_back(std::make_unique<test::SctpEnd>());
            connected.back()->start(bench.connection({"127.0.0.1"}, (*made)->bound().port));
        }
        const auto all_up = [](const auto& ends) {
            return std::all_of(ends.begin(), ends.end(), [](const auto& end) { return end->up.has_value(); });
        };
        bench.run([&] { return accepted.size() == 50 && all_up(connected) && all_up(accepted); });
        for (const auto& one : connected)
            CHECK(one->association->send({0, kPpid, pattern(2000)}) == Sent::kQueued);
        bench.run([&] {
            return std::all_of(accepted.begin(), accepted.end(),
                               [](const auto& end) { return end->messages.size() == 1; });
        });
    });
}

void an_association_may_be_destroyed_in_each_of_its_events() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        net::SctpAssociationPtr one = bench.connection({"127.0.0.1"}, bench.listener->bound().port);
        bool up = false;
        one->start({.on_up =
                        [&](const net::SctpUp&) {
                            up = true;
                            one.reset();
                        },
                    .on_message = nullptr,
                    .on_closed = [](CloseReason) { CHECK(false); }});
        bench.run([&] { return up && bench.theirs.closed; });
        CHECK(*bench.theirs.closed == CloseReason::kReset);

        bool closed = false;
        one = bench.connection({"127.0.0.1"}, 29'999);
        one->start({.on_up = nullptr, .on_message = nullptr, .on_closed = [&](CloseReason) {
                        closed = true;
                        one.reset();
                    }});
        bench.run([&] { return closed; });
    });
}

void wrong_addresses_fail_at_once() {
    on_each_sctp([](net::SctpTransport transport) {
        SctpBench bench(transport);
        const auto ignore = [](net::SctpAssociationPtr) {};
        CHECK(!bench.sctp->connect({}, {{"localhost"}, 1}, {}));
        CHECK(!bench.sctp->connect({}, {{}, 1}, {}));
        CHECK(!bench.sctp->connect({{"example.org"}, 0}, {{"127.0.0.1"}, 1}, {}));
        CHECK(!bench.sctp->connect({{"192.0.2.1"}, 0}, {{"127.0.0.1"}, 1}, {}));  // none of ours
        CHECK(!bench.sctp->connect({}, {std::vector<std::string>(17, "127.0.0.1"), 1}, {}));
        CHECK(
            !bench.sctp->listen({{"127.0.0.1"}, bench.listener->bound().port}, {}, ignore));  // taken already
        CHECK(!bench.sctp->listen({{""}, 0}, {}, ignore));
    });
}

void a_back_end_that_cannot_be_had_is_refused_with_the_reason() {
    const auto loop = std::move(*loop::Loop::create());
    const SctpBench bench(net::SctpTransport::kUserland);
    const auto second = net::Sctp::create(*loop, {net::SctpTransport::kUserland, bench.settings.udp_port});
    CHECK(!second && second.error().kind == base::ErrorKind::kConflict);  // one stack for each process
    const auto kernel = net::Sctp::create(*loop, {net::SctpTransport::kKernel, 1});
    CHECK(!kernel);  // there is none, or nobody gave it this port
    CHECK(kernel.error().text.find("SCTP of the kernel") != std::string::npos);
}

void names_of_transports_are_read_back() {
    CHECK(net::sctp_transport_from("auto") == net::SctpTransport::kAuto);
    CHECK(net::sctp_transport_from("userland") == net::SctpTransport::kUserland);
    CHECK(!net::sctp_transport_from("tcp"));
    CHECK_EQ(net::to_string(net::SctpPathState::kPotentiallyFailed), std::string_view("potentially failed"));
}

}  // namespace

GROUP(sctp, CASE(both_sides_learn_the_addresses_when_it_is_up),
      CASE(a_message_keeps_its_borders_stream_and_ppid),
      CASE(messages_of_every_size_up_to_a_mebibyte_arrive_whole),
      CASE(what_is_longer_than_allowed_is_not_sent), CASE(a_peer_that_sends_more_than_allowed_is_aborted),
      CASE(a_shutdown_delivers_what_was_sent_before),
      CASE(destroying_it_is_an_abort_that_the_peer_hears_at_once), CASE(where_nobody_listens_it_is_refused),
      CASE(a_message_that_an_abort_cuts_short_is_not_given),
      CASE(a_peer_that_ends_in_order_still_gets_what_was_on_its_way),
      CASE(a_peer_that_does_not_answer_is_given_up_after_the_init_timeout),
      CASE(a_peer_that_does_not_read_fills_the_queue_and_is_given_up),
      CASE(a_window_that_stays_shut_is_given_up_after_the_send_timeout),
      CASE(a_slow_reader_gets_everything_in_the_end), CASE(many_associations_stand_side_by_side),
      CASE(an_association_may_be_destroyed_in_each_of_its_events), CASE(wrong_addresses_fail_at_once),
      CASE(a_back_end_that_cannot_be_had_is_refused_with_the_reason), CASE(names_of_transports_are_read_back))
