// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the walkers ask a type descriptor of asn1c.
#pragma once

extern "C" {
#include <ANY.h>
#include <BIT_STRING.h>
#include <INTEGER.h>
#include <OCTET_STRING.h>
#include <asn_SEQUENCE_OF.h>
#include <constr_CHOICE.h>
#include <constr_SEQUENCE.h>
#include <constr_SEQUENCE_OF.h>
#include <constr_SET_OF.h>
#include <constr_TYPE.h>
#include <per_support.h>
}

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "asn1/aper.h"

namespace asn1 {

using Member = asn_TYPE_member_t;
using List = asn_anonymous_set_;

// Members and items nested deeper than this are refused; none of our modules comes near it.
inline constexpr int kDepthMax = 24;

enum class Kind {
    kInteger,
    kEnumerated,
    kOctetString,
    kBitString,
    kOpenType,
    kSequence,
    kSequenceOf,
    kChoice
};
Kind kind_of(const Type& type);

// Octets of the C structure.
size_t size_of(const Type& type);

struct Bounds {
    int64_t low;
    int64_t high;
    bool extensible;
    // How many values there are between the bounds.
    uint64_t range() const { return static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1; }
};
// Constraints of a member go before those of its type. None: not constrained, or only from below.
std::optional<Bounds> value_bounds(const Type& type, const Member* member);
std::optional<Bounds> size_bounds(const Type& type, const Member* member);

// Whether the length is coded as a whole number between its bounds (X.691 §11.9.4.1), in one piece.
inline bool has_short_length(const std::optional<Bounds>& size) {
    return size && !size->extensible && size->high < 65536;
}

inline const asn_SEQUENCE_specifics_t& sequence_of(const Type& type) {
    return *static_cast<const asn_SEQUENCE_specifics_t*>(type.specifics);
}
inline bool is_extensible(const asn_SEQUENCE_specifics_t& sequence) { return sequence.ext_after >= 0; }

struct Choice {
    int root;          // alternatives before the extension marker
    int alternatives;  // all that we know
    bool extensible;
    const asn_CHOICE_specifics_t& specifics;
};
Choice choice_of(const Type& type);
// The alternative that is present, from 0; -1: none.
int present(const Choice& choice, const void* value);
void set_present(const Choice& choice, void* value, int alternative);

// Where a member lies in its structure: the structure itself, or the pointer to it.
inline const void* at(const void* structure, const Member& member) {
    const auto* place = static_cast<const std::byte*>(structure) + member.memb_offset;
    if ((member.flags & ATF_POINTER) == 0) return place;
    return *reinterpret_cast<void* const*>(place);
}

}  // namespace asn1
