// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/api_key.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "common/auth/people.h"
#include "common/auth/record_parts.h"
#include "common/auth/token.h"
#include "common/store/key.h"

namespace auth {
namespace {

using namespace parts;

// IPv4 as IPv6 sees it, so that both are compared in one way.
struct Network {
    std::array<uint8_t, 16> octets{};
    unsigned bits = 128;
};

std::optional<Network> parse_network(std::string_view text) {
    const size_t slash = text.find('/');
    const std::string host(text.substr(0, slash));
    Network network;
    unsigned offset = 0;
    if (inet_pton(AF_INET6, host.c_str(), network.octets.data()) != 1) {
        network.octets = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
        if (inet_pton(AF_INET, host.c_str(), network.octets.data() + 12) != 1) return {};
        offset = 96;
    }
    if (slash == std::string_view::npos) return network;
    const std::string_view bits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), network.bits);
    if (error != std::errc{} || end != bits.data() + bits.size() || network.bits > 128 - offset) return {};
    network.bits += offset;
    return network;
}

bool takes_in(const Network& network, const std::array<uint8_t, 16>& address) {
    for (unsigned bit = 0; bit < network.bits; ++bit) {
        const uint8_t mask = static_cast<uint8_t>(0x80U >> (bit % 8));
        if (((network.octets[bit / 8] ^ address[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

// "192.0.2.7:40112", "[2001:db8::7]:40112" or without a port.
std::string_view host_of(std::string_view address) {
    if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
    return std::count(address.begin(), address.end(), ':') == 1 ? address.substr(0, address.find(':'))
                                                                : address;
}

base::Result<ApiKey> decode(std::string_view row) {
    return store::decode_record<ApiKey>(row, kVersion, [](store::RecordVersion, const Json& json) {
        const auto text = [&](const char* name) { return json.at(name).get<std::string>(); };
        return ApiKey{text("id"),
                      json.at("version").get<uint32_t>(),
                      text("name"),
                      text("description"),
                      json.at("permissions").get<std::vector<std::string>>(),
                      json.at("addresses").get<std::vector<std::string>>(),
                      UserId{text("holder")},
                      instant(json.at("created_at")),
                      instant(json.at("expires_at")),
                      instant(json.at("revoked_at")),
                      instant(json.at("last_used")),
                      text("hash"),
                      text("shown")};
    });
}

}  // namespace

ApiKey::Status ApiKey::status_at(base::Instant now) const {
    if (revoked_at != base::Instant{}) return Status::kRevoked;
    return expires_at != base::Instant{} && now >= expires_at ? Status::kExpired : Status::kActive;
}

std::string_view to_string(ApiKey::Status status) {
    switch (status) {
        case ApiKey::Status::kActive:
            return "active";
        case ApiKey::Status::kExpired:
            return "expired";
        case ApiKey::Status::kRevoked:
            return "revoked";
    }
    return "unknown";
}

std::string new_api_key(std::string_view application) {
    return "farol_" + std::string(application) + "_" + new_token();
}

std::string shown_form(std::string_view value) {
    return std::string(value.substr(0, value.rfind('_') + 1)) + "…" +
           std::string(value.substr(value.size() - 3));
}

std::optional<ApiKey> find_api_key(const store::Reader& reader, std::string_view id) {
    const auto row = reader.get(tables::kApiKeys, store::Key().text(id));
    if (!row) return {};
    auto key = decode(*row);
    if (!key) return {};
    return *std::move(key);
}

std::optional<ApiKey> find_api_key_by_value(const store::Reader& reader, std::string_view value) {
    const auto id = reader.get(tables::kApiKeyHashes, token_hash(value));
    return id ? find_api_key(reader, *id) : std::nullopt;
}

std::vector<ApiKey> all_api_keys(const store::Reader& reader) {
    std::vector<ApiKey> all;
    reader.scan(tables::kApiKeys, "", "", [&](std::string_view, std::string_view value) {
        if (auto key = decode(value)) all.push_back(*std::move(key));
        return true;
    });
    return all;
}

void put_api_key(store::Transaction& txn, const ApiKey& key) {
    const auto before = find_api_key(txn, key.id);
    if (before && !before->hash.empty() && before->hash != key.hash)
        txn.erase(tables::kApiKeyHashes, before->hash);
    if (!key.hash.empty()) txn.put(tables::kApiKeyHashes, key.hash, key.id);
    txn.put(tables::kApiKeys, store::Key().text(key.id),
            store::encode_record(kVersion, {{"id", key.id},
                                            {"version", key.version},
                                            {"name", key.name},
                                            {"description", key.description},
                                            {"permissions", key.permissions},
                                            {"addresses", key.addresses},
                                            {"holder", key.holder.value()},
                                            {"created_at", micros(key.created_at)},
                                            {"expires_at", micros(key.expires_at)},
                                            {"revoked_at", micros(key.revoked_at)},
                                            {"last_used", micros(key.last_used)},
                                            {"hash", key.hash},
                                            {"shown", key.shown}}));
}

bool is_network(std::string_view text) { return parse_network(text).has_value(); }

bool address_in(const std::vector<std::string>& networks, std::string_view address) {
    if (networks.empty()) return true;
    const auto host = parse_network(host_of(address));
    if (!host || host->bits != 128) return false;
    return std::any_of(networks.begin(), networks.end(), [&](const std::string& one) {
        const auto network = parse_network(one);
        return network && takes_in(*network, host->octets);
    });
}

}  // namespace auth
