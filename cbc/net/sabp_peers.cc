// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sabp_peers.h"

#include <algorithm>

namespace cbc {

PeerProfile profile_of(const SabpPeerConfig& config) { return {config.name, Protocol::kSabp, config.areas}; }

SabpPeers::SabpPeers(loop::Loop& loop, const base::Clock& clock, const LinkMetrics& metrics,
                     const SabpConfig& config, const Network& network, LinkOwner& owner, logs::Log log)
    : loop_(loop), metrics_(metrics), config_(config), network_(network), log_(std::move(log)) {
    for (const SabpPeerConfig& peer : config_.peers) {
        SabpLink::Connect connect;
        if (peer.role == LinkRole::kClient)
            connect = [this, address = peer.address] { return net::connect_tcp(loop_, address, {}); };
        auto link = std::make_unique<SabpLink>(peer.name,
                                               SabpLink::Parts{loop_, clock, metrics_, config_.tuning, owner},
                                               log_.with({{"peer", peer.name.value()}}), std::move(connect));
        peers_.emplace(peer.name, Peer{&peer, std::move(link)});
    }
    cells_replaced();
}

void SabpPeers::cells_replaced() {
    if (peers_.empty()) return;
    const auto shares = network_.divide(AllCells{}).shares;
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
        if (peer.config->role == LinkRole::kClient) peer.link->start();
    return {};
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
        const auto& [config, link] = peer;
        all.push_back(
            {.profile = profile_of(*config),
             .role = std::string(to_string(config->role)),
             .address = config->role == LinkRole::kClient ? config->address.text() : config->address.host,
             .ready = link->state() == sabp_link_fsm::State::kReady,
             .state = std::string(sabp_link_fsm::to_string(link->state())),
             .since = link->standing().since(),
             .reason = link->standing().reason(),
             .requests_waiting = link->waiting(),
             .last_keep_alive = link->last_test_answered(),
             .link_test = link->last_test()});
    }
    return all;
}

void SabpPeers::accepted(net::TcpListener::Accepted accepted) {
    const auto peer = std::find_if(peers_.begin(), peers_.end(), [&](const auto& one) {
        const SabpPeerConfig& config = *one.second.config;
        return config.role == LinkRole::kServer && config.address.host == accepted.host;
    });
    if (peer != peers_.end()) return peer->second.link->accept(std::move(accepted.stream));
    log_.warning("sabp.peer.unknown", {{"remote", accepted.host}});
    metrics_.odd(Oddity::kUnknownPeer);  // the stream closes as it goes
}

}  // namespace cbc
