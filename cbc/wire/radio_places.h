// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cells, areas and nodes of LTE and NR as SBc-AP and NGAP name them. TS 23.003 §19.4, TS 38.413 §9.3.1.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "cbc/domain/place.h"

namespace cbc {

// E-UTRAN Cell Global Identifier: 28 bits of cell identity, of which the upper ones name the eNB.
struct Ecgi {
    PlmnId plmn;
    uint32_t cell;
    friend auto operator<=>(const Ecgi&, const Ecgi&) = default;
};
// NR Cell Global Identity: 36 bits, of which the upper ones name the gNB.
struct Ncgi {
    PlmnId plmn;
    uint64_t cell;
    friend auto operator<=>(const Ncgi&, const Ncgi&) = default;
};
// Tracking Area Identity of the EPS: 16 bits.
struct Tai {
    PlmnId plmn;
    uint16_t tac;
    friend auto operator<=>(const Tai&, const Tai&) = default;
};
// Tracking Area Identity of the 5GS: 24 bits.
struct Tai5gs {
    PlmnId plmn;
    uint32_t tac;
    friend auto operator<=>(const Tai5gs&, const Tai5gs&) = default;
};
// An area that the operator has given a number in its nodes: three octets.
struct EmergencyArea {
    std::array<uint8_t, 3> octets;
    friend auto operator<=>(const EmergencyArea&, const EmergencyArea&) = default;
};

// The bits of an identity, and how many: 18 short macro, 20 macro, 21 long macro, 28 home eNB.
struct EnbId {
    PlmnId plmn;
    uint32_t value;
    uint8_t bits;
    friend auto operator<=>(const EnbId&, const EnbId&) = default;
};
struct NgEnbId {
    PlmnId plmn;
    uint32_t value;
    uint8_t bits;  // 18, 20 or 21; SBc-AP has the kinds of an eNB here, so 28 as well
    friend auto operator<=>(const NgEnbId&, const NgEnbId&) = default;
};
struct GnbId {
    PlmnId plmn;
    uint32_t value;
    uint8_t bits;  // 22 to 32
    friend auto operator<=>(const GnbId&, const GnbId&) = default;
};
using RanNode = std::variant<GnbId, NgEnbId>;

// What a list of cells says of where a warning is, or was: cells, those of tracking areas, those of emergency
// areas. The number of broadcasts is told when they end.
template <class Cell, class Area>
struct CellsByArea {
    struct One {
        Cell cell;
        std::optional<uint16_t> broadcasts;
        friend bool operator==(const One&, const One&) = default;
    };
    template <class Key>
    struct Part {
        Key key;
        std::vector<One> cells;
        friend bool operator==(const Part&, const Part&) = default;
    };
    std::vector<One> cells;
    std::vector<Part<Area>> by_tracking_area;
    std::vector<Part<EmergencyArea>> by_emergency_area;
    friend bool operator==(const CellsByArea&, const CellsByArea&) = default;
};
}  // namespace cbc
