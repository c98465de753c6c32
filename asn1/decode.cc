// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>

#include "asn1/aper.h"
#include "asn1/bits.h"
#include "asn1/descriptor.h"
#include "asn1/structures.h"

namespace asn1 {
namespace {

using Kind_ = base::DecodeError::Kind;
using Done = base::Result<void, base::DecodeError>;

class Decoder {
 public:
    explicit Decoder(base::ByteView in) : in_(in) {}
    // `place` is zeroed memory of the type's structure; whatever was read stays in it after an error.
    Done value(const Type& type, const Member* member, void* place, int depth);
    Done finish();

 private:
    Done number(const Type& type, const Member* member, long& out);
    Done octet_string(const Type& type, const Member* member, OCTET_STRING_t& out);
    Done bit_string(const Type& type, const Member* member, BIT_STRING_t& out);
    Done open_type(OCTET_STRING_t& out);
    Done sequence(const Type& type, void* structure, int depth);
    Done sequence_of(const Type& type, const Member* member, List& list, int depth);
    Done items(const Type& type, List& list, size_t count, int depth);
    Done choice(const Type& type, void* structure, int depth);
    Done extension_alternative(const Type& type, void* structure, int depth);
    Done skip_additions();
    Done skip_open_type();
    struct Size {
        size_t count;
        bool in_pieces;  // count is not known yet
    };
    base::Result<Size, base::DecodeError> begin_length(const std::optional<Bounds>& size);
    base::Result<uint64_t, base::DecodeError> normally_small();

