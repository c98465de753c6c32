// SPDX-License-Identifier: AGPL-3.0-or-later
#include <arpa/inet.h>

#include <algorithm>

#include "cbc/config_parts.h"

namespace cbc {
namespace {

using namespace std::chrono_literals;

bool is_numeric(const std::string& host) {
    in6_addr space{};
    return inet_pton(AF_INET, host.c_str(), &space) == 1 || inet_pton(AF_INET6, host.c_str(), &space) == 1;
}

void read_hosts(config::Section in, const char* key, std::vector<std::string>& out) {
    in.value(key, out);
    for (const std::string& host : out)
        if (!is_numeric(host)) in.problem(key, "\"" + host + "\" is not a numeric address");
}

void read_count(config::Section in, const char* key, uint16_t& out, int64_t most) {
    int64_t count = out;
    in.value(key, count, 1, most);
    out = static_cast<uint16_t>(count);
}

}  // namespace

void read_sbcap(config::Section in, SbcapConfig& out) {
    if (in.has("listen")) read_hosts(in, "listen", out.listen.emplace());
    in.value("port", out.port);
    if (out.listen) out.local = *out.listen;
    read_hosts(in, "local", out.local);
    size_t transport = 0;
    in.choice("transport", transport, {"auto", "kernel", "userland"});
    constexpr std::array kTransports{net::SctpTransport::kAuto, net::SctpTransport::kKernel,
                                     net::SctpTransport::kUserland};
    out.stack.transport = kTransports.at(transport);
    in.value("udp_port", out.stack.udp_port);
    int64_t most = static_cast<int64_t>(out.associations_max);
    in.value("associations_max", most, 1, 10'000);
    out.associations_max = static_cast<size_t>(most);
    net::SctpSettings& association = out.association;
    in.duration("heartbeat", association.heartbeat, 100ms, 10min);
    in.duration("init_timeout", association.init_timeout, 100ms, 10min);
    in.duration("rto_min", association.rto_min, 10ms, 60s);
    in.duration("rto_max", association.rto_max, 100ms, 120s);
    if (association.rto_min > association.rto_max)
        in.problem("rto_min", "is longer than rto_max");
    else
        association.rto_initial =
            std::clamp(association.rto_initial, association.rto_min, association.rto_max);
    read_count(in, "path_retransmissions", association.path_retransmissions, 100);
    read_count(in, "association_retransmissions", association.association_retransmissions, 100);
    in.duration("request_timeout", out.tuning.request_timeout, 100ms, 60s);
    in.duration("reconnect_first", out.tuning.backoff.first, 10ms, 60s);
    in.duration("reconnect_most", out.tuning.backoff.most, 100ms, 10min);
}

SbcapPeerConfig read_sbcap_peer(const std::string& name, config::Section in, const SbcapConfig& sbcap) {
    SbcapPeerConfig peer;
    peer.name = PeerName{name};
    peer.role = read_role(in, LinkRole::kClient);
    if (in.has("address")) {
        std::string host;
        in.value("address", host);
        peer.addresses.push_back(host);
        if (!is_numeric(host))
            in.problem("address", "\"" + host + "\" is not a numeric address; its port is a key of its own");
    } else {
        in.require("addresses");
        read_hosts(in, "addresses", peer.addresses);
    }
    in.value("port", peer.port);
    peer.udp_port = sbcap.stack.udp_port;
    in.value("udp_port", peer.udp_port);
    peer.areas = read_areas(in, "tracking_areas", kTacMax);
    return peer;
}

}  // namespace cbc
