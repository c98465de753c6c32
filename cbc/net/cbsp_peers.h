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
#include "common/net/tcp.h"

namespace cbc {

enum class LinkRole { kClient, kServer };  // ours
enum class UnknownPeers { kRefuse, kAccept };

struct CbspPeerConfig {
    PeerName name;
    LinkRole role = LinkRole::kServer;
    net::Endpoint address;  // kServer: the port is not looked at
    std::optional<std::vector<Lac>> location_areas;
    CbspManner manner{};
};

struct CbspConfig {
    std::optional<net::Endpoint> listen;
    UnknownPeers unknown_peers = UnknownPeers::kRefuse;
    size_t unknown_peers_max = 16;
    std::vector<CbspPeerConfig> peers;
    LinkTuning tuning;
};

class CbspPeers {
 public:
    // All outlive the peers. `joined` is told of an unknown peer before its link is used.
    CbspPeers(loop::Loop& loop, const base::Clock& clock, const CbspMetrics& metrics,
              const CbspConfig& config, LinkOwner& owner, logs::Log log,
              std::function<void(const CbspPeerConfig&)> joined);

    base::Result<void> start();
    void stop();  // closes all connections; nothing is told any more
    void send(const DeliveryKey& key, PeerRequest request);
    const std::optional<net::Endpoint>& bound() const { return bound_; }

    struct Peer {
        CbspPeerConfig config;
        std::unique_ptr<CbspLink> link;
    };
    const std::map<PeerName, Peer>& peers() const { return peers_; }

 private:
    void add(const CbspPeerConfig& config);
    void accepted(net::TcpListener::Accepted accepted);
    CbspLink* link_for(const std::string& host);

    loop::Loop& loop_;
    const base::Clock& clock_;
    const CbspMetrics& metrics_;
    const CbspConfig& config_;
    LinkOwner& owner_;
    logs::Log log_;
    std::function<void(const CbspPeerConfig&)> joined_;
    std::map<PeerName, Peer> peers_;
    std::unique_ptr<net::TcpListener> listener_;
    std::optional<net::Endpoint> bound_;
    size_t unknown_ = 0;
};

}  // namespace cbc
