// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/cbsp_cells.h"

#include <array>
#include <cassert>
#include <cstdio>
#include <optional>
#include <type_traits>

#include "cbc/wire/plmn.h"

namespace cbc::cbsp {

namespace {

using Kind = base::DecodeError::Kind;
template <class T>
using Decoded = base::Result<T, base::DecodeError>;

template <class... Cases>
struct Overload : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;  // clang 14 does not make it by itself

void write_cell(base::Writer& out, const CellReference& cell) {
    std::visit(Overload{[&](const Cgi& one) {
                            write_plmn(out, one.plmn);
                            out.u16(one.lac.value()).u16(one.ci.value());
                        },
                        [&](const LacCi& one) { out.u16(one.lac.value()).u16(one.ci.value()); },
                        [&](const Ci& one) { out.u16(one.value()); },
                        [&](const Lai& one) {
                            write_plmn(out, one.plmn);
                            out.u16(one.lac.value());
                        },
                        [&](const Lac& one) { out.u16(one.value()); }, [](const AllCells&) {}},
               cell);
}

Decoded<Lac> read_lac(base::Reader& in) {
    const auto value = in.u16("LAC");
    if (!value) return value.error();
    return Lac{*value};
}

Decoded<Ci> read_ci(base::Reader& in) {
    const auto value = in.u16("CI");
    if (!value) return value.error();
    return Ci{*value};
}

Decoded<LacCi> read_lac_ci(base::Reader& in) {
    const auto lac = read_lac(in);
    if (!lac) return lac.error();
    const auto ci = read_ci(in);
    if (!ci) return ci.error();
    return LacCi{*lac, *ci};
}

Decoded<Lai> read_lai(base::Reader& in) {
    const auto plmn = read_plmn(in);
    if (!plmn) return plmn.error();
    const auto lac = read_lac(in);
    if (!lac) return lac.error();
    return Lai{*plmn, *lac};
}

Decoded<Cgi> read_cgi(base::Reader& in) {
    const auto lai = read_lai(in);
    if (!lai) return lai.error();
    const auto ci = read_ci(in);
    if (!ci) return ci.error();
    return Cgi{lai->plmn, lai->lac, *ci};
}

template <class Cell>
Decoded<CellReference> as_reference(Decoded<Cell> cell) {
    if (!cell) return cell.error();
    return CellReference{*cell};
}

Decoded<CellReference> read_cell(base::Reader& in, Discriminator discriminator) {
    switch (discriminator) {
        case Discriminator::kCgi:
            return as_reference(read_cgi(in));
        case Discriminator::kLacCi:
            return as_reference(read_lac_ci(in));
        case Discriminator::kCi:
            return as_reference(read_ci(in));
        case Discriminator::kLai:
            return as_reference(read_lai(in));
        case Discriminator::kLac:
            return as_reference(read_lac(in));
        case Discriminator::kAll:
            return CellReference{AllCells{}};
    }
    return base::DecodeError{Kind::kInvalidValue, in.offset(), "Cell-Identification-Discriminator"};
}

// The high nibble is spare: not looked at.
Decoded<Discriminator> read_discriminator(base::Reader& in) {
    const size_t at = in.offset();
    const auto octet = in.u8("Cell-Identification-Discriminator");
    if (!octet) return octet.error();
    const unsigned value = *octet & 0x0fU;
    if (value > static_cast<unsigned>(Discriminator::kAll) || value == 3)
        return base::DecodeError{Kind::kInvalidValue, at, "Cell-Identification-Discriminator"};
    return static_cast<Discriminator>(value);
}

template <class Cell>
Decoded<CellList> read_all(base::Reader in, Decoded<Cell> (*read)(base::Reader&)) {
    std::vector<Cell> cells;
    while (!in.at_end()) {
        const auto cell = read(in);
        if (!cell) return cell.error();
        cells.push_back(*cell);
    }
    return CellList{std::move(cells)};
}

// One discriminator for all, then per cell its name and what `read_rest` adds.
template <class Entry>
Decoded<std::vector<Entry>> read_entries(base::Reader in,
                                         Decoded<Entry> (*read_rest)(base::Reader&, CellReference)) {
    const auto discriminator = read_discriminator(in);
    if (!discriminator) return discriminator.error();
    std::vector<Entry> entries;
    while (!in.at_end()) {
        auto cell = read_cell(in, *discriminator);
        if (!cell) return cell.error();
        auto entry = read_rest(in, std::move(*cell));
        if (!entry) return entry.error();
        entries.push_back(std::move(*entry));
    }
    return entries;
}

// One reading has the value in the high nibble, the other in the whole octet; both are understood, and what
// is in neither is a number that we do not know.
BroadcastsInfo info_of(uint8_t octet) {
    const unsigned value = (octet & 0x0fU) != 0 ? octet & 0x0fU : octet >> 4U;
    switch (value) {
        case 0:
            return BroadcastsInfo::kValid;
        case 1:
            return BroadcastsInfo::kOverflow;
        default:
            return BroadcastsInfo::kUnknown;
    }
}

Decoded<CompletedCell> read_completed(base::Reader& in, CellReference cell) {
    const auto broadcasts = in.u16("Number-of-Broadcasts-Completed");
    if (!broadcasts) return broadcasts.error();
    const auto info = in.u8("Number-of-Broadcasts-Info");
    if (!info) return info.error();
    return CompletedCell{std::move(cell), *broadcasts, info_of(*info)};
}

Decoded<LoadedCell> read_loaded(base::Reader& in, CellReference cell) {
    const auto first = in.u8("Radio-Resource-Load-1");
    if (!first) return first.error();
    const auto second = in.u8("Radio-Resource-Load-2");
    if (!second) return second.error();
    return LoadedCell{std::move(cell), *first, *second};
}

template <class Entry>
void write_discriminator_of(base::Writer& out, const std::vector<Entry>& entries) {
    const auto shared = entries.empty() ? Discriminator::kCgi : discriminator_of(entries.front().cell);
    for (const Entry& entry : entries) assert(discriminator_of(entry.cell) == shared);
    out.u8(static_cast<uint8_t>(shared));
}

constexpr std::array<std::string_view, 16> kCauseNames{
    "parameter not recognised",       "parameter value invalid",        "message reference not identified",
    "cell identity not valid",        "unrecognised message",           "missing mandatory element",
    "BSC capacity exceeded",          "cell memory exceeded",           "BSC memory exceeded",
    "cell broadcast not supported",   "cell broadcast not operational", "incompatible DRX parameter",
    "extended channel not supported", "message reference already used", "unspecified error",
    "LAI or LAC not valid",
};

}  // namespace

Discriminator discriminator_of(const CellReference& cell) {
    return std::visit(
        Overload{[](const Cgi&) { return Discriminator::kCgi; },
                 [](const LacCi&) { return Discriminator::kLacCi; },
                 [](const Ci&) { return Discriminator::kCi; }, [](const Lai&) { return Discriminator::kLai; },
                 [](const Lac&) { return Discriminator::kLac; },
                 [](const AllCells&) { return Discriminator::kAll; }},
        cell);
}

Discriminator discriminator_of(const CellList& cells) {
    return std::visit(Overload{[](const AllCells&) { return Discriminator::kAll; },
                               [](const std::vector<Cgi>&) { return Discriminator::kCgi; },
                               [](const std::vector<LacCi>&) { return Discriminator::kLacCi; },
                               [](const std::vector<Ci>&) { return Discriminator::kCi; },
                               [](const std::vector<Lai>&) { return Discriminator::kLai; },
                               [](const std::vector<Lac>&) { return Discriminator::kLac; }},
                      cells);
}

size_t size_of(const CellList& cells) {
    return std::visit(Overload{[](const AllCells&) -> size_t { return 1; },
                               [](const auto& list) -> size_t { return list.size(); }},
                      cells);
}

std::vector<CellReference> references_in(const CellList& cells) {
    return std::visit(
        Overload{[](const AllCells& all) { return std::vector<CellReference>{all}; },
                 [](const auto& list) { return std::vector<CellReference>(list.begin(), list.end()); }},
        cells);
}

std::string text_of(const CellReference& cell) {
    const auto number = [](const auto& strong) { return std::to_string(strong.value()); };
    return std::visit(
        Overload{
            [&](const Cgi& one) { return one.plmn.text() + ":" + number(one.lac) + ":" + number(one.ci); },
            [&](const LacCi& one) { return "lac " + number(one.lac) + " ci " + number(one.ci); },
            [&](const Ci& one) { return "ci " + number(one); },
            [&](const Lai& one) { return one.plmn.text() + " lac " + number(one.lac); },
            [&](const Lac& one) { return "lac " + number(one); },
            [](const AllCells&) { return std::string("all cells"); }},
        cell);
}

std::string to_string(Cause cause) {
    const auto value = static_cast<unsigned>(cause);
    std::array<char, 8> code{};
    std::snprintf(code.data(), code.size(), "0x%02x", value);
    const std::string_view name = value < kCauseNames.size() ? kCauseNames[value] : "unknown cause";
    return std::string(name) + " (" + code.data() + ")";
}

void write_value(base::Writer& out, const CellList& cells) {
    out.u8(static_cast<uint8_t>(discriminator_of(cells)));
    std::visit(Overload{[](const AllCells&) {},
                        [&](const auto& list) {
                            for (const auto& cell : list) write_cell(out, cell);
                        }},
               cells);
}

void write_value(base::Writer& out, const FailureList& failures) {
    for (const FailedCell& failed : failures) {
        out.u8(static_cast<uint8_t>(discriminator_of(failed.cell)));
        write_cell(out, failed.cell);
        out.u8(static_cast<uint8_t>(failed.cause));
    }
}

void write_value(base::Writer& out, const CompletedList& completed) {
    write_discriminator_of(out, completed);
    for (const CompletedCell& one : completed) {
        write_cell(out, one.cell);
        out.u16(one.broadcasts).u8(static_cast<uint8_t>(one.info));
    }
}

void write_value(base::Writer& out, const LoadList& loads) {
    write_discriminator_of(out, loads);
    for (const LoadedCell& one : loads) {
        write_cell(out, one.cell);
        out.u8(one.load_1).u8(one.load_2);
    }
}

Decoded<CellList> read_cell_list(base::Reader in) {
    const auto discriminator = read_discriminator(in);
    if (!discriminator) return discriminator.error();
    switch (*discriminator) {
        case Discriminator::kCgi:
            return read_all<Cgi>(in, read_cgi);
        case Discriminator::kLacCi:
            return read_all<LacCi>(in, read_lac_ci);
        case Discriminator::kCi:
            return read_all<Ci>(in, read_ci);
        case Discriminator::kLai:
            return read_all<Lai>(in, read_lai);
        case Discriminator::kLac:
            return read_all<Lac>(in, read_lac);
        case Discriminator::kAll:
            break;
    }
    if (!in.at_end()) return base::DecodeError{Kind::kTrailing, in.offset(), "Cell-List"};
    return CellList{AllCells{}};
}

Decoded<FailureList> read_failure_list(base::Reader in) {
    FailureList failures;
    while (!in.at_end()) {
        const auto discriminator = read_discriminator(in);
        if (!discriminator) return discriminator.error();
        auto cell = read_cell(in, *discriminator);
        if (!cell) return cell.error();
        const auto cause = in.u8("Cause");
        if (!cause) return cause.error();
        failures.push_back({std::move(*cell), static_cast<Cause>(*cause)});
    }
    return failures;
}

Decoded<CompletedList> read_completed_list(base::Reader in) {
    return read_entries<CompletedCell>(in, read_completed);
}

Decoded<LoadList> read_load_list(base::Reader in) { return read_entries<LoadedCell>(in, read_loaded); }

size_t octets_per_cell(Discriminator discriminator) {
    switch (discriminator) {
        case Discriminator::kCgi:
            return 7;
        case Discriminator::kLacCi:
            return 4;
        case Discriminator::kCi:
        case Discriminator::kLac:
            return 2;
        case Discriminator::kLai:
            return 5;
        case Discriminator::kAll:
            return 0;
    }
    return 0;
}

}  // namespace cbc::cbsp
