// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sabp_peers.h"

#include <algorithm>

#include "cbc/net/peer_reload.h"

namespace cbc {

PeerProfile profile_of(const SabpPeerConfig& config) { return {config.name, Protocol::kSabp, config.areas}; }

SabpPeers::SabpPeers(loop::Loop& loop, const base::Clock& clock, const LinkMetrics& metrics,
                     const SabpConfig& config, const Network& network, LinkOwner& owner, logs::Log log)
    : loop_(loop),
      clock_(clock),
      metrics_(metrics),
      config_(config),
      network_(network),
      owner_(owner),
      log_(std::move(log)) {
    for (const SabpPeerConfig& peer : config_.peers) add(peer);
    cells_replaced();
}

void SabpPeers::add(const SabpPeerConfig& config) {
    SabpLink::Connect connect;
    if (config.role == LinkRole::kClient)
        connect = [this, address = config.address] { return net::connect_tcp(loop_, address, {}); };
    auto link = std::make_unique<SabpLink>(config.name,
                                           SabpLink::Parts{loop_, clock_, metrics_, config_.tuning, owner_},
                                           log_.with({{"peer", config.name.value()}}), std::move(connect));
    peers_.emplace(config.name, Peer{config, std::move(link)});
}

std::vector<PeerName> SabpPeers::reload(const std::vector<SabpPeerConfig>& fresh) {
    const auto same_link = [](const SabpPeerConfig& a, const SabpPeerConfig& b) {
        return a.role == b.role && a.address == b.address;
    };
    return apply_reload(peers_, fresh, same_link, [this](const SabpPeerConfig& one) {
        if (peers_.contains(one.name)) drop(one.name);
        add(one);
        if (one.role == LinkRole::kClient) peers_.at(one.name).link->start();
        owner_.link_changed(one.name);
    });
}

void SabpPeers::drop(const PeerName& peer) {
    if (peers_.erase(peer) == 0) return;
    metrics_.forget(peer);
    owner_.peer_down(peer);
}

void SabpPeers::cells_replaced() {
    if (peers_.empty()) return;
    const auto division = network_.divide(AllCells{});
    const auto& shares = division->shares;
    for (const auto& [name, peer] : peers_) {
        const auto share = shares.find(name);
        peer.link->use_table(share == shares.end() ? PlaceSet{} : share->second.known);
    }
}

base::Result<void> SabpPeers::start() {
    if (config_.listen) {
        auto listener = net::TcpListener::listen(
            loop_, *config_.listen, {}, [this](net::TcpListener::Accepted one) { accepted(std::move(one)); });
        if (!listener) return listener.error().within("sabp");
        listener_ = std::move(*listener);
        bound_ = listener_->bound();
    }
    for (const auto& [name, peer] : peers_)
        if (peer.config.role == LinkRole::kClient) peer.link->start();
    return {};
}

TestStart SabpPeers::test(const PeerName& peer) {
    const auto known = peers_.find(peer);
    if (known == peers_.end() || known->second.link->state() != stream_link_fsm::State::kReady)
        return TestStart::kNotReady;
    known->second.link->test();
    return TestStart::kAsked;
}

void SabpPeers::stop() {
    listener_.reset();
    peers_.clear();
}

void SabpPeers::send(const DeliveryKey& key, PeerRequest request) {
    const auto peer = peers_.find(key.peer);
    if (peer != peers_.end()) peer->second.link->send(key, std::move(request));
}

std::vector<PeerStatus> SabpPeers::status() const {
    std::vector<PeerStatus> all;
    for (const auto& [name, peer] : peers_) {
        const SabpPeerConfig& config = peer.config;
        const auto& link = peer.link;
        all.push_back(
            {.profile = profile_of(config),
             .role = std::string(to_string(config.role)),
             .address = config.role == LinkRole::kClient ? config.address.text() : config.address.host,
             .ready = link->state() == stream_link_fsm::State::kReady,
             .state = std::string(stream_link_fsm::to_string(link->state())),
             .since = link->standing().since(),
             .reason = link->standing().reason(),
             .leaving = peer.leaving,
             .requests_waiting = link->waiting(),
             .last_keep_alive = link->last_test_answered(),
             .link_test = link->last_test()});
    }
    return all;
}

void SabpPeers::accepted(net::TcpListener::Accepted accepted) {
    const auto peer = std::find_if(peers_.begin(), peers_.end(), [&](const auto& one) {
        const SabpPeerConfig& config = one.second.config;
        return !one.second.leaving && config.role == LinkRole::kServer &&
               config.address.host == accepted.host;
    });
    if (peer != peers_.end()) return peer->second.link->accept(std::move(accepted.stream));
    log_.warning("sabp.peer.unknown", {{"remote", accepted.host}});
    metrics_.odd(Oddity::kUnknownPeer);  // the stream closes as it goes
}

}  // namespace cbc
