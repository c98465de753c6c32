// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Where a warning can be broadcast: a cell, all cells of a location or tracking area, or of an emergency
// area. TS 23.003 §2.2, §4.1, §4.3.1, §12.5, §19.4, §19.6A; TS 23.041 §9.3.
//
// A PlmnId can only be made of digits, so nobody below has to check again. MNC 01 and MNC 001 are different
// networks: the number of digits is part of the identity.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/domain/ids.h"
#include "common/base/result.h"

namespace cbc {

class PlmnId {
 public:
    // Three digits, and two or three digits.
    static base::Result<PlmnId> parse(std::string_view mcc, std::string_view mnc);
    // "001-01", as text() writes it.
    static base::Result<PlmnId> parse(std::string_view text);

    std::string mcc() const { return {digits_.data(), 3}; }
    std::string mnc() const { return {digits_.data() + 3, mnc_digits_}; }
    std::string text() const { return mcc() + "-" + mnc(); }
    friend auto operator<=>(const PlmnId&, const PlmnId&) = default;

 private:
    PlmnId() = default;
    std::array<char, 6> digits_{};  // the third digit of a two-digit MNC stays 0
    uint8_t mnc_digits_ = 2;
};

enum class Technology : uint8_t { kGsm, kUmts, kLte, kNr };
inline constexpr std::array kAllTechnologies{Technology::kGsm, Technology::kUmts, Technology::kLte,
                                             Technology::kNr};

std::string_view to_string(Technology technology);  // "gsm", "umts", "lte", "nr"
std::optional<Technology> technology_of(std::string_view word);

enum class PlaceKind : uint8_t {
    kCell,          // CGI, SAI (a service area is the smallest place of SABP), ECGI, NCGI
    kArea,          // LAI or TAI
    kEmergencyArea  // a number of three octets that the operator has given in its nodes
};

// By technology what the numbers are:
//   gsm    area: LAC, cell: CI           (16 and 16 bits)
//   umts   area: LAC, cell: SAC          (16 and 16 bits)
//   lte    area: 0,   cell: ECI, 28 bits; of a kArea  area: TAC, 16 bits
//   nr     area: 0,   cell: NCI, 36 bits; of a kArea  area: TAC, 24 bits
// In LTE and NR a cell's tracking area is no part of its name: the cell table knows it. The number of an
// emergency area is in `cell`. What is not used is 0.
struct Place {
    Technology technology;
    PlaceKind kind;
    PlmnId plmn;
    uint32_t area;
    uint64_t cell;

    static Place gsm_cell(const PlmnId& plmn, Lac lac, Ci ci);
    static Place service_area(const PlmnId& plmn, Lac lac, uint16_t sac);
    static Place lte_cell(const PlmnId& plmn, uint32_t eci);
    static Place nr_cell(const PlmnId& plmn, uint64_t nci);
    static Place area_of(Technology technology, const PlmnId& plmn, uint32_t code);
    static Place emergency_area(Technology technology, const PlmnId& plmn, uint32_t number);

    // "gsm:001-01:1:6969", "umts:001-01:1:512", "lte:001-01:000a101", "nr:001-01:000000010" (hexadecimal as
    // TS 29.571 §5.4.2 writes them); "gsm:001-01:lac:23", "nr:001-01:tac:7"; "lte:001-01:ea:00002a".
    std::string text() const;
    static base::Result<Place> parse(std::string_view text);
    friend auto operator<=>(const Place&, const Place&) = default;
};

using PlaceSet = std::vector<Place>;  // sorted, each once
PlaceSet make_place_set(std::vector<Place> places);

// How large the numbers may be.
constexpr unsigned cell_bits(Technology technology) {
    return technology == Technology::kLte ? 28 : technology == Technology::kNr ? 36 : 16;
}
inline constexpr unsigned kEmergencyAreaBits = 24;
constexpr unsigned area_bits(Technology technology) { return technology == Technology::kNr ? 24 : 16; }
// Whether a cell's name holds its location area.
constexpr bool names_area(Technology technology) {
    return technology == Technology::kGsm || technology == Technology::kUmts;
}

// A node of the radio network, by its global identity. TS 36.413 §9.2.1.37, TS 38.413 §9.3.1.5.
struct RadioNode {
    enum class Kind : uint8_t { kEnb, kNgEnb, kGnb };
    Kind kind;
    PlmnId plmn;
    uint32_t value;
    uint8_t bits;  // of the value
    friend auto operator<=>(const RadioNode&, const RadioNode&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const PlmnId& plmn) { return out << plmn.text(); }
inline std::ostream& operator<<(std::ostream& out, const Place& place) { return out << place.text(); }

}  // namespace cbc

template <>
struct std::hash<cbc::PlmnId> {
    std::size_t operator()(const cbc::PlmnId& plmn) const noexcept {
        return std::hash<std::string>{}(plmn.text());
    }
};

template <>
struct std::hash<cbc::Place> {
    std::size_t operator()(const cbc::Place& place) const noexcept {
        const auto kind =
            static_cast<std::size_t>(place.technology) * 4 + static_cast<std::size_t>(place.kind);
        const auto numbers = static_cast<std::size_t>(place.area) << 36U ^ place.cell;
        return (std::hash<cbc::PlmnId>{}(place.plmn) * 31 + kind) * 31 + std::hash<std::size_t>{}(numbers);
    }
};
