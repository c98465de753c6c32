// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the values of SBc-AP, NGAP and SABP are made of: networks, numbers in octets, and lists of cells by
// area.
#pragma once

#include <string_view>

#include "cbc/wire/element_io.h"
#include "cbc/wire/radio_places.h"

namespace cbc::wire {

base::DecodeError makes_no_sense(std::string_view field);

void put_plmn(OCTET_STRING_t& out, const PlmnId& plmn);
Read<PlmnId> get_plmn(const OCTET_STRING_t& in);
void put_number(OCTET_STRING_t& out, uint32_t number, int octets);
uint32_t get_number(const OCTET_STRING_t& in);  // of at most four octets

template <class Area, class T>
Read<Area> as(Read<T> value) {
    if (!value) return value.error();
    return Area{std::move(*value)};
}

template <class Values, class T, class List>
Read<bool> get_into(std::vector<T>& out, const List& in) {
    auto values = get_all<Values, T>(in);
    if (!values) return values.error();
    out = std::move(*values);
    return true;
}

// The cells of tracking areas or of emergency areas, whatever asn1c calls them: `key` and `cells` are the
// members of an item.
template <class Values, class List, class Parts, class Key, class Cells>
void put_parts(List& out, const Parts& parts, Key key, Cells cells) {
    for (const auto& part : parts) {
        auto& item = asn1::append(out);
        Values::put(item.*key, part.key);
        put_all<Values>(item.*cells, part.cells);
    }
}
template <class Values, class Part, class List, class Key, class Cells>
Read<bool> get_parts(std::vector<Part>& out, const List& in, Key key, Cells cells) {
    for (const auto* item : asn1::items(in)) {
        auto place = Values::get((*item).*key);
        if (!place) return place.error();
        Part part{*place, {}};
        if (auto read = get_into<Values>(part.cells, (*item).*cells); !read) return read;
        out.push_back(std::move(part));
    }
    return true;
}

// Criticality Diagnostics, whose structures differ in the name of the list of elements, and in where the kind
// of error stands.
inline constexpr auto kPutKind = [](auto& item, Diagnostic::Kind kind) {
    item.typeOfError = static_cast<long>(kind);
};
inline constexpr auto kGetKind = [](const auto& item) {
    return static_cast<Diagnostic::Kind>(item.typeOfError);
};
template <class Struct, class List, class PutKind = decltype(kPutKind)>
void put_diagnostics(Struct& out, List* Struct::*elements, const CriticalityDiagnostics& diagnostics,
                     const PutKind& put_kind = kPutKind) {
    if (diagnostics.procedure) asn1::present(out.procedureCode) = *diagnostics.procedure;
    if (diagnostics.trigger) asn1::present(out.triggeringMessage) = *diagnostics.trigger;
    if (diagnostics.criticality)
        asn1::present(out.procedureCriticality) = static_cast<long>(*diagnostics.criticality);
    if (diagnostics.elements.empty()) return;
    auto& list = asn1::present(out.*elements);
    for (const auto& one : diagnostics.elements) {
        auto& item = asn1::append(list);
        item.iECriticality = static_cast<long>(one.criticality);
        item.iE_ID = one.id;
        put_kind(item, one.kind);
    }
}
template <class Struct, class List, class GetKind = decltype(kGetKind)>
CriticalityDiagnostics get_diagnostics(const Struct& in, List* Struct::*elements,
                                       const GetKind& get_kind = kGetKind) {
    CriticalityDiagnostics out;
    if (in.procedureCode != nullptr) out.procedure = static_cast<uint8_t>(*in.procedureCode);
    if (in.triggeringMessage != nullptr) out.trigger = static_cast<uint8_t>(*in.triggeringMessage);
    if (in.procedureCriticality != nullptr)
        out.criticality = static_cast<Criticality>(*in.procedureCriticality);
    if (in.*elements == nullptr) return out;
    for (const auto* item : asn1::items(*(in.*elements)))
        out.elements.push_back({static_cast<Criticality>(item->iECriticality),
                                static_cast<uint16_t>(item->iE_ID), get_kind(*item)});
    return out;
}

}  // namespace cbc::wire
