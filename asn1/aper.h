// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Aligned PER (ITU-T X.691, ALIGNED variant), by walking the type descriptors that asn1c generates.
//
// asn1c 0.9.28 generates descriptors and C structures but no aligned PER, and the run time that has it (of
// osmo-libasn1c-dev) codes an OCTET STRING or BIT STRING with more than 256 possible lengths wrongly (X.691
// §11.5.7.3 wants two aligned octets) and has no bound on what it allocates. So encoding, decoding and
// freeing are ours; the library is linked for the descriptors of its basic types alone.
//
// What is decoded is a tree of malloc'ed C structures, owned by a Value. Structures that are to be encoded
// may live anywhere and are never changed. Safe on any thread; descriptors are only read.
#pragma once

#include <memory>

#include "common/base/bytes.h"
#include "common/base/result.h"

struct asn_TYPE_descriptor_s;

namespace asn1 {

using Type = asn_TYPE_descriptor_s;

// The whole encoding of one value, padded to octets: also what stands in an open type. kInvalid, with the
// path of the member, when the value breaks a constraint of its type.
base::Result<base::Bytes> encode(const Type& type, const void* value);

struct Release {
    const Type* type = nullptr;
    void operator()(void* value) const;
};
template <class T>
using Value = std::unique_ptr<T, Release>;

// All of `in` must be used but for the padding. The error's offset counts octets of `in`; its field is the
// member's path. What is allocated is at most some fifty times the octets of `in`.
base::Result<Value<void>, base::DecodeError> decode(const Type& type, base::ByteView in);

template <class T>
base::Result<Value<T>, base::DecodeError> decode_as(const Type& type, base::ByteView in) {
    auto value = decode(type, in);
    if (!value) return value.error();
    return Value<T>(static_cast<T*>(value->release()), Release{&type});
}

}  // namespace asn1
