// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/pcapng.h"

namespace cbc::pcapng {
namespace {

constexpr uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr uint32_t kInterfaceDescription = 1;
constexpr uint32_t kEnhancedPacket = 6;
constexpr uint32_t kByteOrder = 0x1A2B3C4D;
constexpr uint16_t kLinkTypeUpperPdu = 252;

constexpr uint16_t kEndOfOptions = 0;
constexpr uint16_t kInterfaceName = 2;
constexpr uint16_t kPacketFlags = 2;

constexpr uint16_t kTagDissectorName = 12;
constexpr uint16_t kTagTableName = 14;
constexpr uint16_t kTagTableEntry = 32;
constexpr uint16_t kTagDirection = 35;

// Blocks are little-endian, tags of upper PDUs big-endian.
void put_16(std::string& out, uint16_t value) {
    out += static_cast<char>(value & 0xff);
    out += static_cast<char>(value >> 8);
}

void put_32(std::string& out, uint32_t value) {
    put_16(out, static_cast<uint16_t>(value & 0xffff));
    put_16(out, static_cast<uint16_t>(value >> 16));
}

void put_big_16(std::string& out, uint16_t value) {
    out += static_cast<char>(value >> 8);
    out += static_cast<char>(value & 0xff);
}

void pad(std::string& out) { out.append((4 - out.size() % 4) % 4, '\0'); }

void put_option(std::string& body, uint16_t code, std::string_view value) {
    put_16(body, code);
    put_16(body, static_cast<uint16_t>(value.size()));
    body += value;
    pad(body);
}

void put_tag(std::string& body, uint16_t tag, std::string_view value) {
    const size_t padded = (value.size() + 3) / 4 * 4;
    put_big_16(body, tag);
    put_big_16(body, static_cast<uint16_t>(padded));
    body += value;
    body.append(padded - value.size(), '\0');
}

std::string block(uint32_t type, const std::string& body) {
    const auto length = static_cast<uint32_t>(body.size() + 12);
    std::string out;
    out.reserve(length);
    put_32(out, type);
    put_32(out, length);
    out += body;
    put_32(out, length);
    return out;
}

}  // namespace

std::string file_head(std::string_view interface_name) {
    std::string section;
    put_32(section, kByteOrder);
    put_16(section, 1);  // version 1.0
    put_16(section, 0);
    put_32(section, UINT32_MAX);  // of unknown length, 64 bits
    put_32(section, UINT32_MAX);
    std::string interface;
    put_16(interface, kLinkTypeUpperPdu);
    put_16(interface, 0);
    put_32(interface, 0);  // no limit of a packet's length
    put_option(interface, kInterfaceName, interface_name.substr(0, 255));
    put_option(interface, kEndOfOptions, {});
    return block(kSectionHeader, section) + block(kInterfaceDescription, interface);
}

std::string packet(base::Instant at, Direction direction, const Dissector& dissector, base::ByteView pdu) {
    const bool sent = direction == Direction::kSent;
    std::string data;
    put_tag(data, dissector.entry ? kTagTableName : kTagDissectorName, dissector.name);
    if (dissector.entry) {
        std::string entry;
        put_big_16(entry, static_cast<uint16_t>(*dissector.entry >> 16));
        put_big_16(entry, static_cast<uint16_t>(*dissector.entry & 0xffff));
        put_tag(data, kTagTableEntry, entry);
    }
    put_tag(data, kTagDirection, std::string_view{sent ? "\0\0\0\0" : "\0\0\0\1", 4});
    put_tag(data, kEndOfOptions, {});
    data.append(reinterpret_cast<const char*>(pdu.data()), pdu.size());

    const auto time = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count());
    std::string body;
    put_32(body, 0);  // the interface
    put_32(body, static_cast<uint32_t>(time >> 32));
    put_32(body, static_cast<uint32_t>(time));
    put_32(body, static_cast<uint32_t>(data.size()));
    put_32(body, static_cast<uint32_t>(data.size()));
    body += data;
    pad(body);
    std::string flags;
    put_32(flags, sent ? 2 : 1);
    put_option(body, kPacketFlags, flags);
    put_option(body, kEndOfOptions, {});
    return block(kEnhancedPacket, body);
}

}  // namespace cbc::pcapng
