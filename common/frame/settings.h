// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The part of the configuration that every daemon has. A daemon's Config holds it as its member `frame`:
//
//     struct Config {
//         frame::Settings frame{.api = {.port = 8444}};
//         …
//     };
//     void read(config::Section in, Config& out) {
//         frame::read(in, out.frame);
//         …
//     }
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/config/config.h"
#include "common/frame/cluster_settings.h"
#include "common/http/server.h"
#include "common/log/sink.h"
#include "common/tls/context.h"

namespace frame {

// One HTTPS listener.
struct ApiSettings {
    std::string host = "127.0.0.1";
    uint16_t port = 0;
    // Browsers' listeners never ask for a certificate: it makes browsers prompt.
    tls::ClientCertificate client = tls::ClientCertificate::kRequired;
    tls::Files files{};
    http::Limits limits{};
};
void read(config::Section in, ApiSettings& out);

// One HTTP listener without TLS.
struct PlainSettings {
    std::string host = "127.0.0.1";
    uint16_t port = 0;
    http::Limits limits{};
};
void read(config::Section in, PlainSettings& out);

struct Settings {
    ApiSettings api{};
    ClusterSettings cluster{};
    logs::Levels log_levels{};
    logs::Format log_format = logs::Format::kAuto;
    uint64_t store_quota = uint64_t{64} << 30;
    // Not for operation: unless 0, the daemon sees its store through a store::DelayingStore of this seed,
    // which answers late, kUnknown and kNotLeader. For tests of how the daemon takes that.
    int64_t store_delaying_seed = 0;
    uint64_t store_reserve = uint64_t{1} << 30;  // the last of it, for alerts and audit only
    unsigned workers = 2;
    size_t worker_queue = 64;
    std::chrono::milliseconds shutdown_timeout{10'000};
};
void read(config::Section in, Settings& out);

// Keys of Settings that a reload may change; everything below them too.
inline constexpr const char* kReloadable[] = {"log.level", "log.levels",  "api.certificate",
                                              "api.key",   "api.trusted", "shutdown.timeout"};

}  // namespace frame
