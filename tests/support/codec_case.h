// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the unit tests of the codecs of SBc-AP, NGAP and SABP share: octets as hexadecimal digits, both ways.
#pragma once

#include <string>
#include <utility>

#include "common/base/bytes.h"
#include "tests/support/test.h"

namespace test {

// CB Data of one page "Test": TS 23.041 §9.4.2.2.5, checked with Wireshark.
inline constexpr const char* kTestPage =
    "01d4f29cde68341a8d46a3d168341a8d46a3d168341a8d46a3d168341a8d46a3d168341a8d46a3d168341a8d46a3d168341a8d46"
    "a3d168341a8d46a3d168341a8d46a3d168341a8d46a3d168341a8d46a3d10004";

// Encode and Decode are the protocol's.
template <class Message, class Fault, auto Encode, auto Decode>
struct CodecCase {
    static std::string encoded(const Message& message) {
        const auto octets = Encode(message);
        CHECK_OK(octets);
        return base::to_hex(*octets);
    }
    static Message decoded(const std::string& hex) {
        auto message = Decode(*base::from_hex(hex));
        CHECK_OK(message);
        CHECK(!message->notify);
        return std::move(message->message);
    }
    static Fault refused(const std::string& hex) {
        auto message = Decode(*base::from_hex(hex));
        CHECK(!message);
        return message.error();
    }
    static void check_both_ways(const Message& message, const std::string& hex) {
        CHECK_EQ(encoded(message), hex);
        CHECK(decoded(hex) == message);
    }
};

}  // namespace test
