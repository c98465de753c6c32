// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Filling and reading the C structures of asn1c. What is filled here is freed by asn1::Release.
#pragma once

extern "C" {
#include <ANY.h>
#include <BIT_STRING.h>
#include <OCTET_STRING.h>
}

#include <cstdint>
#include <span>
#include <type_traits>

#include "asn1/aper.h"

namespace asn1 {

// Zeroed memory for one structure of a list, or behind a pointer; ends the process when there is none.
void* zeroed(size_t octets);

template <class T>
Value<T> make(const Type& type) {
    return Value<T>(static_cast<T*>(zeroed(sizeof(T))), Release{&type});
}

// An optional member that is to be present.
template <class T>
T& present(T*& member) {
    member = static_cast<T*>(zeroed(sizeof(T)));
    return *member;
}

// A new last item of a SEQUENCE OF.
void* append(void* list, size_t octets);
template <class List>
auto& append(List& sequence_of) {
    using Item = std::remove_reference_t<decltype(**sequence_of.list.array)>;
    return *static_cast<Item*>(append(&sequence_of.list, sizeof(Item)));
}
template <class List>
auto items(const List& sequence_of) {
    return std::span(sequence_of.list.array, static_cast<size_t>(sequence_of.list.count));
}

void assign(OCTET_STRING_t& string, base::ByteView octets);
void assign(BIT_STRING_t& string, base::ByteView octets);
void assign(ANY_t& open_type, base::ByteView octets);
// The low `count` bits.
void assign(BIT_STRING_t& string, uint64_t bits, int count);

base::ByteView octets_of(const OCTET_STRING_t& string);
base::ByteView octets_of(const BIT_STRING_t& string);  // with its unused bits
base::ByteView octets_of(const ANY_t& open_type);
int bit_count(const BIT_STRING_t& string);
// REQUIRES at most 64 bits, which every type of ours that is read with it guarantees.
uint64_t bits_of(const BIT_STRING_t& string);

}  // namespace asn1
