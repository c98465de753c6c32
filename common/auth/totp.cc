// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/totp.h"

#include <fmt/format.h>
#include <liboath/oath.h>

#include <array>
#include <cassert>
#include <cctype>

namespace auth {
namespace {

constexpr std::chrono::seconds kStep{30};
constexpr unsigned kDigits = 6;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

bool oath_ready() {
    static const bool ready = oath_init() == OATH_OK;  // initialises its crypto library, once
    return ready;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (std::isalnum(octet) != 0 || c == '-' || c == '.' || c == '_' || c == '~')
            out += c;
        else
            out += fmt::format("%{:02X}", octet);
    }
    return out;
}

}  // namespace

TotpStep totp_step(base::Instant now) {
    return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() / kStep;
}

std::string totp_code(const Secret& secret, TotpStep step) {
    const bool ready = oath_ready();
    assert(ready);
    std::array<char, kDigits + 1> digits{};
    const int result = oath_hotp_generate(reinterpret_cast<const char*>(secret.view().data()), secret.size(),
                                          static_cast<uint64_t>(step), kDigits, false,
                                          OATH_HOTP_DYNAMIC_TRUNCATION, digits.data());
    assert(result == OATH_OK);
    return digits.data();
}

std::optional<TotpStep> matching_step(const Secret& secret, std::string_view code, base::Instant now) {
    std::optional<TotpStep> found;
    for (const TotpStep step : {totp_step(now) - 1, totp_step(now), totp_step(now) + 1})
        if (equal_constant_time(totp_code(secret, step), code)) found = step;
    return found;
}

std::string to_base32(const Secret& secret) {
    std::string out;
    uint32_t bits = 0;
    unsigned held = 0;
    for (const uint8_t octet : secret.view()) {
        bits = (bits << 8) | octet;
        for (held += 8; held >= 5; held -= 5) out += kBase32[(bits >> (held - 5)) & 31];
    }
    if (held > 0) out += kBase32[(bits << (5 - held)) & 31];
    return out;
}

base::Result<Secret> from_base32(std::string_view text) {
    base::Bytes octets;
    uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        if (c == ' ') continue;
        const size_t value = kBase32.find(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
        if (value == std::string_view::npos)
            return base::invalid("a base 32 secret has only the letters A to Z and the digits 2 to 7");
        bits = (bits << 5) | static_cast<uint32_t>(value);
        held += 5;
        if (held < 8) continue;
        held -= 8;
        octets.push_back(static_cast<uint8_t>(bits >> held));
    }
    return Secret{std::move(octets)};
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, const Secret& secret) {
    return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", percent_encoded(issuer),
                       percent_encoded(account), to_base32(secret), percent_encoded(issuer));
}

}  // namespace auth
