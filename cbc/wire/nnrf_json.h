// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a CBCF asks of an NRF: which AMFs there are, and a token that they accept. Pure functions.
// TS 29.510 §6.2 (Nnrf_NFDiscovery), §6.3 (Nnrf_AccessToken).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/wire/radio_places.h"
#include "common/base/result.h"

namespace cbc::nnrf {

// An AMF that offers Namf_Communication.
struct Amf {
    std::string instance;  // its NF instance ID
    std::string uri;       // where its service is: "http://10.0.0.5:7777", with the prefix if it has one
    std::vector<Tai5gs> tais{};  // that it serves; empty: it does not say, or says ranges
    friend bool operator==(const Amf&, const Amf&) = default;
};
struct Found {
    std::vector<Amf> amfs;
    std::chrono::seconds valid{0};
};
// AMFs that are registered and reachable; those without a service of ours are passed over.
base::Result<Found> read_search_result(std::string_view body);

struct Token {
    std::string value;
    std::chrono::seconds valid{0};
};
base::Result<Token> read_token(std::string_view body);

// Percent-encoded (application/x-www-form-urlencoded).
std::string form_value(std::string_view text);

}  // namespace cbc::nnrf
