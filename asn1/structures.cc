// SPDX-License-Identifier: AGPL-3.0-or-later
#include "asn1/structures.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>

#include "asn1/descriptor.h"

namespace asn1 {

void* zeroed(size_t octets) {
    void* memory = std::calloc(1, octets);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void* append(void* list, size_t octets) {
    auto& all = *static_cast<List*>(list);
    if (all.count == all.size) {
        const int size = std::max(all.size * 2, 8);
        auto* grown = static_cast<void**>(std::realloc(all.array, static_cast<size_t>(size) * sizeof(void*)));
        if (grown == nullptr) throw std::bad_alloc();
        all.array = grown;
        all.size = size;
    }
    void* item = zeroed(octets);
    all.array[all.count++] = item;
    return item;
}

namespace {

template <class String>
void copy_into(String& string, base::ByteView octets) {
    std::free(string.buf);
    string.buf = static_cast<uint8_t*>(zeroed(octets.size() + 1));
    if (!octets.empty()) std::memcpy(string.buf, octets.data(), octets.size());
    string.size = static_cast<int>(octets.size());
}

template <class String>
base::ByteView view_of(const String& string) {
    if (string.buf == nullptr || string.size <= 0) return {};
    return {string.buf, static_cast<size_t>(string.size)};
}

}  // namespace

void assign(OCTET_STRING_t& string, base::ByteView octets) { copy_into(string, octets); }

void assign(ANY_t& open_type, base::ByteView octets) { copy_into(open_type, octets); }

void assign(BIT_STRING_t& string, base::ByteView octets) {
    copy_into(string, octets);
    string.bits_unused = 0;
}

void assign(BIT_STRING_t& string, uint64_t bits, int count) {
    assert(count > 0 && count <= 64);
    const int octets = (count + 7) / 8;
    const int unused = octets * 8 - count;
    std::free(string.buf);
    string.buf = static_cast<uint8_t*>(zeroed(static_cast<size_t>(octets) + 1));
    string.size = octets;
    string.bits_unused = unused;
    // From the last octet, which the unused bits end.
    for (int i = octets - 1, shift = -unused; i >= 0; --i, shift += 8)
        string.buf[i] = static_cast<uint8_t>(shift < 0 ? bits << -shift : bits >> shift);
}

base::ByteView octets_of(const OCTET_STRING_t& string) { return view_of(string); }
base::ByteView octets_of(const BIT_STRING_t& string) { return view_of(string); }
base::ByteView octets_of(const ANY_t& open_type) { return view_of(open_type); }

int bit_count(const BIT_STRING_t& string) { return string.size * 8 - string.bits_unused; }

uint64_t bits_of(const BIT_STRING_t& string) {
    assert(bit_count(string) <= 64);
    uint64_t bits = 0;
    int left = bit_count(string);
    for (int i = 0; i < string.size; ++i) {
        const int now = std::min(left, 8);
        bits = bits << now | static_cast<uint64_t>(string.buf[i] >> (8 - now));
        left -= now;
    }
    return bits;
}

}  // namespace asn1
