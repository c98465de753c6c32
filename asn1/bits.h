// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Bit fields, alignment, whole numbers and lengths of aligned PER (X.691 §11).
#pragma once

#include <cstdint>

#include "common/base/bytes.h"
#include "common/base/result.h"

namespace asn1 {

// At most this many octets or items stand in one fragment of a long value (X.691 §11.9.3.8): 64 Ki.
inline constexpr size_t kFragmentUnit = 16384;

// How many bits the numbers 0 .. count - 1 take.
int bits_for(uint64_t count);

class BitWriter {
 public:
    void bits(uint64_t value, int count);  // the low ones, most significant first; at most 64
    void align();
    void octets(base::ByteView bytes);  // aligned before
    // `value` of `range` possible ones, from 0 (§11.5.7). Range at least 1.
    void whole_number(uint64_t value, uint64_t range);
    // The length of one piece of at most 16,383, or of a fragment: 16,384 times 1 to 4 (§11.9.3).
    void length(size_t count);
    base::Bytes take();

 private:
    base::Bytes out_;
    int used_ = 0;  // bits of the last octet; 0: all of it, or none yet
};

class BitReader {
 public:
    template <class T>
    using Read = base::Result<T, base::DecodeError>;

    explicit BitReader(base::ByteView in) : in_(in) {}

    Read<uint64_t> bits(int count);
    void align() { at_ = (at_ + 7) / 8 * 8; }
    Read<base::ByteView> octets(size_t count);
    Read<uint64_t> whole_number(uint64_t range);
    struct Length {
        size_t count;
        bool more;  // a fragment: another length follows what it counts
    };
    Read<Length> length();

    size_t bits_read() const { return at_; }
    size_t bits_left() const { return at_ < in_.size() * 8 ? in_.size() * 8 - at_ : 0; }
    base::DecodeError error(base::DecodeError::Kind kind) const { return {kind, at_ / 8, {}}; }

 private:
    base::ByteView in_;
    size_t at_ = 0;  // in bits
};

}  // namespace asn1
