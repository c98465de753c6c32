// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/base/bytes.h"

namespace base {
namespace {

DecodeError truncated(size_t offset, std::string_view field) {
    return {DecodeError::Kind::kTruncated, offset, std::string(field)};
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string_view to_string(DecodeError::Kind kind) {
    switch (kind) {
        case DecodeError::Kind::kTruncated:
            return "truncated";
        case DecodeError::Kind::kInvalidValue:
            return "invalid value";
        case DecodeError::Kind::kUnknownElement:
            return "unknown element";
        case DecodeError::Kind::kMissingElement:
            return "missing element";
        case DecodeError::Kind::kTrailing:
            return "trailing octets";
        case DecodeError::Kind::kTooLong:
            return "too long";
    }
    return "unknown";
}

std::string DecodeError::text() const {
    return field + " at octet " + std::to_string(offset) + ": " + std::string(to_string(kind));
}

Result<ByteView, DecodeError> Reader::take(size_t count, std::string_view field) {
    if (count > remaining()) return truncated(offset(), field);
    const ByteView taken = in_.subspan(at_, count);
    at_ += count;
    return taken;
}

Result<uint8_t, DecodeError> Reader::u8(std::string_view field) {
    if (remaining() < 1) return truncated(offset(), field);
    return in_[at_++];
}

Result<uint16_t, DecodeError> Reader::u16(std::string_view field) {
    auto bytes = take(2, field);
    if (!bytes) return bytes.error();
    return static_cast<uint16_t>((*bytes)[0] << 8 | (*bytes)[1]);
}

Result<uint32_t, DecodeError> Reader::u24(std::string_view field) {
    auto bytes = take(3, field);
    if (!bytes) return bytes.error();
    return static_cast<uint32_t>((*bytes)[0]) << 16 | static_cast<uint32_t>((*bytes)[1]) << 8 | (*bytes)[2];
}

Result<uint32_t, DecodeError> Reader::u32(std::string_view field) {
    auto bytes = take(4, field);
    if (!bytes) return bytes.error();
    return static_cast<uint32_t>((*bytes)[0]) << 24 | static_cast<uint32_t>((*bytes)[1]) << 16 |
           static_cast<uint32_t>((*bytes)[2]) << 8 | (*bytes)[3];
}

Result<uint64_t, DecodeError> Reader::u64(std::string_view field) {
    if (remaining() < 8) return truncated(offset(), field);
    const uint64_t high = *u32(field);
    return high << 32 | *u32(field);
}

Writer& Writer::u8(uint8_t value) {
    out_.push_back(value);
    return *this;
}

Writer& Writer::u16(uint16_t value) {
    return u8(static_cast<uint8_t>(value >> 8)).u8(static_cast<uint8_t>(value));
}

Writer& Writer::u24(uint32_t value) {
    return u8(static_cast<uint8_t>(value >> 16)).u16(static_cast<uint16_t>(value));
}

Writer& Writer::u32(uint32_t value) {
    return u16(static_cast<uint16_t>(value >> 16)).u16(static_cast<uint16_t>(value));
}

Writer& Writer::u64(uint64_t value) {
    return u32(static_cast<uint32_t>(value >> 32)).u32(static_cast<uint32_t>(value));
}

Writer& Writer::raw(ByteView bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return *this;
}

void Writer::patch_u16(size_t at, uint16_t value) {
    assert(at + 2 <= out_.size());
    out_[at] = static_cast<uint8_t>(value >> 8);
    out_[at + 1] = static_cast<uint8_t>(value);
}

void Writer::patch_u24(size_t at, uint32_t value) {
    assert(at + 3 <= out_.size());
    out_[at] = static_cast<uint8_t>(value >> 16);
    patch_u16(at + 1, static_cast<uint16_t>(value));
}

std::string to_hex(ByteView bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const uint8_t byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

Result<Bytes> from_hex(std::string_view text) {
    Bytes bytes;
    int high = -1;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ') continue;
        const int digit = hex_digit(text[i]);
        if (digit < 0) return invalid("character " + std::to_string(i + 1) + " is not a hexadecimal digit");
        if (high < 0) {
            high = digit;
        } else {
            bytes.push_back(static_cast<uint8_t>(high << 4 | digit));
            high = -1;
        }
    }
    if (high >= 0) return invalid("odd number of hexadecimal digits");
    return bytes;
}

}  // namespace base
