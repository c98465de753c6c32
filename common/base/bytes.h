// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Bounds-checked reading and writing of wire bytes, big endian (network order).
//
// A Reader never runs past its end: each read returns a Result whose error carries the name of the field and
// its offset. Lengths are compared before anything is added to them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace base {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;

// Where decoding stopped and why. `offset` counts octets from the start of the outermost input.
struct DecodeError {
    enum class Kind { kTruncated, kInvalidValue, kUnknownElement, kMissingElement, kTrailing, kTooLong };
    Kind kind;
    size_t offset;
    std::string field;

    std::string text() const;
};

std::string_view to_string(DecodeError::Kind kind);

class Reader {
 public:
    explicit Reader(ByteView in, size_t base_offset = 0) : in_(in), base_(base_offset) {}

    size_t remaining() const { return in_.size() - at_; }
    bool at_end() const { return remaining() == 0; }
    size_t offset() const { return base_ + at_; }

    Result<uint8_t, DecodeError> u8(std::string_view field);
    Result<uint16_t, DecodeError> u16(std::string_view field);
    Result<uint32_t, DecodeError> u24(std::string_view field);
    Result<uint32_t, DecodeError> u32(std::string_view field);
    Result<uint64_t, DecodeError> u64(std::string_view field);
    // `count` octets; the view points into the input.
    Result<ByteView, DecodeError> take(size_t count, std::string_view field);

 private:
    ByteView in_;
    size_t base_;
    size_t at_ = 0;
};

class Writer {
 public:
    Writer& u8(uint8_t value);
    Writer& u16(uint16_t value);
    Writer& u24(uint32_t value);
    Writer& u32(uint32_t value);
    Writer& u64(uint64_t value);
    Writer& raw(ByteView bytes);
    // Overwrites a 16-bit or 24-bit length written earlier at `at`.
    void patch_u16(size_t at, uint16_t value);
    void patch_u24(size_t at, uint32_t value);

    size_t size() const { return out_.size(); }
    Bytes take() { return std::move(out_); }

 private:
    Bytes out_;
};

// Lower-case hexadecimal without separators, and back (either case; spaces are skipped).
std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace base
