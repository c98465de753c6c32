// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/pcapng.h"

#include <array>

#include "tests/support/test.h"

namespace {

using namespace cbc;

uint32_t number_at(const std::string& text, size_t at) {
    uint32_t value = 0;
    for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(text.at(at + i));
    return value;
}

// Each block says its length at both ends, and nothing is left over.
std::vector<uint32_t> block_types(const std::string& file) {
    std::vector<uint32_t> types;
    size_t at = 0;
    while (at < file.size()) {
        types.push_back(number_at(file, at));
        const uint32_t length = number_at(file, at + 4);
        CHECK_EQ(length % 4, 0U);
        CHECK_EQ(number_at(file, at + length - 4), length);
        at += length;
    }
    CHECK_EQ(at, file.size());
    return types;
}

void blocks_are_whole_whatever_the_lengths() {
    const base::Instant at{std::chrono::seconds{1'700'000'000}};
    for (size_t octets = 0; octets < 9; ++octets) {
        const std::vector<uint8_t> pdu(octets, 0xAB);
        const std::string name(octets + 1, 'x');
        const std::string file =
            pcapng::file_head(name) + pcapng::packet(at, pcapng::Direction::kSent, {name}, pdu);
        CHECK(block_types(file) == (std::vector<uint32_t>{0x0A0D0D0A, 1, 6}));
    }
}

void a_packet_has_its_time_its_dissector_its_direction_and_its_octets() {
    const base::Instant at{std::chrono::microseconds{0x0001'0002'0003'0004}};
    const std::array<uint8_t, 3> pdu{0xDE, 0xAD, 0x01};
    const std::string packet = pcapng::packet(at, pcapng::Direction::kReceived, {"ngap"}, pdu);
    CHECK_EQ(number_at(packet, 12), 0x0001'0002U);
    CHECK_EQ(number_at(packet, 16), 0x0003'0004U);
    const std::string data{"\0\x0c\0\4ngap\0\x23\0\4\0\0\0\1\0\0\0\0\xDE\xAD\1", 23};
    CHECK_EQ(number_at(packet, 20), 23U);
    CHECK(packet.substr(28, 23) == data);
    const std::string sent = pcapng::packet(at, pcapng::Direction::kSent, {"ngap"}, pdu);
    CHECK(sent.substr(28 + 12, 4) == std::string(4, '\0'));
    const std::string by_table = pcapng::packet(at, pcapng::Direction::kSent, {"t", 48049}, pdu);
    CHECK(by_table.substr(28, 16) == (std::string{"\0\x0e\0\4t\0\0\0\0\x20\0\4\0\0\xBB\xB1", 16}));
}

}  // namespace

GROUP(pcapng, CASE(blocks_are_whole_whatever_the_lengths),
      CASE(a_packet_has_its_time_its_dissector_its_direction_and_its_octets))
