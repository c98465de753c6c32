// SPDX-License-Identifier: AGPL-3.0-or-later
//
// All RNCs: the links that we open, and the listener for those that connect to us, which are known by their
// address. An unknown one is refused: without its service areas in the cell table nothing could be asked of
// it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cbc/domain/network.h"
#include "cbc/net/peer_group.h"
#include "cbc/net/sabp_link.h"
#include "common/net/tcp.h"

namespace cbc {

struct SabpPeerConfig {
    PeerName name;
    LinkRole role = LinkRole::kClient;
    net::Endpoint address{"", 3452};             // kServer: the port is not looked at
    std::optional<std::vector<uint32_t>> areas;  // location areas; none: any
    friend bool operator==(const SabpPeerConfig&, const SabpPeerConfig&) = default;
};

PeerProfile profile_of(const SabpPeerConfig& config);

struct SabpConfig {
    std::optional<net::Endpoint> listen;
    std::vector<SabpPeerConfig> peers;
    SabpTuning tuning;
};

class SabpPeers final : public PeerGroup {
 public:
    // All outlive the peers.
    SabpPeers(loop::Loop& loop, const base::Clock& clock, const LinkMetrics& metrics,
              const SabpConfig& config, const Network& network, LinkOwner& owner, logs::Log log);

    Protocol protocol() const override { return Protocol::kSabp; }
    base::Result<void> start() override;
    void stop() override;
    bool has(const PeerName& peer) const override { return peers_.contains(peer); }
    void send(const DeliveryKey& key, PeerRequest request) override;
    std::vector<PeerStatus> status() const override;
    void cells_replaced();  // the network has another cell table
    void drop(const PeerName& peer) override;
    TestStart test(const PeerName& peer) override;
    // As CbspPeers::reload(). When the network has the peers, cells_replaced() is to follow.
    std::vector<PeerName> reload(const std::vector<SabpPeerConfig>& fresh);
    const std::optional<net::Endpoint>& bound() const { return bound_; }

 private:
    struct Peer {
        SabpPeerConfig config;
        std::unique_ptr<SabpLink> link;
        bool configured = true;
        bool leaving = false;
    };
    void add(const SabpPeerConfig& config);
    void accepted(net::TcpListener::Accepted accepted);

    loop::Loop& loop_;
    const base::Clock& clock_;
    const LinkMetrics& metrics_;
    const SabpConfig& config_;
    const Network& network_;
    LinkOwner& owner_;
    logs::Log log_;
    std::map<PeerName, Peer> peers_;
    std::unique_ptr<net::TcpListener> listener_;
    std::optional<net::Endpoint> bound_;
};

}  // namespace cbc
