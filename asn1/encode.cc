// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <span>

#include "asn1/aper.h"
#include "asn1/bits.h"
#include "asn1/descriptor.h"

namespace asn1 {
namespace {

using Done = base::Result<void>;

class Encoder {
 public:
    Done value(const Type& type, const Member* member, const void* at, int depth);
    base::Bytes take() { return out_.take(); }

 private:
    Done integer(const Type& type, const Member* member, long number);
    Done enumerated(const Type& type, const Member* member, long number);
    Done octet_string(const Type& type, const Member* member, const OCTET_STRING_t& string);
    Done bit_string(const Type& type, const Member* member, const BIT_STRING_t& string);
    Done sequence(const Type& type, const void* structure, int depth);
    Done sequence_of(const Type& type, const Member* member, const List& list, int depth);
    Done choice(const Type& type, const void* structure, int depth);
    Done begin_length(const std::optional<Bounds>& size, size_t count, bool& in_pieces);
    void open_type(base::ByteView octets);

    BitWriter out_;
};

base::Error within_member(const base::Error& error, std::string_view name) {
    return {error.kind, std::string(name) + (error.text.front() == ' ' ? "" : ".") + error.text};
}

base::Error not_allowed(std::string what) { return base::invalid(" " + std::move(what)); }

base::ByteView octets_of(const uint8_t* buffer, int size) {
    return buffer == nullptr ? base::ByteView()
                             : base::ByteView(buffer, static_cast<size_t>(std::max(size, 0)));
}

// Calls `piece(first, count)` for what a length in pieces counts: fragments of 16,384 times 4, 3, 2 or 1,
// then the rest, which may be nothing (X.691 §11.9.3.8).
template <class Piece>
Done in_fragments(size_t total, const Piece& piece) {
    size_t first = 0;
    while (true) {
        const size_t left = total - first;
        const size_t count =
            left < kFragmentUnit ? left : std::min<size_t>(left / kFragmentUnit, 4) * kFragmentUnit;
        if (auto done = piece(first, count); !done) return done;
        first += count;
        if (count < kFragmentUnit) return {};
    }
}

Done Encoder::value(const Type& type, const Member* member, const void* at, int depth) {
    if (depth > kDepthMax) return not_allowed("is nested too deep");
    switch (kind_of(type)) {
        case Kind::kInteger:
            return integer(type, member, *static_cast<const long*>(at));
        case Kind::kEnumerated:
            return enumerated(type, member, *static_cast<const long*>(at));
        case Kind::kOctetString:
            return octet_string(type, member, *static_cast<const OCTET_STRING_t*>(at));
        case Kind::kBitString:
            return bit_string(type, member, *static_cast<const BIT_STRING_t*>(at));
        case Kind::kOpenType: {
            const auto& any = *static_cast<const ANY_t*>(at);
            if (any.buf == nullptr || any.size <= 0) return not_allowed("is an open type without contents");
            open_type(octets_of(any.buf, any.size));
            return {};
        }
        case Kind::kSequence:
            return sequence(type, at, depth);
        case Kind::kSequenceOf:
            return sequence_of(type, member, *static_cast<const List*>(at), depth);
        case Kind::kChoice:
            return choice(type, at, depth);
    }
    return {};
}

Done Encoder::integer(const Type& type, const Member* member, long number) {
    const auto bounds = value_bounds(type, member);
    if (!bounds) return not_allowed("is an INTEGER without bounds");
    if (number < bounds->low || number > bounds->high)
        return not_allowed("is " + std::to_string(number) + ", not in " + std::to_string(bounds->low) + ".." +
                           std::to_string(bounds->high));
    if (bounds->extensible) out_.bits(0, 1);
    out_.whole_number(static_cast<uint64_t>(number - bounds->low), bounds->range());
    return {};
}

Done Encoder::enumerated(const Type& type, const Member* member, long number) {
    const auto bounds = value_bounds(type, member);
    if (!bounds || number < bounds->low || number > bounds->high)
        return not_allowed("is " + std::to_string(number) + ", which is not one of its values");
    if (bounds->extensible) out_.bits(0, 1);
    out_.whole_number(static_cast<uint64_t>(number - bounds->low), bounds->range());
    return {};
}

// Writes the length when it comes before everything; `in_pieces`: it is to be written with each piece.
Done Encoder::begin_length(const std::optional<Bounds>& size, size_t count, bool& in_pieces) {
    if (size && (count < static_cast<size_t>(size->low) || count > static_cast<size_t>(size->high)))
        return not_allowed("has size " + std::to_string(count) + ", not in " + std::to_string(size->low) +
                           ".." + std::to_string(size->high));
    in_pieces = !has_short_length(size);
    if (size && size->extensible) out_.bits(0, 1);
    if (!in_pieces) out_.whole_number(count - static_cast<size_t>(size->low), size->range());
    return {};
}

Done Encoder::octet_string(const Type& type, const Member* member, const OCTET_STRING_t& string) {
    const auto octets = octets_of(string.buf, string.size);
    const auto size = size_bounds(type, member);
    bool in_pieces = false;
    if (auto done = begin_length(size, octets.size(), in_pieces); !done) return done;
    if (in_pieces) {
        open_type(octets);  // a length before each fragment: the same form
    } else if (size->high <= 2 && size->low == size->high) {
        for (const auto octet : octets) out_.bits(octet, 8);
    } else {
        out_.octets(octets);
    }
    return {};
}

Done Encoder::bit_string(const Type& type, const Member* member, const BIT_STRING_t& string) {
    const auto octets = octets_of(string.buf, string.size);
    if (string.bits_unused < 0 || string.bits_unused > 7 || (octets.empty() && string.bits_unused != 0))
        return not_allowed("is a BIT STRING with an impossible number of unused bits");
    const size_t count = octets.size() * 8 - static_cast<size_t>(string.bits_unused);
    const auto size = size_bounds(type, member);
    bool in_pieces = false;
    if (auto done = begin_length(size, count, in_pieces); !done) return done;
    if (in_pieces) return not_allowed("is a BIT STRING without bounds");
    if (size->high > 16 || size->low != size->high) out_.align();
    size_t left = count;
    for (const auto octet : octets) {
        const auto now = static_cast<int>(std::min<size_t>(left, 8));
        out_.bits(octet >> (8 - now), now);
        left -= static_cast<size_t>(now);
    }
    return {};
}

Done Encoder::sequence(const Type& type, const void* structure, int depth) {
    if (is_extensible(asn1::sequence_of(type))) out_.bits(0, 1);
    const std::span<const Member> members(type.elements, static_cast<size_t>(type.elements_count));
    for (const auto& member : members)
        if (member.optional != 0) out_.bits(at(structure, member) != nullptr ? 1 : 0, 1);
    for (const auto& member : members) {
        const void* place = at(structure, member);
        if (place == nullptr && member.optional != 0) continue;
        auto done = place == nullptr ? Done(not_allowed("is missing"))
                                     : value(*member.type, &member, place, depth + 1);
        if (!done) return within_member(done.error(), member.name);
    }
    return {};
}

Done Encoder::sequence_of(const Type& type, const Member* member, const List& list, int depth) {
    const std::span<void* const> items(list.array, static_cast<size_t>(std::max(list.count, 0)));
    bool in_pieces = false;
    if (auto done = begin_length(size_bounds(type, member), items.size(), in_pieces); !done) return done;
    const auto some = [&](size_t first, size_t count) -> Done {
        if (in_pieces) out_.length(count);
        for (size_t i = first; i < first + count; ++i) {
            auto done = items[i] == nullptr ? Done(not_allowed("is missing"))
                                            : value(*type.elements->type, type.elements, items[i], depth + 1);
            if (!done) return within_member(done.error(), "[" + std::to_string(i) + "]");
        }
        return {};
    };
    return in_pieces ? in_fragments(items.size(), some) : some(0, items.size());
}

Done Encoder::choice(const Type& type, const void* structure, int depth) {
    const auto choice = choice_of(type);
    const int alternative = present(choice, structure);
    if (alternative < 0) return not_allowed("has no alternative chosen");
    const auto& member = type.elements[alternative];
    const void* place = at(structure, member);
    if (place == nullptr) return within_member(not_allowed("is missing"), member.name);

    const bool is_extension = alternative >= choice.root;
    if (choice.extensible) out_.bits(is_extension ? 1 : 0, 1);
    if (!is_extension) {
        out_.whole_number(static_cast<uint64_t>(alternative), static_cast<uint64_t>(choice.root));
        auto done = value(*member.type, &member, place, depth + 1);
        return done ? done : within_member(done.error(), member.name);
    }
    Encoder inside;
    if (auto done = inside.value(*member.type, &member, place, depth + 1); !done)
        return within_member(done.error(), member.name);
    // A normally small number, and the value as an open type (X.691 §23.8).
    out_.bits(0, 1);
    out_.bits(static_cast<uint64_t>(alternative - choice.root), 6);
    open_type(inside.take());
    return {};
}

void Encoder::open_type(base::ByteView octets) {
    (void)in_fragments(octets.size(), [&](size_t first, size_t count) -> Done {
        out_.length(count);
        out_.octets(octets.subspan(first, count));
        return {};
    });
}

}  // namespace

base::Result<base::Bytes> encode(const Type& type, const void* value) {
    Encoder encoder;
    if (auto done = encoder.value(type, nullptr, value, 0); !done)
        return within_member(done.error(), type.name);
    return encoder.take();
}

}  // namespace asn1
