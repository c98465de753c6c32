// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A page of a cell broadcast message: always 82 octets, of which `used` carry the message and the rest is
// padding; and CB Data, the form in which SBc-AP, NGAP and SABP carry all pages at once. TS 23.041
// §9.4.2.2.4, §9.4.2.2.5. CBSP carries the page and its length octet the other way round; that is cbc/wire's
// business.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/bytes.h"

namespace cbs {

inline constexpr size_t kPageOctets = 82;
inline constexpr size_t kMaxPages = 15;

struct Page {
    std::array<uint8_t, kPageOctets> content{};
    uint8_t used = 0;  // octets of user information; one that the last character ends in counts

    friend bool operator==(const Page&, const Page&) = default;
};

// Octet 1 is the number of pages n; then n times the page and its length octet: 1 + 83n octets.
// REQUIRES 1 to 15 pages.
base::Bytes to_cb_data(std::span<const Page> pages);
base::Result<std::vector<Page>, base::DecodeError> from_cb_data(base::ByteView in);

}  // namespace cbs
