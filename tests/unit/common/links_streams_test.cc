// SPDX-License-Identifier: AGPL-3.0-or-later
#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <thread>

#include "common/replica/links.h"
#include "tests/support/links.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using test::Cluster;
using test::StreamEnd;

const base::Bytes kSome{1, 2, 3};

base::Bytes pattern(size_t octets) {
    base::Bytes out(octets);
    for (size_t i = 0; i < octets; ++i) out[i] = static_cast<uint8_t>(i * 2654435761U >> 24U);
    return out;
}

struct Pair {
    Cluster cluster;
    std::optional<StreamEnd> ours, theirs;
    Pair() {
        cluster.add("a");
        cluster.add("b");
        cluster.acquaint();
        auto [one, other] = cluster.stream("a", "b");
        ours = one;
        theirs = other;
    }
};

void a_stream_carries_octets_both_ways_at_once() {
    Pair pair;
    const base::Bytes there = pattern(3'000'000), back = pattern(2'999'999);
    pair.ours->write(there);
    pair.theirs->write(back);
    CHECK(pair.cluster.read(*pair.theirs, there.size()) == there);
    CHECK(pair.cluster.read(*pair.ours, back.size()) == back);
}

void closing_one_end_closes_the_other_and_nothing_is_lost_before() {
    Pair pair;
    pair.ours->write(kSome);
    pair.cluster.run([&] { return pair.ours->unsent() == 0; });
    pair.ours->close();
    pair.cluster.run([&] { return pair.theirs->closed(); });
    CHECK(pair.theirs->heard() == kSome);

    auto [ours, theirs] = pair.cluster.stream("a", "b");
    theirs.close();
    pair.cluster.run([&] { return ours.closed(); });
}

void closing_only_the_sending_side_ends_the_stream() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b");
    cluster.acquaint();
    base::Fd ours;
    std::optional<StreamEnd> theirs;
    cluster.node("b").on_stream(
        [&](const auto&, base::Fd fd) { theirs.emplace(cluster.loop(), std::move(fd)); });
    cluster.node("a").open_stream("b", [&](base::Result<base::Fd> fd) { ours = *std::move(fd); });
    cluster.run([&] { return ours && theirs; });
    CHECK_EQ(::write(ours.get(), kSome.data(), kSome.size()), static_cast<ssize_t>(kSome.size()));
    CHECK_EQ(::shutdown(ours.get(), SHUT_WR), 0);
    cluster.run([&] { return theirs->closed(); });
    CHECK(theirs->heard() == kSome);
    cluster.run([&] {
        char octet = 0;
        return ::read(ours.get(), &octet, 1) == 0;
    });
}

void a_slow_reader_holds_the_writer_back_and_loses_nothing() {
    Pair pair;
    constexpr size_t kMuch = size_t{48} << 20;
    const base::Bytes much = pattern(kMuch);
    pair.theirs->pause();
    pair.ours->write(much);
    size_t before = 0;
    // Until nothing moves any more: buffers of the kernel and of two relays are full.
    pair.cluster.run([&, still = 0]() mutable {
        still = pair.ours->unsent() == before ? still + 1 : 0;
        before = pair.ours->unsent();
        return still == 100;
    });
    CHECK(pair.ours->unsent() > kMuch / 2);
    pair.theirs->resume();
    CHECK(pair.cluster.read(*pair.theirs, kMuch) == much);
    CHECK(!pair.ours->closed());
}

void a_stream_to_nobody_is_an_error() {
    Cluster cluster;
    cluster.add("a");
    cluster.add("b");
    std::optional<ErrorKind> got;
    const auto note = [&](const base::Result<base::Fd>& fd) { got = fd.error().kind; };
    cluster.node("a").open_stream("b", note);
    CHECK(!got);
    cluster.run([&] { return got.has_value(); });
    CHECK(*got == ErrorKind::kUnavailable);
    cluster.acquaint();
    cluster.remove("b");
    got.reset();
    cluster.node("a").open_stream("b", note);
    cluster.run([&] { return got.has_value(); });
    CHECK(*got == ErrorKind::kUnavailable);
}

void of_many_streams_of_one_node_the_newest_stay() {
    Pair pair;
    std::vector<std::pair<StreamEnd, StreamEnd>> more;
    for (int i = 0; i < 4; ++i) more.push_back(pair.cluster.stream("a", "b"));
    pair.cluster.run([&] { return pair.ours->closed() && pair.theirs->closed(); });
    for (auto& [ours, theirs] : more) {
        ours.write(kSome);
        CHECK(pair.cluster.read(theirs, kSome.size()) == kSome);
    }
}

void streams_end_with_the_links() {
    Pair pair;
    pair.cluster.remove("a");
    pair.cluster.run([&] { return pair.ours->closed() && pair.theirs->closed(); });
}

// As it is used: the links on their own thread, the descriptors on another.
void a_stream_is_used_from_another_thread() {
    auto loop = std::move(*loop::Loop::create());
    test::Certs certs;
    const auto open = [&](const std::string& node) {
        auto made = replica::Links::open({.listen = {"127.0.0.1", 0}, .files = certs.files("ocs", node)},
                                         *loop, logs::Log::discard());
        CHECK_OK(made);
        return *std::move(made);
    };
    auto a = open("a");
    auto b = open("b");
    a->set_nodes({{"b", b->bound()}});
    b->set_nodes({{"a", a->bound()}});
    int ours = -1;
    b->on_stream([&](const auto&, base::Fd fd) {  // echoes on a thread of its own
        std::thread([fd = std::move(fd)] {
            ::fcntl(fd.get(), F_SETFL, 0);
            std::array<char, 4096> some{};
            for (ssize_t got = 0; (got = ::read(fd.get(), some.data(), some.size())) > 0;)
                if (::write(fd.get(), some.data(), static_cast<size_t>(got)) != got) return;
        }).detach();
    });
    a->open_stream("b", [&](base::Result<base::Fd> fd) {
        if (fd) ours = fd->release();
        loop->stop();
    });
    loop->run();
    CHECK(ours >= 0);
    base::Fd fd(ours);
    ::fcntl(fd.get(), F_SETFL, 0);
    std::thread links([&] { loop->run(); });
    const base::Bytes sent = pattern(200'000);
    std::thread writer([&] {
        for (size_t at = 0; at < sent.size();) {
            const ssize_t put = ::write(fd.get(), sent.data() + at, sent.size() - at);
            if (put <= 0) return;
            at += static_cast<size_t>(put);
        }
    });
    base::Bytes heard(sent.size());
    size_t at = 0;
    while (at < heard.size()) {
        const ssize_t got = ::read(fd.get(), heard.data() + at, heard.size() - at);
        if (got <= 0) break;
        at += static_cast<size_t>(got);
    }
    writer.join();
    fd.reset();
    loop->post([&] {
        a.reset();
        b.reset();
        loop->stop();
    });
    links.join();
    CHECK(heard == sent);
}

}  // namespace

GROUP(links_streams, CASE(a_stream_carries_octets_both_ways_at_once),
      CASE(closing_one_end_closes_the_other_and_nothing_is_lost_before),
      CASE(closing_only_the_sending_side_ends_the_stream),
      CASE(a_slow_reader_holds_the_writer_back_and_loses_nothing), CASE(a_stream_to_nobody_is_an_error),
      CASE(of_many_streams_of_one_node_the_newest_stay), CASE(streams_end_with_the_links),
      CASE(a_stream_is_used_from_another_thread))
