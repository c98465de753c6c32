// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/cbsp_peers.h"

#include <algorithm>

#include "cbc/net/peer_reload.h"

namespace cbc {
namespace {

std::optional<LinkTestStatus> view_of(const std::optional<LinkTest>& test) {
    if (!test) return std::nullopt;
    LinkTestStatus view{.at = test->at,
                        .result = std::string(to_string(test->result)),
                        .took = test->took,
                        .cells = test->cells,
                        .failed_cells = test->failed,
                        .busiest_cell = {}};
    if (test->busiest) {
        view.busiest_cell = cbsp::text_of(test->busiest->cell);
        view.busiest_load = std::max(test->busiest->load_1, test->busiest->load_2);
    }
    return view;
}

std::optional<DrxStatus> view_of(const std::optional<DrxOutcome>& drx) {
    if (!drx) return std::nullopt;
    return DrxStatus{.schedule_period = drx->level.schedule_period,
                     .reserved_slots = drx->level.reserved_slots,
                     .at = drx->at,
                     .result = drx->result ? std::string(to_string(*drx->result)) : "sent",
                     .failed_cells = drx->failed};
}

// Whether the link of one serves the other just as well.
bool same_link(const CbspPeerConfig& a, const CbspPeerConfig& b) {
    return a.role == b.role && a.address == b.address && a.manner == b.manner;
}

bool takes_address_of(const std::vector<CbspPeerConfig>& fresh, const CbspPeerConfig& known) {
    return std::any_of(fresh.begin(), fresh.end(), [&](const CbspPeerConfig& one) {
        return one.role == LinkRole::kServer && one.address.host == known.address.host;
    });
}

}  // namespace

PeerProfile profile_of(const CbspPeerConfig& config) { return {config.name, Protocol::kCbsp, config.areas}; }

CbspPeers::CbspPeers(loop::Loop& loop, const base::Clock& clock, const LinkMetrics& metrics,
                     const CbspConfig& config, LinkOwner& owner, logs::Log log)
    : loop_(loop), clock_(clock), metrics_(metrics), config_(config), owner_(owner), log_(std::move(log)) {
    for (const CbspPeerConfig& peer : config_.peers) add(peer, true);
}

void CbspPeers::add(const CbspPeerConfig& config, bool configured) {
    CbspLink::Connect connect;
    if (config.role == LinkRole::kClient)
        connect = [this, address = config.address] { return net::connect_tcp(loop_, address, {}); };
    auto link = std::make_unique<CbspLink>(
        config.name, CbspLink::Parts{loop_, clock_, metrics_, config_.tuning, owner_},
        log_.with({{"peer", config.name.value()}}), std::move(connect), config.manner);
    peers_.emplace(config.name, Peer{config, std::move(link), configured});
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

std::vector<PeerName> CbspPeers::reload(const std::vector<CbspPeerConfig>& fresh) {
    // One that joined by itself stays, unless its address is a configured peer's now.
    for (auto& [name, peer] : peers_)
        if (takes_address_of(fresh, peer.config)) peer.configured = true;
    return apply_reload(peers_, fresh, same_link, [this](const CbspPeerConfig& one) { open_anew(one); });
}

void CbspPeers::open_anew(const CbspPeerConfig& config) {
    if (peers_.contains(config.name)) drop(config.name);
    add(config, true);
    if (config.role == LinkRole::kClient) peers_.at(config.name).link->start();
    owner_.link_changed(config.name);
}

void CbspPeers::drop(const PeerName& peer) {
    if (peers_.erase(peer) == 0) return;
    metrics_.forget(peer);
    owner_.peer_down(peer);
}

TestStart CbspPeers::test(const PeerName& peer) {
    const auto known = peers_.find(peer);
    if (known == peers_.end() || known->second.link->state() != stream_link_fsm::State::kReady)
        return TestStart::kNotReady;
    known->second.link->test();
    return TestStart::kAsked;
}

void CbspPeers::stop() {
    listener_.reset();
    peers_.clear();
}

void CbspPeers::send(const DeliveryKey& key, PeerRequest request) {
    const auto peer = peers_.find(key.peer);
    if (peer != peers_.end()) peer->second.link->send(key, std::move(request));
}

std::vector<PeerStatus> CbspPeers::status() const {
    std::vector<PeerStatus> all;
    for (const auto& [name, peer] : peers_) {
        const bool client = peer.config.role == LinkRole::kClient;
        all.push_back({.profile = profile_of(peer.config),
                       .role = std::string(to_string(peer.config.role)),
                       .address = client ? peer.config.address.text() : peer.config.address.host,
                       .ready = peer.link->state() == stream_link_fsm::State::kReady,
                       .state = std::string(stream_link_fsm::to_string(peer.link->state())),
                       .since = peer.link->standing().since(),
                       .reason = peer.link->standing().reason(),
                       .leaving = peer.leaving,
                       .requests_waiting = peer.link->waiting(),
                       .last_keep_alive = peer.link->last_keep_alive(),
                       .link_test = view_of(peer.link->upkeep().last_test()),
                       .drx = view_of(peer.link->upkeep().drx())});
    }
    return all;
}

CbspLink* CbspPeers::link_for(const std::string& host) {
    for (const auto& [name, peer] : peers_)
        if (!peer.leaving && peer.config.role == LinkRole::kServer && peer.config.address.host == host)
            return peer.link.get();
    if (config_.unknown_peers == UnknownPeers::kRefuse || unknown_ >= config_.unknown_peers_max)
        return nullptr;
    ++unknown_;
    std::string name = "bsc-" + host;
    for (char& c : name)
        if (c == '.' || c == ':') c = '-';
    const CbspPeerConfig config{PeerName{name}, LinkRole::kServer, {host, 0}, std::nullopt, {}};
    log_.notice("cbsp.peer.joined", {{"peer", name}, {"remote", host}});
    add(config, false);
    owner_.peer_joined(profile_of(config));
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
