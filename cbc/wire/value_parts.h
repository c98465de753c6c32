// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the values of SBc-AP and NGAP are made of: networks, numbers in octets, and lists of cells by area.
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

}  // namespace cbc::wire
