// SPDX-License-Identifier: AGPL-3.0-or-later
//
// All CBSP peers: the links that we open, the listener for those that connect to us, and who is let in.
//
// A peer that connects is known by its address. An unknown one is refused, or, where the configuration says
// so, let in under the name bsc-<its address>.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cbc/net/cbsp_link.h"
#include "cbc/net/peer_group.h"
#include "common/net/tcp.h"

namespace cbc {

enum class UnknownPeers { kRefuse, kAccept };

struct CbspPeerConfig {
    PeerName name;
    LinkRole role = LinkRole::kServer;
    net::Endpoint address;                       // kServer: the port is not looked at
    std::optional<std::vector<uint32_t>> areas;  // location areas; none: any
    CbspManner manner{};
    friend bool operator==(const CbspPeerConfig&, const CbspPeerConfig&) = default;
};

PeerProfile profile_of(const CbspPeerConfig& config);

struct CbspConfig {
    std::optional<net::Endpoint> listen;
    UnknownPeers unknown_peers = UnknownPeers::kRefuse;
    size_t unknown_peers_max = 16;
    std::vector<CbspPeerConfig> peers;
    LinkTuning tuning;
};

class CbspPeers final : public PeerGroup {
 public:
    // All outlive the peers.
    CbspPeers(loop::Loop& loop, const base::Clock& clock, const LinkMetrics& metrics,
              const CbspConfig& config, LinkOwner& owner, logs::Log log);

    Protocol protocol() const override { return Protocol::kCbsp; }
    base::Result<void> start() override;
    void stop() override;
    bool has(const PeerName& peer) const override { return peers_.contains(peer); }
    void send(const DeliveryKey& key, PeerRequest request) override;
    std::vector<PeerStatus> status() const override;
    void drop(const PeerName& peer) override;
    TestStart test(const PeerName& peer) override;
    // The configured peers from now on. The link of one that is as it was is not touched; that of one that is
    // elsewhere now, or is spoken to otherwise, is opened anew. Answers those that leave: their links stay
    // until drop().
    std::vector<PeerName> reload(const std::vector<CbspPeerConfig>& fresh);
    const std::optional<net::Endpoint>& bound() const { return bound_; }

    struct Peer {
        CbspPeerConfig config;
        std::unique_ptr<CbspLink> link;
        bool configured = true;
        bool leaving = false;
    };
    const std::map<PeerName, Peer>& peers() const { return peers_; }

 private:
    void add(const CbspPeerConfig& config, bool configured);
    void open_anew(const CbspPeerConfig& config);
    void accepted(net::TcpListener::Accepted accepted);
    CbspLink* link_for(const std::string& host);

    loop::Loop& loop_;
    const base::Clock& clock_;
    const LinkMetrics& metrics_;
    const CbspConfig& config_;
    LinkOwner& owner_;
    logs::Log log_;
    std::map<PeerName, Peer> peers_;
    std::unique_ptr<net::TcpListener> listener_;
    std::optional<net::Endpoint> bound_;
    size_t unknown_ = 0;
};

}  // namespace cbc
