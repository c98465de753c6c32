// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/cbsp_peers.h"

namespace cbc {

CbspPeers::CbspPeers(loop::Loop& loop, const base::Clock& clock, const CbspMetrics& metrics,
                     const CbspConfig& config, LinkOwner& owner, logs::Log log,
                     std::function<void(const CbspPeerConfig&)> joined)
    : loop_(loop),
      clock_(clock),
      metrics_(metrics),
      config_(config),
      owner_(owner),
      log_(std::move(log)),
      joined_(std::move(joined)) {
    for (const CbspPeerConfig& peer : config_.peers) add(peer);
}

void CbspPeers::add(const CbspPeerConfig& config) {
    CbspLink::Connect connect;
    if (config.role == LinkRole::kClient)
        connect = [this, address = config.address] { return net::connect_tcp(loop_, address, {}); };
    auto link = std::make_unique<CbspLink>(
        config.name, CbspLink::Parts{loop_, clock_, metrics_, config_.tuning, owner_},
        log_.with({{"peer", config.name.value()}}), std::move(connect), config.manner);
    peers_.emplace(config.name, Peer{config, std::move(link)});
}

base::Result<void> CbspPeers::start() {
    if (config_.listen) {
        auto listener = net::TcpListener::listen(
            loop_, *config_.listen, {}, [this](net::TcpListener::Accepted one) { accepted(std::move(one)); });
        if (!listener) return listener.error().within("cbsp");
        listener_ = std::move(*listener);
        bound_ = listener_->bound();
    }
    for (const auto& [name, peer] : peers_)
        if (peer.config.role == LinkRole::kClient) peer.link->start();
    return {};
}

void CbspPeers::stop() {
    listener_.reset();
    peers_.clear();
}

void CbspPeers::send(const DeliveryKey& key, PeerRequest request) {
    const auto peer = peers_.find(key.peer);
    if (peer != peers_.end()) peer->second.link->send(key, std::move(request));
}

CbspLink* CbspPeers::link_for(const std::string& host) {
    for (const auto& [name, peer] : peers_)
        if (peer.config.role == LinkRole::kServer && peer.config.address.host == host) return peer.link.get();
    if (config_.unknown_peers == UnknownPeers::kRefuse || unknown_ >= config_.unknown_peers_max)
        return nullptr;
    ++unknown_;
    std::string name = "bsc-" + host;
    for (char& c : name)
        if (c == '.' || c == ':') c = '-';
    const CbspPeerConfig config{PeerName{name}, LinkRole::kServer, {host, 0}, std::nullopt, {}};
    log_.notice("cbsp.peer.joined", {{"peer", name}, {"remote", host}});
    add(config);
    joined_(config);
    return peers_.at(config.name).link.get();
}

void CbspPeers::accepted(net::TcpListener::Accepted accepted) {
    CbspLink* link = link_for(accepted.host);
    if (link == nullptr) {
        log_.warning("cbsp.peer.unknown", {{"remote", accepted.host}});
        metrics_.odd(Oddity::kUnknownPeer);
        return;  // the stream closes as it goes
    }
    link->accept(std::move(accepted.stream));
}

}  // namespace cbc
