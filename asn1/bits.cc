// SPDX-License-Identifier: AGPL-3.0-or-later
#include "asn1/bits.h"

#include <bit>
#include <cassert>

namespace asn1 {

using base::DecodeError;

int bits_for(uint64_t count) {
    assert(count > 0);
    return static_cast<int>(std::bit_width(count - 1));
}

namespace {

int octets_for(uint64_t value) {
    const auto width = static_cast<int>(std::bit_width(value));
    return width == 0 ? 1 : (width + 7) / 8;
}

}  // namespace

void BitWriter::bits(uint64_t value, int count) {
    assert(count >= 0 && count <= 64);
    while (count > 0) {
        if (used_ == 0) out_.push_back(0);
        const int room = 8 - used_;
        const int now = count < room ? count : room;
        const auto part = (value >> (count - now)) & ((uint64_t{1} << now) - 1);
        out_.back() = static_cast<uint8_t>(out_.back() | (part << (room - now)));
        used_ = (used_ + now) % 8;
        count -= now;
    }
}

void BitWriter::align() { used_ = 0; }

void BitWriter::octets(base::ByteView bytes) {
    align();
    out_.insert(out_.end(), bytes.begin(), bytes.end());
}

void BitWriter::whole_number(uint64_t value, uint64_t range) {
    assert(value < range);
    if (range <= 255) return bits(value, bits_for(range));
    if (range == 256) {
        align();
        return bits(value, 8);
    }
    if (range <= 65536) {
        align();
        return bits(value, 16);
    }
    const int count = octets_for(value);
    bits(static_cast<uint64_t>(count) - 1, bits_for(static_cast<uint64_t>(octets_for(range - 1))));
    align();
    bits(value, 8 * count);
}

void BitWriter::length(size_t count) {
    align();
    if (count < 128) return bits(count, 8);
    if (count < kFragmentUnit) return bits(0x8000 | count, 16);
    assert(count % kFragmentUnit == 0 && count <= 4 * kFragmentUnit);
    bits(0xc0 | count / kFragmentUnit, 8);
}

base::Bytes BitWriter::take() {
    if (out_.empty()) out_.push_back(0);  // X.691 §11.1.3: never nothing
    return std::move(out_);
}

BitReader::Read<uint64_t> BitReader::bits(int count) {
    assert(count >= 0 && count <= 64);
    if (bits_left() < static_cast<size_t>(count)) return error(DecodeError::Kind::kTruncated);
    uint64_t value = 0;
    while (count > 0) {
        const auto used = static_cast<int>(at_ % 8);
        const int room = 8 - used;
        const int now = count < room ? count : room;
        const auto part = (in_[at_ / 8] >> (room - now)) & ((1U << now) - 1);
        value = (value << now) | part;
        at_ += static_cast<size_t>(now);
        count -= now;
    }
    return value;
}

BitReader::Read<base::ByteView> BitReader::octets(size_t count) {
    align();
    if (bits_left() / 8 < count) return error(DecodeError::Kind::kTruncated);
    const auto view = in_.subspan(at_ / 8, count);
    at_ += count * 8;
    return view;
}

BitReader::Read<uint64_t> BitReader::whole_number(uint64_t range) {
    if (range <= 255) {
        const auto value = bits(bits_for(range));
        if (value && *value >= range) return error(DecodeError::Kind::kInvalidValue);
        return value;
    }
    int count = range == 256 ? 1 : 2;
    if (range > 65536) {
        const auto counted = whole_number(static_cast<uint64_t>(octets_for(range - 1)));
        if (!counted) return counted;
        count = static_cast<int>(*counted) + 1;
    }
    align();
    const auto value = bits(8 * count);
    if (value && *value >= range) return error(DecodeError::Kind::kInvalidValue);
    return value;
}

BitReader::Read<BitReader::Length> BitReader::length() {
    align();
    const auto first = bits(8);
    if (!first) return first.error();
    if ((*first & 0x80) == 0) return Length{*first, false};
    if ((*first & 0x40) == 0) {
        const auto second = bits(8);
        if (!second) return second.error();
        return Length{(*first & 0x3f) << 8 | *second, false};
    }
    const auto fragments = *first & 0x3f;
    if (fragments < 1 || fragments > 4) return error(DecodeError::Kind::kInvalidValue);
    return Length{fragments * kFragmentUnit, true};
}

}  // namespace asn1
