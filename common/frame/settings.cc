// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/settings.h"

using namespace std::chrono_literals;

namespace frame {
namespace {

const std::vector<std::string> kLevelWords{"error", "warning", "notice", "info", "debug"};

void read_count(config::Section& in, std::string_view key, size_t& out, int64_t least, int64_t most) {
    auto number = static_cast<int64_t>(out);
    in.value(key, number, least, most);
    out = static_cast<size_t>(number);
}

void read_size(config::Section& in, std::string_view key, size_t& out, uint64_t least, uint64_t most) {
    uint64_t octets = out;
    in.size(key, octets, least, most);
    out = octets;
}

void read_limits(config::Section in, http::Limits& out) {
    read_count(in, "connections", out.connections, 1, 100'000);
    read_count(in, "connections_per_address", out.connections_per_address, 1, 100'000);
    read_size(in, "head", out.head_octets, 1024, 1 << 20);
    read_size(in, "unsent", out.unsent_octets, 64 << 10, 64 << 20);
    in.duration("head_deadline", out.head_deadline, 1s, 5min);
    in.duration("body_deadline", out.body_deadline, 1s, 1h);
    in.duration("write_deadline", out.write_deadline, 1s, 1h);
    in.duration("idle_timeout", out.idle_timeout, 1s, 1h);
}

void read_log(config::Section in, Settings& out) {
    size_t level = static_cast<size_t>(out.log_levels.standard);
    in.choice("level", level, kLevelWords);
    out.log_levels.standard = static_cast<logs::Level>(level);
    size_t format = static_cast<size_t>(out.log_format);
    in.choice("format", format, {logs::kFormatNames.begin(), logs::kFormatNames.end()});
    out.log_format = static_cast<logs::Format>(format);
    for (const auto& [category, word] : in.words("levels")) {
        if (const auto parsed = logs::parse_level(word)) {
            out.log_levels.categories[category] = *parsed;
        } else {
            in.section("levels").problem(category, parsed.error().text);
        }
    }
}

}  // namespace

// "[ca.pem, {file: government.pem, roles: [cbe], sites: [north]}]"
void read_trusted(config::Section& in, std::vector<tls::Trust>& out) {
    out.clear();
    for (config::Section one : in.list("trusted", "file")) {
        std::string file;
        std::vector<std::string> roles;
        one.require("file");
        one.path("file", file);
        one.value("roles", roles);
        std::vector<std::string> sites;
        one.value("sites", sites);
        bool good = !file.empty();
        if (one.has("roles") && roles.empty()) {
            one.problem("roles", "at least one of " + tls::all_roles());
            good = false;
        }
        if (one.has("sites") && (sites.empty() || roles.empty())) {
            one.problem("sites", "at least one site, beside roles");
            good = false;
        }
        for (const std::string& role : roles) {
            if (tls::is_role(role)) continue;
            one.problem("roles", "\"" + role + "\" is no role; use " + tls::all_roles());
            good = false;
        }
        for (const std::string& site : sites) {
            if (tls::is_label(site)) continue;
            one.problem("sites", "\"" + site + "\" is no site; use 1 to 32 of a-z, 0-9 and -");
            good = false;
        }
        if (good) out.emplace_back(std::move(file), std::move(roles), std::move(sites));
    }
}

void read(config::Section in, ApiSettings& out) {
    in.address("listen", out.host, out.port);
    in.require("certificate");
    in.require("key");
    in.path("certificate", out.files.certificate);
    in.path("key", out.files.key);
    if (out.client == tls::ClientCertificate::kRequired) {
        in.require("trusted");
        read_trusted(in, out.files.trusted);
    }
    read_limits(in.section("limits"), out.limits);
    if (out.files.certificate.empty() || out.files.key.empty()) return;
    if (out.client == tls::ClientCertificate::kRequired && out.files.trusted.empty()) return;
    if (const auto made = tls::ServerContext::create(out.files, out.client); !made)
        in.problem("certificate", made.error().text);
}

void read(config::Section in, PlainSettings& out) {
    in.address("listen", out.host, out.port);
    read_limits(in.section("limits"), out.limits);
}

void read(config::Section in, Settings& out) {
    constexpr int64_t kSeedMax = 1'000'000'000;
    read(in.section("api"), out.api);
    read_log(in.section("log"), out);
    config::Section store = in.section("store");
    store.size("quota", out.store_quota, uint64_t{16} << 20, uint64_t{256} << 30);
    store.size("reserve", out.store_reserve, uint64_t{1} << 20, uint64_t{1} << 40);
    store.value("delaying_seed", out.store_delaying_seed, 0, kSeedMax);
    config::Section workers = in.section("workers");
    int64_t threads = out.workers;
    workers.value("threads", threads, 1, 64);
    out.workers = static_cast<unsigned>(threads);
    read_count(workers, "queue", out.worker_queue, 1, 100'000);
    read(in.section("cluster"), out.api.files, out.cluster);
    in.section("shutdown").duration("timeout", out.shutdown_timeout, 100ms, 5min);
}

}  // namespace frame
