// SPDX-License-Identifier: AGPL-3.0-or-later
#include "asn1/descriptor.h"

#include <cassert>
#include <cstring>

// What the library asks of its user: where it would allocate, and whether it should say what it does.
extern "C" {
extern void* talloc_asn1_ctx;
extern int asn_debug;
void* talloc_asn1_ctx = nullptr;
int asn_debug = 0;
}

namespace asn1 {
namespace {

enum UniversalTag {
    kTagInteger = 2,
    kTagBitString = 3,
    kTagOctetString = 4,
    kTagEnumerated = 10,
    kTagSequence = 16
};

std::optional<Bounds> bounds_of(const asn_per_constraint_t& constraint) {
    if ((constraint.flags & asn_per_constraint_s::APC_CONSTRAINED) == 0) return std::nullopt;
    return Bounds{constraint.lower_bound, constraint.upper_bound,
                  (constraint.flags & asn_per_constraint_s::APC_EXTENSIBLE) != 0};
}

const asn_per_constraints_t* constraints_of(const Type& type, const Member* member) {
    return member != nullptr && member->per_constraints != nullptr ? member->per_constraints
                                                                   : type.per_constraints;
}

}  // namespace

// The last of a type's tags is that of the built-in type it is made of; CHOICE and ANY have none.
Kind kind_of(const Type& type) {
    if (type.all_tags_count == 0) return type.elements_count == 0 ? Kind::kOpenType : Kind::kChoice;
    switch (type.all_tags[type.all_tags_count - 1] >> 2) {
        case kTagInteger:
            return Kind::kInteger;
        case kTagBitString:
            return Kind::kBitString;
        case kTagOctetString:
            return Kind::kOctetString;
        case kTagEnumerated:
            return Kind::kEnumerated;
        case kTagSequence:
            return type.der_encoder == SEQUENCE_OF_encode_der ? Kind::kSequenceOf : Kind::kSequence;
        default:
            assert(!"a module of asn1/ uses a type that the walkers don't know");
            return Kind::kOpenType;
    }
}

size_t size_of(const Type& type) {
    switch (kind_of(type)) {
        case Kind::kInteger:
        case Kind::kEnumerated:
            return sizeof(long);
        case Kind::kOctetString:
            return sizeof(OCTET_STRING_t);
        case Kind::kBitString:
            return sizeof(BIT_STRING_t);
        case Kind::kOpenType:
            return sizeof(ANY_t);
        case Kind::kSequence:
            return static_cast<size_t>(sequence_of(type).struct_size);
        case Kind::kSequenceOf:
            return static_cast<size_t>(
                static_cast<const asn_SET_OF_specifics_t*>(type.specifics)->struct_size);
        case Kind::kChoice:
            return static_cast<size_t>(choice_of(type).specifics.struct_size);
    }
    return 0;
}

std::optional<Bounds> value_bounds(const Type& type, const Member* member) {
    const auto* constraints = constraints_of(type, member);
    return constraints == nullptr ? std::nullopt : bounds_of(constraints->value);
}

std::optional<Bounds> size_bounds(const Type& type, const Member* member) {
    const auto* constraints = constraints_of(type, member);
    return constraints == nullptr ? std::nullopt : bounds_of(constraints->size);
}

Choice choice_of(const Type& type) {
    const auto& specifics = *static_cast<const asn_CHOICE_specifics_t*>(type.specifics);
    const bool extensible = specifics.ext_start >= 0;
    return {extensible ? specifics.ext_start : type.elements_count, type.elements_count, extensible,
            specifics};
}

// asn1c numbers the alternatives in an enum from 1; 0 is none.
int present(const Choice& choice, const void* value) {
    int number = 0;
    assert(choice.specifics.pres_size == sizeof number);
    std::memcpy(&number, static_cast<const std::byte*>(value) + choice.specifics.pres_offset, sizeof number);
    return number > 0 && number <= choice.alternatives ? number - 1 : -1;
}

void set_present(const Choice& choice, void* value, int alternative) {
    const int number = alternative + 1;
    std::memcpy(static_cast<std::byte*>(value) + choice.specifics.pres_offset, &number, sizeof number);
}

}  // namespace asn1
