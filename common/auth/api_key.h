// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Keys for programs: shown once, kept as a hash, with the permissions that they carry, an end, and the
// addresses that may use them.
//
// A key is made without a value; making its value anew is how it gets the first one, too, and ends the one
// before at once. Somebody answers for each key (its holder): what a program writes with it counts as his.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/user.h"
#include "common/store/store.h"

namespace auth {

struct ApiKey {
    std::string id;
    uint32_t version = 1;
    std::string name;
    std::string description;
    std::vector<std::string> permissions;
    std::vector<std::string> addresses;  // "192.0.2.7", "10.0.0.0/8", "2001:db8::/32"; empty: any
    UserId holder;                       // who asked for it
    base::Instant created_at{};
    base::Instant expires_at{};  // the first moment at which it is no longer good; 0: never
    base::Instant revoked_at{};
    base::Instant last_used{};
    std::string hash;   // of its value; empty: it has none yet
    std::string shown;  // "farol_cbe_…a1b": tells it from others, and nothing more

    enum class Status { kActive, kExpired, kRevoked };
    Status status_at(base::Instant now) const;
};
std::string_view to_string(ApiKey::Status status);

// "farol_cbe_" and 64 hexadecimal digits.
std::string new_api_key(std::string_view application);
std::string shown_form(std::string_view value);

std::optional<ApiKey> find_api_key(const store::Reader& reader, std::string_view id);
// By its value; also one that is over.
std::optional<ApiKey> find_api_key_by_value(const store::Reader& reader, std::string_view value);
std::vector<ApiKey> all_api_keys(const store::Reader& reader);
void put_api_key(store::Transaction& txn, const ApiKey& key);

// An address or a network in CIDR form, IPv4 or IPv6.
bool is_network(std::string_view text);
// `address`: with or without a port. A list that is empty takes any.
bool address_in(const std::vector<std::string>& networks, std::string_view address);

}  // namespace auth
