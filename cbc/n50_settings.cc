// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/n50_settings.h"

#include "cbc/config_parts.h"
#include "common/base/uuid.h"
#include "common/frame/cluster_settings.h"

namespace cbc {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// "https://amf.5gc:443/prefix", without a slash at its end.
void read_uri(config::Section& in, std::string_view key, std::string& out) {
    in.value(key, out);
    while (out.ends_with('/')) out.pop_back();
    const size_t begin = out.starts_with("https://") ? 8 : 7;
    const bool good = (out.starts_with("http://") || out.starts_with("https://")) && out.size() > begin &&
                      out.find_first_of(" ?#@\"", begin) == std::string::npos;
    if (in.has(key) && !good) in.problem(key, "\"" + out + "\" is not a URI http://HOST or https://HOST");
}

void read_tls(config::Section& in, N50Config& out) {
    if (!in.has("certificate") && !in.has("key") && !in.has("trusted")) return;
    tls::Files files;
    for (const char* key : {"certificate", "key", "trusted"}) in.require(key);
    in.path("certificate", files.certificate);
    in.path("key", files.key);
    frame::read_trusted(in, files.trusted);
    if (files.certificate.empty() || files.key.empty() || files.trusted.empty()) return;
    if (const auto checked = tls::check(files); !checked) in.problem("certificate", checked.error().text);
    out.tls = std::move(files);
}

void check(config::Section& in, const N50Config& out) {
    const bool used = !out.peers.empty() || out.discovery.count() > 0;
    if (used && (!out.listen || out.callback.empty()))
        in.problem("", "AMFs call back: n50.listen and n50.callback are needed");
    bool secured = out.callback.starts_with("https:") || out.nrf.starts_with("https:");
    for (const N50PeerConfig& peer : out.peers) secured = secured || peer.uri.starts_with("https:");
    if (secured && !out.tls) in.problem("", "https needs n50.certificate, n50.key and n50.trusted");
    if ((out.tokens || out.discovery.count() > 0) && out.nrf.empty())
        in.problem("nrf", "tokens and discovery need an NRF");
    if (out.tokens && out.manner.nf_id.empty())
        in.problem("nf_instance", "an NRF gives tokens to a known NF instance ID");
}

}  // namespace

N50PeerConfig read_n50_peer(PeerName name, config::Section in) {
    N50PeerConfig peer{std::move(name), {}, std::nullopt};
    in.require("uri");
    read_uri(in, "uri", peer.uri);
    peer.areas = read_areas(in, "tracking_areas", kTacMax);
    return peer;
}

void read_n50(config::Section in, N50Config& out) {
    if (in.has("listen")) {
        net::Endpoint listen{"", 7777};
        in.address("listen", listen.host, listen.port);
        out.listen = listen;
    }
    read_uri(in, "callback", out.callback);
    read_uri(in, "nrf", out.nrf);
    read_tls(in, out);
    in.value("tokens", out.tokens);
    in.duration("discovery", out.discovery, 0ms, 24h);
    in.value("nf_instance", out.manner.nf_id);
    if (!out.manner.nf_id.empty() && !base::Uuid::parse(out.manner.nf_id))
        in.problem("nf_instance", "\"" + out.manner.nf_id + "\" is not a UUID");
    in.value("omc", out.manner.omc_id);
    N50Tuning& tuning = out.tuning;
    in.duration("request_timeout", tuning.requests.request_timeout, 100ms, 60s);
    in.duration("renew", tuning.renew_period, 1s, 24h);
    in.duration("retry_after_most", tuning.longest_wait, 0ms, 60s);
    in.duration("reconnect_first", tuning.backoff.first, 10ms, 60s);
    in.duration("reconnect_most", tuning.backoff.most, 100ms, 10min);
    check(in, out);
}

}  // namespace cbc
