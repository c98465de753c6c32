// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/nnrf_json.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cbc/wire/n50_common.h"
#include "common/json/object.h"
#include "common/json/parse.h"

namespace cbc::nnrf {
namespace {

constexpr json::Limits kLimits{.depth = 24, .values = 500'000};
constexpr json::ArrayRule kList{.max = 4096};
constexpr json::StringRule kText{.max = 1024};
constexpr std::chrono::seconds kValidMost = std::chrono::hours{24};
constexpr std::string_view kService = "namf-comm";

struct Host {
    std::string name;
    std::optional<int64_t> port;
};

std::string in_brackets(const std::string& ipv6) { return "[" + ipv6 + "]"; }

// The first of a list of addresses; empty: none.
std::string first_of(json::Object& object, std::string_view member) {
    if (!object.has(member)) return {};
    const auto all = object.strings(member, kList, {.max = 64});
    return all.empty() ? std::string() : all.front();
}

// The host of a profile or of a service: its addresses, or else its name. TS 29.510 §6.1.6.2.3.
std::string host_of(json::Object& object) {
    if (const std::string ipv4 = first_of(object, "ipv4Addresses"); !ipv4.empty()) return ipv4;
    if (const std::string ipv6 = first_of(object, "ipv6Addresses"); !ipv6.empty()) return in_brackets(ipv6);
    return object.optional_string("fqdn", {.max = 255}).value_or("");
}

// What cannot smuggle another host, a user or a path into a URI.
bool is_host(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '-' || c == ':' || c == '[' || c == ']';
    });
}

Host endpoint_of(json::Object& service, const std::string& otherwise) {
    Host host{{}, std::nullopt};
    if (service.has("ipEndPoints")) {
        service.objects("ipEndPoints", kList, [&](json::Object& point) {
            if (!host.name.empty() || host.port) return;
            const auto ipv4 = point.optional_string("ipv4Address", {.max = 64});
            const auto ipv6 = point.optional_string("ipv6Address", {.max = 64});
            host.name = ipv4 ? *ipv4 : ipv6 ? in_brackets(*ipv6) : std::string();
            host.port = point.optional_integer("port", {.min = 1, .max = 65535});
        });
    }
    if (host.name.empty()) host.name = service.optional_string("fqdn", {.max = 255}).value_or("");
    if (host.name.empty()) host.name = otherwise;
    return host;
}

std::optional<std::string> uri_of(json::Object& service, const std::string& profile_host) {
    if (service.string("serviceName", kText) != kService) return std::nullopt;
    if (service.optional_string("nfServiceStatus", kText).value_or("REGISTERED") != "REGISTERED")
        return std::nullopt;
    const std::string scheme = service.optional_string("scheme", {.max = 8}).value_or("https");
    const Host host = endpoint_of(service, profile_host);
    if (!is_host(host.name) || (scheme != "http" && scheme != "https")) return std::nullopt;
    std::string uri = scheme + "://" + host.name;
    if (host.port) uri += ":" + std::to_string(*host.port);
    const std::string prefix = service.optional_string("apiPrefix", kText).value_or("");
    if (!prefix.empty()) uri += (prefix.front() == '/' ? "" : "/") + prefix;
    return uri;
}

// Services stand in an array, or (since release 16) in a map by their instance.
void each_service(json::Object& profile, const std::function<void(json::Object&)>& visit) {
    if (profile.has("nfServices")) return profile.objects("nfServices", kList, visit);
    if (!profile.has("nfServiceList")) return;
    const nlohmann::json* map = profile.member("nfServiceList");
    auto inner = profile.optional_object("nfServiceList");
    if (map == nullptr || !map->is_object() || map->size() > kList.max || !inner) return;
    for (const auto& [name, value] : map->items()) {
        json::Object service = inner->object(name);
        visit(service);
    }
}

std::optional<Amf> read_amf(json::Object& profile) {
    Amf amf{profile.string("nfInstanceId", {.max = 64}), {}, {}};
    if (profile.string("nfStatus", kText) != "REGISTERED") return std::nullopt;
    const std::string host = host_of(profile);
    each_service(profile, [&](json::Object& service) {
        auto uri = uri_of(service, host);
        if (uri && amf.uri.empty()) amf.uri = *std::move(uri);
    });
    if (auto info = profile.optional_object("amfInfo")) {
        // Ranges cannot be said by a list: whoever has some is asked for everything.
        if (!info->has("taiRangeList")) amf.tais = n50::read_tais(*info, "taiList");
    }
    if (amf.uri.empty()) return std::nullopt;
    return amf;
}

}  // namespace

base::Result<Found> read_search_result(std::string_view body) {
    const auto parsed = json::parse(body, kLimits);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object object(*parsed, problems);
    Found found;
    const int64_t valid = object.optional_integer("validityPeriod", {}).value_or(0);
    found.valid = std::min(std::chrono::seconds{valid}, kValidMost);
    object.objects("nfInstances", kList, [&](json::Object& profile) {
        if (auto amf = read_amf(profile)) found.amfs.push_back(*std::move(amf));
    });
    if (!problems.empty()) return problems.error();
    return found;
}

base::Result<Token> read_token(std::string_view body) {
    const auto parsed = json::parse(body, kLimits);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object object(*parsed, problems);
    Token token{object.string("access_token", {.max = 16'384}), std::chrono::seconds{0}};
    object.string("token_type", {.max = 64});
    // RFC 6749 §5.1: who does not say how long it is valid leaves it to us.
    const int64_t valid = object.optional_integer("expires_in", {.min = 1}).value_or(60);
    token.valid = std::min(std::chrono::seconds{valid}, kValidMost);
    if (!problems.empty()) return problems.error();
    const bool fits =
        std::all_of(token.value.begin(), token.value.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!fits) return base::invalid("/access_token must be printable, without spaces");
    return token;
}

std::string form_value(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        char coded[4];
        std::snprintf(coded, sizeof coded, "%%%02X", static_cast<unsigned char>(c));
        out += plain ? std::string(1, c) : std::string(coded);
    }
    return out;
}

}  // namespace cbc::nnrf
