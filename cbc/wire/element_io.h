// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Elements into and out of a PDU, for SBc-AP, NGAP and SABP alike. `Values` says how a protocol's values
// stand in the C structures of asn1c: a struct of static functions put(structure, value) and get(structure).
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "asn1/structures.h"
#include "cbc/wire/elements.h"
#include "cbc/wire/mutation.h"
#include "common/cbs/warning_type.h"

namespace cbc::wire {

// What is well coded can make no sense all the same: a network identity of other than digits, say.
template <class T>
using Read = base::Result<T, base::DecodeError>;

template <class Values, class List, class T>
void put_all(List& out, const std::vector<T>& values) {
    for (const T& value : values) Values::put(asn1::append(out), value);
}

template <class Values, class T, class List>
Read<std::vector<T>> get_all(const List& in) {
    std::vector<T> values;
    values.reserve(asn1::items(in).size());
    for (const auto* item : asn1::items(in)) {
        auto value = Values::get(*item);
        if (!value) return value.error();
        values.push_back(std::move(*value));
    }
    return values;
}

// Puts elements into a PDU with the criticality that the table gives them; the first that cannot be encoded
// ends it.
template <class Values>
class ElementWriter {
 public:
    ElementWriter(Pdu& pdu, const MessageRule& rule) : pdu_(pdu), rule_(rule) {}

    template <class Struct, class T>
    void add(uint16_t id, const asn1::Type& type, const T& value) {
        const auto structure = asn1::make<Struct>(type);
        Values::put(*structure, value);
        add_structure(id, type, structure.get());
    }
    template <class Struct, class T>
    void add(uint16_t id, const asn1::Type& type, const std::optional<T>& value) {
        if (value) add<Struct>(id, type, *value);
    }
    template <class Struct, class T>
    void add_list(uint16_t id, const asn1::Type& type, const std::vector<T>& values) {
        if (values.empty()) return;
        const auto structure = asn1::make<Struct>(type);
        put_all<Values>(*structure, values);
        add_structure(id, type, structure.get());
    }
    void add_number(uint16_t id, const asn1::Type& type, long number) { add_structure(id, type, &number); }
    void add_bits(uint16_t id, const asn1::Type& type, uint64_t bits, int count) {
        const auto structure = asn1::make<BIT_STRING_t>(type);
        asn1::assign(*structure, bits, count);
        add_structure(id, type, structure.get());
    }
    void add_octets(uint16_t id, const asn1::Type& type, base::ByteView octets) {
        if (octets.empty()) return;
        const auto structure = asn1::make<OCTET_STRING_t>(type);
        asn1::assign(*structure, octets);
        add_structure(id, type, structure.get());
    }

    // A BIT STRING of whole octets.
    void add_octets_as_bits(uint16_t id, const asn1::Type& type, base::ByteView octets) {
        const auto structure = asn1::make<BIT_STRING_t>(type);
        asn1::assign(*structure, octets);
        add_structure(id, type, structure.get());
    }
    void add_warning_type(uint16_t id, const asn1::Type& type, const std::optional<cbs::WarningType>& value) {
        if (!value) return;
        base::Writer octets;
        octets.u16(cbs::to_wire(*value));
        add_octets(id, type, octets.take());
    }

    const std::optional<base::Error>& error() const { return error_; }

 private:
    void add_structure(uint16_t id, const asn1::Type& type, const void* structure) {
        if (error_) return;
        auto octets = asn1::encode(type, structure);
        if (!octets) {
            error_ = octets.error();
            return;
        }
        const auto rule = std::ranges::find(rule_.elements, id, &ElementRule::id);
        if (is_dropped(rule_.name, rule->name)) return;
        auto& list = rule->where == Where::kExtension ? pdu_.extensions : pdu_.elements;
        list.push_back({id, rule->criticality, std::move(*octets)});
    }

    Pdu& pdu_;
    const MessageRule& rule_;
    std::optional<base::Error> error_;
};

// One that its message cannot do without.
struct BadElement {
    const Element* element;
    base::DecodeError error;
};

// Takes elements out of a PDU. One that cannot be decoded is passed over, reported or the end of it all, as
// its criticality says; one that must be there is always the end.
template <class Values>
class ElementReader {
 public:
    ElementReader(const Pdu& pdu, const MessageRule& rule) : pdu_(pdu), rule_(rule) {}

