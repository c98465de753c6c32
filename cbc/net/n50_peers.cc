// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_peers.h"

#include <algorithm>

#include "cbc/net/peer_reload.h"
#include "common/base/uuid.h"

namespace cbc {
namespace {

constexpr size_t kNotificationOctetsMost = 4 * 1024 * 1024;
constexpr size_t kInstanceLetters = 12;  // of a discovered peer's name

std::string random_word() {
    std::array<uint8_t, 16> octets{};
    base::random_bytes(octets.data(), octets.size());
    return base::to_hex(octets);
}

// "amf-" and the first digits of the instance's UUID.
PeerName name_of(const nnrf::Amf& amf) {
    std::string name = "amf-";
    for (const char c : amf.instance) {
        const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        if (letter && name.size() < 4 + kInstanceLetters) name += c;
    }
    return PeerName{name};
}

// What an AMF serves; a list of areas of one network. Without one: any.
std::optional<std::vector<uint32_t>> areas_of(const nnrf::Amf& amf) {
    if (amf.tais.empty()) return std::nullopt;
    std::vector<uint32_t> areas;
    for (const Tai5gs& tai : amf.tais) areas.push_back(tai.tac);
    return areas;
}

}  // namespace

PeerProfile profile_of(const N50PeerConfig& config) { return {config.name, Protocol::kN50, config.areas}; }

N50Peers::N50Peers(Parts parts, logs::Log log) : parts_(std::move(parts)), log_(std::move(log)) {
    const N50Config& config = parts_.config;
    if (!config.nrf.empty()) nrf_client_ = std::make_unique<http::Client>(parts_.loop, config.tls);
    if (config.tokens)
        tokens_ = std::make_unique<N50Tokens>(
            N50Tokens::Parts{parts_.clock, call_by(*nrf_client_), config.nrf, config.manner.nf_id}, log_);
    for (const N50PeerConfig& peer : config.peers) add(peer);
    router_.add({http::Method::kPost, "/n50/{peer}/{secret}", http::Access::anybody(),
                 kNotificationOctetsMost, [this](const http::Request& request, http::ResponderPtr responder) {
                     notified(request, std::move(responder));
                 }});
}

N50Peers::~N50Peers() { stop(); }

HttpCall N50Peers::call_by(http::Client& client) const {
    return [&client](http::ClientRequest request, http::Client::OnResponse on_response) {
        client.call(std::move(request), std::move(on_response));
    };
}

N50Peers::Peer& N50Peers::add(const N50PeerConfig& config) {
    Peer& peer = peers_[config.name];
    peer.config = config;
    peer.secret = random_word();
    peer.client = std::make_unique<http::Client>(parts_.loop, parts_.config.tls);
    const std::string callback = parts_.config.callback + "/n50/" + config.name.value() + "/" + peer.secret;
    peer.link = std::make_unique<N50Link>(
        config.name, config.uri, callback,
        N50Link::Parts{parts_.loop, parts_.clock, parts_.metrics, parts_.config.tuning, parts_.config.manner,
                       parts_.owner, parts_.area_of, call_by(*peer.client), tokens_.get()},
        log_.with({{"peer", config.name.value()}}));
    return peer;
}

base::Result<void> N50Peers::start() {
    if (parts_.config.listen) {
        if (auto listening = listen(); !listening) return listening.error().within("n50");
    }
    for (const auto& [name, peer] : peers_) peer.link->start();
    if (parts_.config.discovery.count() == 0) return {};
    discovery_ = std::make_unique<N50Discovery>(
        N50Discovery::Parts{parts_.loop, call_by(*nrf_client_), parts_.config.nrf, parts_.config.discovery},
        log_, [this](const std::vector<nnrf::Amf>& amfs) { found(amfs); });
    discovery_->start();
    return {};
}

base::Result<void> N50Peers::listen() {
    std::shared_ptr<tls::ServerContext> context;
    if (parts_.config.callback.starts_with("https:")) {
        if (!parts_.config.tls) return base::invalid("a call-back over https needs a certificate");
        auto made =
            tls::ServerContext::create(*parts_.config.tls, tls::ClientCertificate::kOfNetwork, {"h2"});
        if (!made) return made.error();
        context = std::move(*made);
    }
    server_ =
        std::make_unique<http2::Server>(parts_.loop, parts_.clock, router_, http2::ServerLimits{}, log_);
    const auto bound = server_->listen(*parts_.config.listen, std::move(context));
    if (!bound) return bound.error();
    bound_ = *bound;
    return {};
}

std::vector<PeerName> N50Peers::reload(const std::vector<N50PeerConfig>& fresh) {
    const auto same_link = [](const N50PeerConfig& a, const N50PeerConfig& b) { return a.uri == b.uri; };
    return apply_reload(peers_, fresh, same_link, [this](const N50PeerConfig& one) {
        drop(one.name);
        add(one).link->start();
        parts_.owner.link_changed(one.name);
    });
}

void N50Peers::drop(const PeerName& peer) {
    if (peers_.erase(peer) == 0) return;
    std::erase_if(by_instance_, [&](const auto& told) { return told.second == peer; });
    parts_.metrics.forget(peer);
    parts_.owner.peer_down(peer);
}

void N50Peers::stop() {
    discovery_.reset();
    server_.reset();
    peers_.clear();
    tokens_.reset();
    nrf_client_.reset();
}

void N50Peers::send(const DeliveryKey& key, PeerRequest request) {
    const auto peer = peers_.find(key.peer);
    if (peer != peers_.end()) peer->second.link->send(key, std::move(request));
}

TestStart N50Peers::test(const PeerName& peer) {
    const auto known = peers_.find(peer);
    if (known == peers_.end() || known->second.link->state() != n50_link_fsm::State::kReady)
        return TestStart::kNotReady;
    known->second.link->test();
    return TestStart::kAsked;
}

std::vector<PeerStatus> N50Peers::status() const {
    std::vector<PeerStatus> all;
    for (const auto& [name, peer] : peers_) {
        const N50Link& link = *peer.link;
        all.push_back({.profile = profile_of(peer.config),
                       .role = std::string(to_string(LinkRole::kClient)),
                       .address = link.root(),
                       .ready = link.state() == n50_link_fsm::State::kReady,
                       .state = std::string(n50_link_fsm::to_string(link.state())),
                       .since = link.standing().since(),
                       .reason = link.standing().reason(),
                       .leaving = peer.leaving,
                       .requests_waiting = link.waiting(),
                       .last_keep_alive = link.last_renewal(),
                       .link_test = link.last_test()});
    }
    return all;
}

// One that has gone stays, as a peer that is down: what it held is not forgotten.
void N50Peers::found(const std::vector<nnrf::Amf>& amfs) {
    for (const nnrf::Amf& amf : amfs) {
        const auto known = by_instance_.find(amf.instance);
        if (known != by_instance_.end()) {
            peers_.at(known->second).link->move(amf.uri);
            continue;
        }
        const auto named = std::any_of(peers_.begin(), peers_.end(),
                                       [&](const auto& one) { return one.second.config.uri == amf.uri; });
        const N50PeerConfig config{name_of(amf), amf.uri, areas_of(amf)};
        if (named || peers_.contains(config.name)) continue;
        if (by_instance_.size() >= parts_.config.discovered_most) {
            log_.warning("n50.discovery.full", {{"limit", parts_.config.discovered_most}});
            return;
        }
        log_.notice("n50.peer.joined", {{"peer", config.name.value()}, {"remote", amf.uri}});
        by_instance_.emplace(amf.instance, config.name);
        Peer& peer = add(config);
        peer.configured = false;
        parts_.owner.peer_joined(profile_of(config));
        peer.link->start();
    }
}

void N50Peers::notified(const http::Request& request, http::ResponderPtr responder) {
    const auto peer = peers_.find(PeerName{request.parameter("peer")});
    if (peer == peers_.end() || peer->second.secret != request.parameter("secret")) {
        parts_.metrics.odd(Oddity::kUnknownPeer);
        return responder->respond(
            http::Response::problem(404, "SUBSCRIPTION_NOT_FOUND", "There is no such subscription."));
    }
    const auto told = peer->second.link->notified(request.header("content-type").value_or(""), request.body);
    if (told) return responder->respond(http::Response::empty(204));
    responder->respond(http::Response::problem(400, "MANDATORY_IE_INCORRECT", told.error().text));
}

}  // namespace cbc
