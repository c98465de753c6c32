// SPDX-License-Identifier: AGPL-3.0-or-later
//
// UUIDs: version 7 (RFC 9562 §5.7) where we make them, any version where we take them.
//
// Version 7 begins with the milliseconds since 1970, so keys made later sort later. The caller brings time
// and randomness; see common/time and random_bytes().
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace base {

class Uuid {
 public:
    Uuid() : octets_{} {}
    explicit Uuid(std::array<uint8_t, 16> octets) : octets_(octets) {}
    // unix_ms: milliseconds since 1970-01-01; 48 bits are used. `random`: ten octets from a good source.
    static Uuid v7(uint64_t unix_ms, const std::array<uint8_t, 10>& random);
    // 8-4-4-4-12 hexadecimal digits, either case.
    static Result<Uuid> parse(std::string_view text);

    std::string text() const;  // lower case
    const std::array<uint8_t, 16>& octets() const { return octets_; }
    friend auto operator<=>(const Uuid&, const Uuid&) = default;

 private:
    std::array<uint8_t, 16> octets_;
};

// Fills from the kernel's generator (getrandom); cannot fail on Linux 5.6 and later.
void random_bytes(void* out, size_t count);
uint32_t random_number();  // any of them
// A new version 7 identifier at that time.
Uuid new_uuid(uint64_t unix_ms);

}  // namespace base
