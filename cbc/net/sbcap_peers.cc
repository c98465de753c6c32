// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sbcap_peers.h"

#include <algorithm>

#include "cbc/net/peer_reload.h"

namespace cbc {
namespace {

using State = sbcap_link_fsm::State;

PathStatus view_of(const net::SctpPath& path) {
    return {.address = path.host,
            .state = std::string(net::to_string(path.state)),
            .primary = path.primary,
            .round_trip = path.smoothed_round_trip};
}

// Of "192.0.2.7:29168" or "[::1]:29168".
std::string host_of(const std::string& remote) {
    const size_t colon = remote.rfind(':');
    if (remote.starts_with('[')) return remote.substr(1, colon - 2);
    return remote.substr(0, colon);
}

std::string address_text(const SbcapPeerConfig& config) {
    std::string text;
    for (const std::string& host : config.addresses) text += (text.empty() ? "" : ",") + host;
    return config.role == LinkRole::kClient ? text + " port " + std::to_string(config.port) : text;
}

}  // namespace

PeerProfile profile_of(const SbcapPeerConfig& config) {
    return {config.name, Protocol::kSbcap, config.areas};
}

SctpMetrics::SctpMetrics(metrics::Registry& registry)
    : paths_active(registry.gauge("farol_sctp_paths", "Ways to peers whose association is up",
                                  {{"protocol", "sbcap"}, {"state", "active"}})),
      paths_other(registry.gauge("farol_sctp_paths", "Ways to peers whose association is up",
                                 {{"protocol", "sbcap"}, {"state", "not_active"}})),
      retransmitted(registry.counter("farol_sctp_retransmitted_chunks_total", "Chunks sent again",
                                     {{"protocol", "sbcap"}})) {
    for (const State state : sbcap_link_fsm::kStates)
        associations.emplace(
            state, registry.gauge(
                       "farol_sctp_associations", "Associations of configured peers",
                       {{"protocol", "sbcap"}, {"state", std::string(sbcap_link_fsm::to_string(state))}}));
}

SbcapPeers::SbcapPeers(Parts parts, const SbcapConfig& config, logs::Log log)
    : parts_(parts),
      config_(config),
      log_(std::move(log)),
      metrics_(parts.registry, Protocol::kSbcap, kSbcapProcedures),
      sctp_metrics_(parts.registry) {
    for (const SbcapPeerConfig& peer : config_.peers) add(peer);
    parts_.registry.before_text([this] { refresh_metrics(); });
}

void SbcapPeers::add(const SbcapPeerConfig& config) {
    SbcapLink::Connect connect;
    if (config.role == LinkRole::kClient)
        connect = [this, config]() -> base::Result<net::SctpAssociationPtr> {
            if (auto open = open_stack(); !open) return open.error();
            net::SctpSettings settings = config_.association;
            settings.udp_port = config.udp_port;
            return sctp_->connect({config_.local, 0}, {config.addresses, config.port}, settings);
        };
    const SbcapLink::Parts parts{parts_.loop,    parts_.clock, metrics_,
                                 config_.tuning, parts_.owner, parts_.network};
    auto link = std::make_unique<SbcapLink>(config.name, parts, log_.with({{"peer", config.name.value()}}),
                                            std::move(connect));
    peers_.emplace(config.name, Peer{config, std::move(link)});
}

// A reload may be what brings the first MME.
base::Result<void> SbcapPeers::open_stack() {
    if (sctp_ != nullptr) return {};
    auto stack = net::Sctp::create(parts_.loop, config_.stack);
    if (!stack) return stack.error().within("sbcap");
    sctp_ = std::move(*stack);
    log_.info("sbcap.transport", {{"transport", net::to_string(sctp_->transport())}});
    return {};
}

base::Result<void> SbcapPeers::start() {
    if (!config_.used()) return {};
    if (auto open = open_stack(); !open) return open;
    if (config_.listen) {
        auto listener = sctp_->listen({*config_.listen, config_.port}, config_.association,
                                      [this](net::SctpAssociationPtr one) { accepted(std::move(one)); });
        if (!listener) return listener.error().within("sbcap");
        listener_ = std::move(*listener);
        bound_ = listener_->bound();
    }
    for (const auto& [name, peer] : peers_)
        if (peer.config.role == LinkRole::kClient) peer.link->start();
    return {};
}

std::vector<PeerName> SbcapPeers::reload(const std::vector<SbcapPeerConfig>& fresh) {
    const auto same_link = [](const SbcapPeerConfig& a, const SbcapPeerConfig& b) {
        return a.role == b.role && a.addresses == b.addresses && a.port == b.port && a.udp_port == b.udp_port;
    };
    return apply_reload(peers_, fresh, same_link, [this](const SbcapPeerConfig& one) {
        drop(one.name);
        add(one);
        if (one.role == LinkRole::kClient) peers_.at(one.name).link->start();
        parts_.owner.link_changed(one.name);
    });
}

void SbcapPeers::drop(const PeerName& peer) {
    if (peers_.erase(peer) == 0) return;
    metrics_.forget(peer);
    parts_.owner.peer_down(peer);
}

void SbcapPeers::stop() {
    listener_.reset();
    peers_.clear();
    sctp_.reset();
}

void SbcapPeers::send(const DeliveryKey& key, PeerRequest request) {
    const auto peer = peers_.find(key.peer);
    if (peer != peers_.end()) peer->second.link->send(key, std::move(request));
}

TestStart SbcapPeers::test(const PeerName& peer) {
    const auto known = peers_.find(peer);
    if (known == peers_.end() || known->second.link->state() != State::kReady) return TestStart::kNotReady;
    known->second.link->test();
    return TestStart::kAsked;
}

std::vector<PeerStatus> SbcapPeers::status() const {
    std::vector<PeerStatus> all;
    for (const auto& [name, peer] : peers_) {
        PeerStatus status{.profile = profile_of(peer.config),
                          .role = std::string(to_string(peer.config.role)),
                          .address = address_text(peer.config),
                          .ready = peer.link->state() == State::kReady,
                          .state = std::string(sbcap_link_fsm::to_string(peer.link->state())),
                          .since = peer.link->standing().since(),
                          .reason = peer.link->standing().reason(),
                          .leaving = peer.leaving,
                          .requests_waiting = peer.link->waiting(),
                          .link_test = peer.link->last_test()};
        for (const net::SctpPath& path : peer.link->paths()) status.paths.push_back(view_of(path));
        all.push_back(std::move(status));
    }
    return all;
}

// --- who connects ---

SbcapLink* SbcapPeers::link_for(const std::string& host) {
    for (const auto& [name, peer] : peers_) {
        const auto& hosts = peer.config.addresses;
        if (peer.config.role == LinkRole::kServer && !peer.leaving &&
            std::find(hosts.begin(), hosts.end(), host) != hosts.end())
            return peer.link.get();
    }
    return nullptr;
}

size_t SbcapPeers::accepted_now() const {
    return static_cast<size_t>(std::count_if(peers_.begin(), peers_.end(), [](const auto& entry) {
        return entry.second.config.role == LinkRole::kServer && entry.second.link->state() != State::kDown;
    }));
}

// One that is not handed on is aborted as it goes.
void SbcapPeers::accepted(net::SctpAssociationPtr association) {
    const std::string remote = association->remote();
    SbcapLink* link = link_for(host_of(remote));
    if (link == nullptr) {
        log_.warning("sbcap.peer.unknown", {{"remote", remote}});
        return metrics_.odd(Oddity::kUnknownPeer);
    }
    if (link->state() == State::kDown && accepted_now() >= config_.associations_max) {
        log_.warning("sbcap.peer.too_many", {{"remote", remote}, {"limit", config_.associations_max}});
        return metrics_.odd(Oddity::kTooMany);
    }
    link->accept(std::move(association));
}

// --- figures ---

void SbcapPeers::refresh_metrics() {
    std::map<State, double> states;
    double active = 0;
    double other = 0;
    for (const auto& [name, peer] : peers_) {
        ++states[peer.link->state()];
        for (const net::SctpPath& path : peer.link->paths())
            (path.state == net::SctpPathState::kActive ? active : other) += 1;
    }
    for (const auto& [state, gauge] : sctp_metrics_.associations) gauge.set(states[state]);
    sctp_metrics_.paths_active.set(active);
    sctp_metrics_.paths_other.set(other);
    if (sctp_ == nullptr) return;
    const auto again = static_cast<double>(sctp_->retransmissions());
    if (again > sctp_metrics_.retransmitted.value())
        sctp_metrics_.retransmitted.add(again - sctp_metrics_.retransmitted.value());
}

}  // namespace cbc
