// SPDX-License-Identifier: AGPL-3.0-or-later
//
// All SBc-AP peers: the associations that we open, the listener for those that MMEs open, and who is let in.
//
// A peer that connects is known by its address, which is one of those that the configuration gives it;
// anybody else is refused. Hosts are numeric addresses.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cbc/net/peer_group.h"
#include "cbc/net/sbcap_link.h"

namespace cbc {

inline constexpr uint16_t kSbcapPort = 29168;

struct SbcapPeerConfig {
    PeerName name;
    LinkRole role = LinkRole::kClient;
    std::vector<std::string> addresses;          // all of its
    uint16_t port = kSbcapPort;                  // kClient
    uint16_t udp_port = 0;                       // kClient: where it takes SCTP in UDP; 0: over IP
    std::optional<std::vector<uint32_t>> areas;  // tracking areas; none: any
    friend bool operator==(const SbcapPeerConfig&, const SbcapPeerConfig&) = default;
};
PeerProfile profile_of(const SbcapPeerConfig& config);

struct SbcapConfig {
    std::optional<std::vector<std::string>> listen;  // none: no MME may connect
    uint16_t port = kSbcapPort;
    std::vector<std::string> local;  // our addresses for associations that we open; none: all
    net::Sctp::Settings stack;
    net::SctpSettings association;
    size_t associations_max = 64;  // that peers have opened
    SbcapTuning tuning;
    std::vector<SbcapPeerConfig> peers;

    bool used() const { return listen || !peers.empty(); }
};

// What is counted about SCTP itself, brought up to date when somebody reads it.
struct SctpMetrics {
    explicit SctpMetrics(metrics::Registry& registry);
    std::map<sbcap_link_fsm::State, metrics::Gauge> associations;
    metrics::Gauge paths_active, paths_other;  // of those that are up
    metrics::Counter retransmitted;            // chunks
};

class SbcapPeers final : public PeerGroup {
 public:
    // All outlive the peers.
    struct Parts {
        loop::Loop& loop;
        const base::Clock& clock;
        metrics::Registry& registry;
        LinkOwner& owner;
        const Network& network;
    };
    SbcapPeers(Parts parts, const SbcapConfig& config, logs::Log log);

    Protocol protocol() const override { return Protocol::kSbcap; }
    base::Result<void> start() override;
    void stop() override;
    bool has(const PeerName& peer) const override { return peers_.contains(peer); }
    void send(const DeliveryKey& key, PeerRequest request) override;
    std::vector<PeerStatus> status() const override;
    void drop(const PeerName& peer) override;
    TestStart test(const PeerName& peer) override;
    // As CbspPeers::reload().
    std::vector<PeerName> reload(const std::vector<SbcapPeerConfig>& fresh);
    const std::optional<net::Endpoint>& bound() const { return bound_; }

 private:
    struct Peer {
        SbcapPeerConfig config;
        std::unique_ptr<SbcapLink> link;
        bool configured = true;
        bool leaving = false;
    };
    base::Result<void> open_stack();
    void add(const SbcapPeerConfig& config);
    void accepted(net::SctpAssociationPtr association);
    SbcapLink* link_for(const std::string& host);
    size_t accepted_now() const;
    void refresh_metrics();

    Parts parts_;
    const SbcapConfig& config_;
    logs::Log log_;
    LinkMetrics metrics_;
    SctpMetrics sctp_metrics_;
    std::unique_ptr<net::Sctp> sctp_;  // before whatever stands on it
    std::map<PeerName, Peer> peers_;
    net::SctpListenerPtr listener_;
    std::optional<net::Endpoint> bound_;
};

}  // namespace cbc