    BitReader in_;
};

base::DecodeError within_member(base::DecodeError error, std::string_view name) {
    error.field = std::string(name) + (error.field.empty() ? "" : ".") + error.field;
    return error;
}

void* make(void* structure, const Member& member) {
    auto* place = static_cast<std::byte*>(structure) + member.memb_offset;
    if ((member.flags & ATF_POINTER) == 0) return place;
    void* made = zeroed(size_of(*member.type));
    std::memcpy(place, &made, sizeof made);
    return made;
}

template <class String>
void extend(String& out, base::ByteView octets) {
    const auto before = static_cast<size_t>(out.size);
    void* grown = std::realloc(out.buf, before + octets.size() + 1);  // never nothing
    if (grown == nullptr) throw std::bad_alloc();
    out.buf = static_cast<uint8_t*>(grown);
    if (!octets.empty()) std::memcpy(out.buf + before, octets.data(), octets.size());
    out.buf[before + octets.size()] = 0;
    out.size = static_cast<int>(before + octets.size());
}

Done Decoder::value(const Type& type, const Member* member, void* place, int depth) {
    if (depth > kDepthMax) return in_.error(Kind_::kTooLong);
    switch (kind_of(type)) {
        case Kind::kInteger:
        case Kind::kEnumerated:
            return number(type, member, *static_cast<long*>(place));
        case Kind::kOctetString:
            return octet_string(type, member, *static_cast<OCTET_STRING_t*>(place));
        case Kind::kBitString:
            return bit_string(type, member, *static_cast<BIT_STRING_t*>(place));
        case Kind::kOpenType:
            static_assert(sizeof(ANY_t) == sizeof(OCTET_STRING_t));
            return open_type(*static_cast<OCTET_STRING_t*>(place));
        case Kind::kSequence:
            return sequence(type, place, depth);
        case Kind::kSequenceOf:
            return sequence_of(type, member, *static_cast<List*>(place), depth);
        case Kind::kChoice:
            return choice(type, place, depth);
    }
    return {};
}

// A value that a later version of the standard added is refused as one that we do not know.
Done Decoder::number(const Type& type, const Member* member, long& out) {
    const auto bounds = value_bounds(type, member);
    if (!bounds) return in_.error(Kind_::kInvalidValue);
    if (bounds->extensible) {
        const auto is_addition = in_.bits(1);
        if (!is_addition) return is_addition.error();
        if (*is_addition != 0) return in_.error(Kind_::kUnknownElement);
    }
    const auto read = in_.whole_number(bounds->range());
    if (!read) return read.error();
    out = static_cast<long>(bounds->low) + static_cast<long>(*read);
    return {};
}

base::Result<Decoder::Size, base::DecodeError> Decoder::begin_length(const std::optional<Bounds>& size) {
    bool is_short = has_short_length(size);
    if (size && size->extensible) {
        const auto is_beyond = in_.bits(1);
        if (!is_beyond) return is_beyond.error();
        is_short = *is_beyond == 0 && size->high < 65536;
    }
    if (!is_short) return Size{0, true};
    const auto read = in_.whole_number(size->range());
    if (!read) return read.error();
    return Size{static_cast<size_t>(size->low) + static_cast<size_t>(*read), false};
}

Done Decoder::octet_string(const Type& type, const Member* member, OCTET_STRING_t& out) {
    const auto bounds = size_bounds(type, member);
    const auto size = begin_length(bounds);
    if (!size) return size.error();
    if (size->in_pieces) {
        if (auto done = open_type(out); !done) return done;
        const auto count = static_cast<int64_t>(out.size);
        if (bounds && !bounds->extensible && (count < bounds->low || count > bounds->high))
            return in_.error(Kind_::kInvalidValue);
        return {};
    }
    if (bounds->high <= 2 && bounds->low == bounds->high) {
        for (size_t i = 0; i < size->count; ++i) {
            const auto octet = in_.bits(8);
            if (!octet) return octet.error();
            const auto one = static_cast<uint8_t>(*octet);
            extend(out, {&one, 1});
        }
        return {};
    }
    const auto octets = in_.octets(size->count);
    if (!octets) return octets.error();
    extend(out, *octets);
    return {};
}

Done Decoder::bit_string(const Type& type, const Member* member, BIT_STRING_t& out) {
    const auto bounds = size_bounds(type, member);
    const auto size = begin_length(bounds);
    if (!size) return size.error();
    if (size->in_pieces) return in_.error(Kind_::kInvalidValue);
    if (bounds->high > 16 || bounds->low != bounds->high) in_.align();
    if (in_.bits_left() < size->count) return in_.error(Kind_::kTruncated);
    base::Bytes octets;
    octets.reserve(size->count / 8 + 1);
    for (size_t left = size->count; left > 0;) {
        const auto now = static_cast<int>(std::min<size_t>(left, 8));
        const auto read = in_.bits(now);
        if (!read) return read.error();
        octets.push_back(static_cast<uint8_t>(*read << (8 - now)));
        left -= static_cast<size_t>(now);
    }
    extend(out, octets);
    out.bits_unused = static_cast<int>((8 - size->count % 8) % 8);
    return {};
}

Done Decoder::open_type(OCTET_STRING_t& out) {
    while (true) {
        const auto length = in_.length();
        if (!length) return length.error();
        const auto octets = in_.octets(length->count);
        if (!octets) return octets.error();
        extend(out, *octets);
        if (!length->more) return {};
    }
}

Done Decoder::skip_open_type() {
    OCTET_STRING_t skipped{};
    auto done = open_type(skipped);
    std::free(skipped.buf);
    return done;
}

Done Decoder::sequence(const Type& type, void* structure, int depth) {
    bool has_additions = false;
    if (is_extensible(asn1::sequence_of(type))) {
        const auto bit = in_.bits(1);
        if (!bit) return bit.error();
        has_additions = *bit != 0;
    }
    const std::span<const Member> members(type.elements, static_cast<size_t>(type.elements_count));
    std::vector<bool> is_there(members.size(), true);
    for (size_t i = 0; i < members.size(); ++i) {
        if (members[i].optional == 0) continue;
        const auto bit = in_.bits(1);
        if (!bit) return bit.error();
        is_there[i] = *bit != 0;
    }
    for (size_t i = 0; i < members.size(); ++i) {
        if (!is_there[i]) continue;
        const auto& member = members[i];
        if (auto done = value(*member.type, &member, make(structure, member), depth + 1); !done)
            return within_member(done.error(), member.name);
    }
    return has_additions ? skip_additions() : Done();
}

// X.691 §11.6: almost always below 64.
base::Result<uint64_t, base::DecodeError> Decoder::normally_small() {
    const auto is_large = in_.bits(1);
    if (!is_large) return is_large;
    if (*is_large == 0) return in_.bits(6);
    return in_.error(Kind_::kTooLong);
}

// What later versions of the standard put behind the extension marker: a bit for each, and open types.
Done Decoder::skip_additions() {
    const auto last = normally_small();
    if (!last) return last.error();
    const auto which = in_.bits(static_cast<int>(*last) + 1);
    if (!which) return which.error();
    for (uint64_t bits = *which; bits != 0; bits &= bits - 1)
        if (auto done = skip_open_type(); !done) return done;
    return {};
}

Done Decoder::sequence_of(const Type& type, const Member* member, List& list, int depth) {
    const auto bounds = size_bounds(type, member);
    const auto size = begin_length(bounds);
    if (!size) return size.error();
    if (!size->in_pieces) return items(type, list, size->count, depth);
    while (true) {
        const auto length = in_.length();
        if (!length) return length.error();
        if (auto done = items(type, list, length->count, depth); !done) return done;
        if (!length->more) break;
    }
    const auto count = static_cast<int64_t>(list.count);
    if (bounds && !bounds->extensible && (count < bounds->low || count > bounds->high))
        return in_.error(Kind_::kInvalidValue);
    return {};
}

Done Decoder::items(const Type& type, List& list, size_t count, int depth) {
    // Each item of our modules has at least one bit, so a count that the rest cannot hold is a lie.
    if (count > in_.bits_left()) return in_.error(Kind_::kTruncated);
    const auto& item_type = *type.elements->type;
    const size_t item_octets = size_of(item_type);
    for (size_t i = 0; i < count; ++i) {
        void* item = append(&list, item_octets);
        if (auto done = value(item_type, type.elements, item, depth + 1); !done)
            return within_member(done.error(), "[" + std::to_string(list.count - 1) + "]");
    }
    return {};
}

Done Decoder::choice(const Type& type, void* structure, int depth) {
    const auto choice = choice_of(type);
    if (choice.extensible) {
        const auto bit = in_.bits(1);
        if (!bit) return bit.error();
        if (*bit != 0) return extension_alternative(type, structure, depth);
    }
    const auto index = in_.whole_number(static_cast<uint64_t>(choice.root));
    if (!index) return index.error();
    const auto& member = type.elements[*index];
    set_present(choice, structure, static_cast<int>(*index));
    if (auto done = value(*member.type, &member, make(structure, member), depth + 1); !done)
        return within_member(done.error(), member.name);
    return {};
}

// One that we do not know is read over: nothing is present then.
Done Decoder::extension_alternative(const Type& type, void* structure, int depth) {
    const auto choice = choice_of(type);
    const auto number = normally_small();
    if (!number) return number.error();
    const auto alternative = static_cast<int>(*number) + choice.root;
    OCTET_STRING_t octets{};
    if (auto done = open_type(octets); !done || alternative >= choice.alternatives) {
        std::free(octets.buf);
        return done;
    }
    const auto& member = type.elements[alternative];
    set_present(choice, structure, alternative);
    Decoder inside({octets.buf, static_cast<size_t>(octets.size)});
    auto done = inside.value(*member.type, &member, make(structure, member), depth + 1);
    if (done) done = inside.finish();
    std::free(octets.buf);
    if (!done)
        return within_member({done.error().kind, in_.error({}).offset, done.error().field}, member.name);
    return {};
}

Done Decoder::finish() {
    if (in_.bits_read() == 0) (void)in_.bits(8);  // a value of no bits is one octet all the same
    in_.align();
    if (in_.bits_left() != 0) return in_.error(Kind_::kTrailing);
    return {};
}

void clear(const Type& type, void* place);

void clear_member(const Member& member, void* structure) {
    auto* place = const_cast<void*>(at(structure, member));
    if (place == nullptr) return;
    clear(*member.type, place);
    if ((member.flags & ATF_POINTER) != 0) std::free(place);
}

// Frees what the structure holds, not itself.
void clear(const Type& type, void* place) {
    switch (kind_of(type)) {
        case Kind::kInteger:
        case Kind::kEnumerated:
            return;
        case Kind::kOctetString:
        case Kind::kBitString:
        case Kind::kOpenType:
            std::free(static_cast<OCTET_STRING_t*>(place)->buf);
            return;
        case Kind::kSequence:
            for (int i = 0; i < type.elements_count; ++i) clear_member(type.elements[i], place);
            return;
        case Kind::kSequenceOf: {
            auto& list = *static_cast<List*>(place);
            for (int i = 0; i < list.count; ++i) {
                clear(*type.elements->type, list.array[i]);
                std::free(list.array[i]);
            }
            std::free(list.array);
            return;
        }
        case Kind::kChoice:
            if (const int chosen = present(choice_of(type), place); chosen >= 0)
                clear_member(type.elements[chosen], place);
            return;
    }
}

}  // namespace

void Release::operator()(void* value) const {
    clear(*type, value);
    std::free(value);
}

base::Result<Value<void>, base::DecodeError> decode(const Type& type, base::ByteView in) {
    Value<void> value(zeroed(size_of(type)), Release{&type});
    Decoder decoder(in);
    auto done = decoder.value(type, nullptr, value.get(), 0);
    if (done) done = decoder.finish();
    if (!done) return within_member(done.error(), type.name);
    return value;
}

}  // namespace asn1
