// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/links.h"

#include <cstdlib>

#include "tests/support/test.h"

namespace test {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;
constexpr size_t kUnsentMax = size_t{64} << 20;

}  // namespace

StreamEnd::StreamEnd(loop::Loop& loop, base::Fd fd) {
    const net::TcpLimits limits{.unsent_octets = kUnsentMax};
    state_->stream = net::adopt(loop, std::move(fd), "test", limits);
    std::weak_ptr<State> state = state_;
    state_->stream->start({.on_open = nullptr,
                           .on_octets =
                               [state](base::ByteView octets) {
                                   auto& heard = state.lock()->heard;
                                   heard.insert(heard.end(), octets.begin(), octets.end());
                               },
                           .on_closed = [state](net::CloseReason) { state.lock()->closed = true; }});
}

void StreamEnd::write(base::ByteView octets) { CHECK(state_->stream->send(octets) == net::Sent::kQueued); }
void StreamEnd::pause() { state_->stream->read(net::Reading::kPaused); }
void StreamEnd::resume() { state_->stream->read(net::Reading::kOn); }
void StreamEnd::close() { state_->stream.reset(); }

RawPeer::RawPeer(loop::Loop& loop, const tls::Files& files, const net::Endpoint& where,
                 tls::Protocols protocols) {
    const auto context = tls::ClientContext::create(files, std::move(protocols));
    CHECK_OK(context);
    const std::weak_ptr<State> weak = state_;
    auto stream = net::connect_tls(loop, where, **context, {}, [weak](const net::TlsPeer& peer) {
        weak.lock()->peer = peer;
        return base::Result<void>{};
    });
    CHECK_OK(stream);
    state_->stream = std::move(*stream);
    state_->stream->start({.on_open = [weak] { weak.lock()->open = true; },
                           .on_octets =
                               [weak](base::ByteView octets) {
                                   const auto state = weak.lock();
                                   state->reader.feed(octets);
                                   for (auto frame = state->reader.next(); frame && *frame;
                                        frame = state->reader.next())
                                       state->frames.push_back(**frame);
                               },
                           .on_closed =
                               [weak](net::CloseReason reason) {
                                   const auto state = weak.lock();
                                   state->why = net::describe(reason, state->stream->detail());
                               }});
}

void RawPeer::send(const replica::Frame& frame) { send_octets(replica::encode(frame)); }
void RawPeer::send_octets(base::ByteView octets) {
    CHECK(state_->stream->send(octets) == net::Sent::kQueued);
}

replica::Links::Peer Cluster::peer(const std::string& from, const std::string& to) {
    for (auto& peer : node(from).peers())
        if (peer.node == to) return peer;
    return {};
}

Cluster::Cluster(std::string role) : role_(std::move(role)), loop_(std::move(*loop::Loop::create())) {}

Cluster::~Cluster() {
    arrived_.clear();
    nodes_.clear();
}

replica::Links& Cluster::add(const std::string& node) { return add(node, certs_.files(role_, node)); }

replica::Links& Cluster::add(const std::string& node, tls::Files files) {
    return open(node, std::move(files), {"127.0.0.1", 0});
}

replica::Links& Cluster::add_at(const std::string& node, const net::Endpoint& where) {
    return open(node, certs_.files(role_, node), where);
}

replica::Links& Cluster::open(const std::string& node, tls::Files files, const net::Endpoint& where) {
    const replica::LinksConfig config{.listen = where,
                                      .files = std::move(files),
                                      .dead_after = dead_after,
                                      .step_timeout = step_timeout,
                                      .renew_within = renew_within};
    auto made = replica::Links::open(config, *loop_, logs::Log::discard());
    CHECK_OK(made);
    nodes_[node] = std::move(*made);
    nodes_[node]->on_stream([this, node](const replica::NodeName& from, base::Fd fd) {
        arrived_[from + ">" + node].emplace(*loop_, std::move(fd));
    });
    return *nodes_[node];
}

std::vector<replica::NodeAddress> Cluster::addresses() const {
    std::vector<replica::NodeAddress> out;
    for (const auto& [node, links] : nodes_) out.push_back({node, links->bound()});
    return out;
}

void Cluster::acquaint() {
    for (const auto& [node, links] : nodes_) links->set_nodes(addresses());
}

void Cluster::wait_until_connected(const std::string& from, const std::string& to) {
    run([&] { return peer(from, to).connected; });
}

Answered Cluster::call(const std::string& from, const std::string& to, const std::string& kind,
                       base::Bytes request, std::chrono::milliseconds deadline) {
    Answered answered;
    node(from).call(to, kind, std::move(request), deadline,
                    [&answered](base::Result<base::Bytes> result) { answered = std::move(result); });
    CHECK(!answered);  // never before call() has returned
    run([&] { return answered.has_value(); });
    return answered;
}

std::pair<StreamEnd, StreamEnd> Cluster::stream(const std::string& from, const std::string& to) {
    std::optional<StreamEnd> ours;
    std::optional<StreamEnd>& theirs = arrived_[from + ">" + to];
    theirs.reset();
    node(from).open_stream(to, [&](base::Result<base::Fd> fd) {
        CHECK_OK(fd);
        ours.emplace(*loop_, std::move(*fd));
    });
    run([&] { return ours && theirs; });
    return {*ours, *std::exchange(theirs, std::nullopt)};
}

base::Bytes Cluster::read(StreamEnd& end, size_t octets) {
    run([&] { return end.heard().size() >= octets; });
    return end.heard();
}

void Cluster::run(const std::function<bool()>& is_done) {
    bool late = false;
    const auto limit = loop_->after(kPatience, [&] {
        late = true;
        loop_->stop();
    });
    const auto look = loop_->every(1ms, [&] {
        if (is_done()) loop_->stop();
    });
    if (!is_done()) loop_->run();
    CHECK(!late);
}

void Cluster::pass(std::chrono::milliseconds time) {
    const auto end = loop_->after(time, [this] { loop_->stop(); });
    loop_->run();
}

}  // namespace test
