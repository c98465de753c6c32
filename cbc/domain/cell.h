// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which cell: a network (PLMN), an area in it and the cell in the area. TS 23.003 §2.2, §4.1, §4.3.1.
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

enum class Technology { kGsm };

std::string_view to_string(Technology technology);
std::optional<Technology> technology_of(std::string_view word);

// Cell Global Identification with the technology it belongs to.
struct CellIdentity {
    Technology technology;
    PlmnId plmn;
    Lac lac;
    Ci ci;

    std::string text() const;  // "gsm:001-01:1:6969"
    static base::Result<CellIdentity> parse(std::string_view text);
    friend auto operator<=>(const CellIdentity&, const CellIdentity&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const PlmnId& plmn) { return out << plmn.text(); }
inline std::ostream& operator<<(std::ostream& out, const CellIdentity& cell) { return out << cell.text(); }

}  // namespace cbc

template <>
struct std::hash<cbc::PlmnId> {
    std::size_t operator()(const cbc::PlmnId& plmn) const noexcept {
        return std::hash<std::string>{}(plmn.text());
    }
};

template <>
struct std::hash<cbc::CellIdentity> {
    std::size_t operator()(const cbc::CellIdentity& cell) const noexcept {
        const auto place = static_cast<std::size_t>(cell.lac.value()) << 16U | cell.ci.value();
        return std::hash<cbc::PlmnId>{}(cell.plmn) * 31 + place;
    }
};