    template <class Struct, class T>
    void read(uint16_t id, const asn1::Type& type, T& out) {
        take<Struct>(id, type, [&](const Struct& in) { keep(id, Values::get(in), out); });
    }
    template <class Struct, class T>
    void read_list(uint16_t id, const asn1::Type& type, std::vector<T>& out) {
        take<Struct>(id, type, [&](const Struct& in) { keep(id, get_all<Values, T>(in), out); });
    }
    std::optional<long> number(uint16_t id, const asn1::Type& type) {
        std::optional<long> number;
        take<long>(id, type, [&](const long& in) { number = in; });
        return number;
    }
    std::optional<uint64_t> bits(uint16_t id, const asn1::Type& type) {
        std::optional<uint64_t> bits;
        take<BIT_STRING_t>(id, type, [&](const BIT_STRING_t& in) { bits = asn1::bits_of(in); });
        return bits;
    }
    base::Bytes octets(uint16_t id, const asn1::Type& type) {
        base::Bytes octets;
        take<OCTET_STRING_t>(id, type, [&](const OCTET_STRING_t& in) {
            const auto view = asn1::octets_of(in);
            octets.assign(view.begin(), view.end());
        });
        return octets;
    }

    // Of a BIT STRING; one that does not end with an octet makes no sense to any message of ours.
    base::Bytes octets_in_bits(uint16_t id, const asn1::Type& type) {
        base::Bytes octets;
        take<BIT_STRING_t>(id, type, [&](const BIT_STRING_t& in) {
            const auto view = asn1::octets_of(in);
            if (in.bits_unused != 0)
                return refuse(*find(id), {base::DecodeError::Kind::kInvalidValue, 0, "bits"});
            octets.assign(view.begin(), view.end());
        });
        return octets;
    }
    std::optional<cbs::WarningType> warning_type(uint16_t id, const asn1::Type& type) {
        const auto octets = this->octets(id, type);
        if (octets.size() != 2) return std::nullopt;
        return cbs::warning_type_of(static_cast<uint16_t>(octets[0] << 8 | octets[1]));
    }

    const std::optional<BadElement>& bad() const { return bad_; }
    // Passed over, but their sender wants to know.
    const std::vector<Diagnostic>& to_notify() const { return to_notify_; }

 private:
    template <class Struct, class Use>
    void take(uint16_t id, const asn1::Type& type, const Use& use) {
        const auto* element = find(id);
        if (element == nullptr || bad_) return;
        const auto value = asn1::decode_as<Struct>(type, element->value);
        if (!value) return refuse(*element, value.error());
        use(**value);
    }
    template <class T, class Out>
    void keep(uint16_t id, Read<T> value, Out& out) {
        if (value)
            out = std::move(*value);
        else
            refuse(*find(id), value.error());
    }
    void refuse(const Element& element, base::DecodeError error) {
        const auto rule = std::ranges::find(rule_.elements, element.id, &ElementRule::id);
        if (rule->presence == Presence::kMandatory || element.criticality == Criticality::kReject) {
            bad_ = BadElement{&element, std::move(error)};
            return;
        }
        if (element.criticality == Criticality::kNotify)
            to_notify_.push_back({element.criticality, element.id, Diagnostic::Kind::kNotUnderstood});
    }
    // Null pointer too for one that this message does not have, or not in that place.
    const Element* find(uint16_t id) const {
        const auto rule = std::ranges::find(rule_.elements, id, &ElementRule::id);
        if (rule == rule_.elements.end()) return nullptr;
        const auto& list = rule->where == Where::kExtension ? pdu_.extensions : pdu_.elements;
        const auto found = std::ranges::find(list, id, &Element::id);
        return found == list.end() ? nullptr : &*found;
    }

    const Pdu& pdu_;
    const MessageRule& rule_;
    std::optional<BadElement> bad_;
    std::vector<Diagnostic> to_notify_;
};

}  // namespace cbc::wire
