// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/cluster_settings.h"

using namespace std::chrono_literals;

namespace frame {
namespace {

bool is_any(const std::string& host) { return host.empty() || host == "0.0.0.0" || host == "::"; }

void read_addresses(config::Section& in, ClusterSettings& out) {
    in.require("listen");
    out.listen.port = out.port;
    in.address("listen", out.listen.host, out.listen.port);
    out.advertise = out.listen;
    in.address("advertise", out.advertise.host, out.advertise.port);
    if (in.has("listen") && is_any(out.advertise.host))
        in.problem(in.has("advertise") ? "advertise" : "listen",
                   "the other nodes cannot reach this address; name one of this machine's as advertise");
    if (in.has("listen") && out.advertise.port == 0)
        in.problem("listen", "the other nodes must know the port: it cannot be 0");
}

void read_files(config::Section& in, const tls::Files& api, tls::Files& out) {
    out = api;
    in.path("certificate", out.certificate);
    in.path("key", out.key);
    if (in.has("trusted")) read_trusted(in, out.trusted);
    if (out.certificate.empty() || out.key.empty()) return;  // the API's problem, told there
    if (out.trusted.empty()) {
        in.problem("trusted", "missing: the authority that signs the certificates of the nodes");
    } else if (const auto good = tls::check(out); !good) {
        in.problem("certificate", good.error().text);
    }
}

}  // namespace

void read(config::Section in, const tls::Files& api, ClusterSettings& out) {
    out.wanted = in.present();
    if (!out.wanted) return;
    if (out.port == 0) {
        in.problem("", "this daemon is never part of a cluster: it must not need other machines to work");
        return;
    }
    read_addresses(in, out);
    read_files(in, api, out.files);
    size_t role = static_cast<size_t>(out.role);
    in.choice("role", role, {"member", "voter"});
    out.role = static_cast<replica::Role>(role);
    in.size("copy_rate", out.copy_rate, uint64_t{64} << 10, uint64_t{10} << 30);
    in.duration("forward_timeout", out.forward_timeout, 1s, 5min);
    in.duration("election", out.timing.election, 100ms, 1min);
    in.duration("heartbeat", out.timing.heartbeat, 10ms, 10s);
    if (out.timing.heartbeat * 3 > out.timing.election)
        in.problem("heartbeat", "must be at most a third of the election time-out");
}

}  // namespace frame
