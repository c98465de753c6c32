// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/config.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cbc/api/ecbe_routes.h"
#include "cbc/config_parts.h"
#include "cbc/n50_settings.h"
#include "common/tls/context.h"

namespace cbc {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr size_t kCellFileOctetsMax = 64 * 1024 * 1024;

std::optional<base::Instant> changed_at(const std::string& path) {
    std::error_code problem;
    const auto time = std::filesystem::last_write_time(path, problem);
    if (problem) return std::nullopt;
    return std::chrono::time_point_cast<base::Instant::duration>(std::chrono::file_clock::to_sys(time));
}

void read_cells(config::Section in, Config& out) {
    in.path("cells", out.cells_path);
    if (out.cells_path.empty()) return;
    std::ifstream file{out.cells_path, std::ios::binary};
    if (!file) return in.problem("cells", out.cells_path + " cannot be read");
    out.cells_changed = changed_at(out.cells_path);
    std::ostringstream text;
    text << file.rdbuf();
    if (text.view().size() > kCellFileOctetsMax)
        return in.problem("cells", out.cells_path + " is larger than 64 MiB");
    auto table = CellTable::parse(text.view());
    if (table) {
        out.cells = std::move(*table);
        return;
    }
    for (const CellTableProblem& problem : table.error().kept)
        in.problem("cells", out.cells_path + ":" + std::to_string(problem.line) + ": " + problem.text);
    const size_t more = table.error().total - table.error().kept.size();
    if (more > 0) in.problem("cells", "and " + std::to_string(more) + " more problems");
}

std::optional<NumberRange> read_range(config::Section in, const std::string& key, const std::string& text,
                                      uint32_t most) {
    auto range = NumberRange::parse(text, most);
    if (!range) {
        in.problem(key, range.error().text);
        return std::nullopt;
    }
    return *range;
}

// The message codes and identifiers that a CBE may use.
void read_ranges(config::Section in, Cbe& cbe) {
    std::string text;
    in.require("codes");
    in.value("codes", text);
    if (!text.empty())
        if (const auto range = read_range(in, "codes", text, cbs::kMaxMessageCode)) cbe.codes = *range;
    if (in.has("etws_codes")) {
        in.value("etws_codes", text);
        cbe.etws_codes = read_range(in, "etws_codes", text, cbs::kMaxEtwsMessageCode);
    }
    std::vector<std::string> identifiers;
    in.value("identifiers", identifiers);
    for (const std::string& one : identifiers)
        if (const auto range = read_range(in, "identifiers", one, UINT16_MAX))
            cbe.identifiers.push_back(*range);
}

Cbe read_cbe(const std::string& name, config::Section in) {
    Cbe cbe;
    cbe.name = CbeName{name};
    in.require("certificate");
    in.value("certificate", cbe.certificate_uri);
    const auto identity = tls::Identity::parse(cbe.certificate_uri);
    if (!cbe.certificate_uri.empty() && (!identity || identity->role != "cbe"))
        in.problem("certificate", "\"" + cbe.certificate_uri + "\" is not a URI farol://<site>/cbe/<node>");
    in.require("identifiers");
    read_ranges(in, cbe);
    size_t mode = 0;
    in.choice("mode", mode, {"live", "training"});
    cbe.mode = mode == 0 ? Mode::kLive : Mode::kTraining;
    bool others = false;
    in.value("may_stop_others", others);
    cbe.stop_right = others ? StopRight::kAnyAlert : StopRight::kOwnAlerts;
    return cbe;
}

// Its clients send any identifier, unless the operator says otherwise.
Cbe read_ecbe(config::Section in, Config& out) {
    out.ecbe = frame::PlainSettings{.port = 12345};
    frame::read(in, *out.ecbe);
    Cbe cbe;
    cbe.name = CbeName{kEcbe};
    cbe.certificate_uri = kEcbeUri;
    cbe.approval = Approval::kElsewhere;
    read_ranges(in, cbe);
    if (!in.has("identifiers")) cbe.identifiers = {{0, UINT16_MAX}};
    return cbe;
}

void read_cbes(config::Section in, Config& out) {
    std::vector<Cbe> entries;
    for (auto& [name, section] : in.entries("cbes")) entries.push_back(read_cbe(name, section));
    if (in.has("ecbe")) entries.push_back(read_ecbe(in.section("ecbe"), out));
    auto table = CbeTable::create(std::move(entries));
    if (table)
        out.cbes = std::move(*table);
    else
        in.problem("cbes", table.error().text);
}

CbspManner read_manner(config::Section in) {
    CbspManner manner;
    size_t channel = 0;
    in.choice("channel", channel, {"basic", "extended"});
    manner.channel = channel == 0 ? cbsp::ChannelIndicator::kBasic : cbsp::ChannelIndicator::kExtended;
    size_t form = 0;
    in.choice("cells_named_by", form, {"cgi", "lac-ci", "ci"});
    constexpr std::array kForms{CellForm::kCgi, CellForm::kLacCi, CellForm::kCi};
    manner.cells = kForms.at(form);
    if (!in.has("drx")) return manner;
    config::Section drx = in.section("drx");
    int64_t period = 0;
    int64_t reserved = 0;
    drx.require("schedule_period");
    drx.value("schedule_period", period, 0, kMaxSchedulePeriod);
    drx.value("reserved_slots", reserved, 0, kMaxReservedSlots);
    manner.drx = DrxLevel{static_cast<uint8_t>(period), static_cast<uint8_t>(reserved)};
    return manner;
}

// What peers over TCP have in common: which side connects, and where the other one is.
template <class PeerConfig>
PeerConfig read_tcp_peer(const std::string& name, config::Section in) {
    PeerConfig peer;
    peer.name = PeerName{name};
    peer.role = read_role(in, LinkRole::kServer);
    in.require("address");
    if (peer.role == LinkRole::kClient)
        in.address("address", peer.address.host, peer.address.port);
    else
        in.value("address", peer.address.host);
    peer.areas = read_areas(in, "location_areas", kLacMax);
    return peer;
}

void read_peer(const std::string& name, config::Section in, Config& out) {
    if (name.empty() || name.size() > 32 ||
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        in.problem("", "\"" + name + "\" is not a name [a-z0-9-]{1,32}");
    size_t protocol = 0;
    in.choice("protocol", protocol, {"cbsp", "sabp", "sbcap", "n50"});
    if (protocol == 3) return out.n50.peers.push_back(read_n50_peer(PeerName{name}, in));
    if (protocol == 1) return out.sabp.peers.push_back(read_tcp_peer<SabpPeerConfig>(name, in));
    if (protocol == 2) return out.sbcap.peers.push_back(read_sbcap_peer(name, in, out.sbcap));
    auto peer = read_tcp_peer<CbspPeerConfig>(name, in);
    peer.manner = read_manner(in);
    out.cbsp.peers.push_back(std::move(peer));
}

std::optional<net::Endpoint> read_listen(config::Section in, uint16_t port) {
    if (!in.has("listen")) return std::nullopt;
    net::Endpoint listen{"", port};
    in.address("listen", listen.host, listen.port);
    return listen;
}

void read_cbsp(config::Section in, Config& out) {
    CbspConfig& cbsp = out.cbsp;
    cbsp.listen = read_listen(in, 48049);
    size_t unknown = 0;
    in.choice("unknown_peers", unknown, {"refuse", "accept"});
    cbsp.unknown_peers = unknown == 0 ? UnknownPeers::kRefuse : UnknownPeers::kAccept;
    LinkTuning& tuning = cbsp.tuning;
    in.duration("keep_alive", tuning.keep_alive_period, 1s, 120s);
    in.duration("keep_alive_timeout", tuning.keep_alive_timeout, 100ms, 60s);
    in.duration("restart_wait", tuning.restart_wait, 0ms, 10s);
    in.duration("reset_timeout", tuning.reset_timeout, 100ms, 60s);
    in.duration("request_timeout", tuning.request_timeout, 100ms, 60s);
    in.duration("status_timeout", tuning.status_timeout, 100ms, 60s);
    in.duration("load_query", tuning.upkeep.load_query_period, 0ms, 1h);
    tuning.upkeep.answer_timeout = tuning.status_timeout;
    in.duration("reconnect_first", tuning.backoff.first, 10ms, 60s);
    in.duration("reconnect_most", tuning.backoff.most, 100ms, 10min);
    int64_t attempts = out.delivery.attempts;
    in.value("attempts", attempts, 1, 10);
    out.delivery.attempts = static_cast<uint32_t>(attempts);
    const auto pause = [&](const char* key, std::chrono::seconds& value) {
        milliseconds length = value;
        in.duration(key, length, 1s, 1h);
        value = std::chrono::ceil<std::chrono::seconds>(length);
    };
    pause("retry_pause", out.delivery.retry_pause);
    pause("status_first", out.delivery.probe_first);
    pause("status_again", out.delivery.probe_again);
}

void read_sabp(config::Section in, SabpConfig& sabp) {
    sabp.listen = read_listen(in, 3452);
    SabpTuning& tuning = sabp.tuning;
    in.duration("restart_wait", tuning.restart_wait, 0ms, 10s);
    in.duration("reset_timeout", tuning.reset_timeout, 100ms, 60s);
    in.duration("request_timeout", tuning.request_timeout, 100ms, 60s);
    in.duration("status_timeout", tuning.status_timeout, 100ms, 60s);
    in.duration("load_query", tuning.load_query_period, 0ms, 1h);
    in.duration("load_query_timeout", tuning.load_query_timeout, 100ms, 60s);
    in.duration("reconnect_first", tuning.backoff.first, 10ms, 60s);
    in.duration("reconnect_most", tuning.backoff.most, 100ms, 10min);
}

}  // namespace

std::optional<std::vector<uint32_t>> read_areas(config::Section in, const char* key, uint32_t most) {
    constexpr size_t kAreasMax = 100'000;  // of one peer
    if (!in.has(key)) return std::nullopt;
    std::vector<std::string> texts;
    in.value(key, texts);
    std::vector<uint32_t> areas;
    for (const std::string& text : texts) {
        const auto range = read_range(in, key, text, most);
        if (!range) continue;
        if (areas.size() + (range->last - range->first) >= kAreasMax) {
            in.problem(key, "more than 100,000 areas; leave it out if the peer may have any");
            return areas;
        }
        for (uint32_t area = range->first; area <= range->last; ++area) areas.push_back(area);
    }
    return areas;
}

LinkRole read_role(config::Section in, LinkRole otherwise) {
    size_t role = otherwise == LinkRole::kServer ? 0 : 1;
    in.choice("role", role, {"server", "client"});
    return role == 0 ? LinkRole::kServer : LinkRole::kClient;
}

void read(config::Section in, Config& out) {
    frame::read(in, out.frame);
    read_cells(in, out);
    read_cbes(in, out);
    read_cbsp(in.section("cbsp"), out);
    read_sabp(in.section("sabp"), out.sabp);
    read_sbcap(in.section("sbcap"), out.sbcap);
    for (auto& [name, section] : in.entries("peers")) read_peer(name, section, out);
    read_n50(in.section("n50"), out.n50);
    if (in.has("twin")) read_twin(in.section("twin"), out.twin);
}

}  // namespace cbc
