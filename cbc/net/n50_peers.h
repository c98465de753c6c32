// SPDX-License-Identifier: AGPL-3.0-or-later
//
// All AMFs: those that the configuration names, those that an NRF tells of, and the server that they call
// back. TS 29.518 §5.2.2.4; TS 29.510.
//
// Each has a client of its own, so that one that is slow holds up nobody else. A call-back's path ends in a
// word that only the AMF has been told: without TLS nothing else keeps strangers from reporting.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cbc/net/n50_discovery.h"
#include "cbc/net/n50_link.h"
#include "cbc/net/peer_group.h"
#include "common/http2/server.h"
#include "common/loop/loop.h"

namespace cbc {

struct N50PeerConfig {
    PeerName name;
    std::string uri;                             // its apiRoot: "https://amf-1.5gc:443"
    std::optional<std::vector<uint32_t>> areas;  // tracking areas; none: any
    friend bool operator==(const N50PeerConfig&, const N50PeerConfig&) = default;
};

PeerProfile profile_of(const N50PeerConfig& config);

struct N50Config {
    // None: no AMF can be served, since it has to call back.
    std::optional<net::Endpoint> listen;
    std::string callback;                    // the URI under which AMFs reach `listen`
    std::optional<tls::Files> tls;           // ours; AMFs and the NRF show certificates of these authorities
    std::string nrf;                         // its apiRoot; empty: none
    bool tokens = false;                     // from the NRF, with each call
    std::chrono::milliseconds discovery{0};  // 0: AMFs are named by the configuration alone
    size_t discovered_most = 64;
    N50Manner manner;
    N50Tuning tuning;
    std::vector<N50PeerConfig> peers;
};

inline constexpr std::array kN50Procedures{Procedure::kWriteReplace, Procedure::kKill};

class N50Peers final : public PeerGroup {
 public:
    struct Parts {  // all outlive the peers
        loop::Loop& loop;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        const N50Config& config;
        LinkOwner& owner;
        AreaOf area_of;
    };
    N50Peers(Parts parts, logs::Log log);
    ~N50Peers() override;

    Protocol protocol() const override { return Protocol::kN50; }
    base::Result<void> start() override;
    void stop() override;
    bool has(const PeerName& peer) const override { return peers_.contains(peer); }
    void send(const DeliveryKey& key, PeerRequest request) override;
    std::vector<PeerStatus> status() const override;
    void drop(const PeerName& peer) override;
    TestStart test(const PeerName& peer) override;
    // As CbspPeers::reload(); those that the NRF told of stay.
    std::vector<PeerName> reload(const std::vector<N50PeerConfig>& fresh);
    const std::optional<net::Endpoint>& bound() const { return bound_; }

 private:
    struct Peer {
        N50PeerConfig config;
        std::string secret;  // the last word of its call-back's path
        std::unique_ptr<http::Client> client;
        std::unique_ptr<N50Link> link;
        bool configured = true;  // not told of by the NRF
        bool leaving = false;
    };
    HttpCall call_by(http::Client& client) const;
    base::Result<void> listen();
    Peer& add(const N50PeerConfig& config);
    void found(const std::vector<nnrf::Amf>& amfs);
    void notified(const http::Request& request, http::ResponderPtr responder);

    Parts parts_;
    logs::Log log_;
    std::unique_ptr<http::Client> nrf_client_;
    std::unique_ptr<N50Tokens> tokens_;
    std::map<PeerName, Peer> peers_;
    std::map<std::string, PeerName> by_instance_;  // those that the NRF told of
    std::unique_ptr<N50Discovery> discovery_;
    http::Router router_;
    std::unique_ptr<http2::Server> server_;
    std::optional<net::Endpoint> bound_;
};

}  // namespace cbc
