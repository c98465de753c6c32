// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The lists of CBSP: which cells a message is for, and what became of it in each. TS 48.049 §8.2.
//
// A discriminator says how the cells are named. In a Cell List all are named the same way, so the list is a
// variant of vectors; in a Failure List each cell has its own discriminator.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cbc/domain/place.h"
#include "common/base/bytes.h"

namespace cbc::cbsp {

struct Cgi {
    PlmnId plmn;
    Lac lac;
    Ci ci;
    friend auto operator<=>(const Cgi&, const Cgi&) = default;
};
struct LacCi {
    Lac lac;
    Ci ci;
    friend auto operator<=>(const LacCi&, const LacCi&) = default;
};
struct Lai {
    PlmnId plmn;
    Lac lac;
    friend auto operator<=>(const Lai&, const Lai&) = default;
};
struct AllCells {  // of this BSC
    friend auto operator<=>(const AllCells&, const AllCells&) = default;
};

enum class Discriminator : uint8_t { kCgi = 0, kLacCi = 1, kCi = 2, kLai = 4, kLac = 5, kAll = 6 };

// One cell, or one area, as a peer names it.
using CellReference = std::variant<Cgi, LacCi, Ci, Lai, Lac, AllCells>;
using CellList = std::variant<AllCells, std::vector<Cgi>, std::vector<LacCi>, std::vector<Ci>,
                              std::vector<Lai>, std::vector<Lac>>;

Discriminator discriminator_of(const CellReference& cell);
Discriminator discriminator_of(const CellList& cells);
size_t size_of(const CellList& cells);  // how many entries; AllCells is one
std::vector<CellReference> references_in(const CellList& cells);
// "001-01:1:6969", "lac 1", "all cells": for logs and people.
std::string text_of(const CellReference& cell);

// TS 48.049 §8.2, element Cause. A peer may send a value that is not here; it is kept.
enum class Cause : uint8_t {
    kParameterNotRecognised = 0x00,
    kParameterValueInvalid = 0x01,
    kMessageReferenceNotIdentified = 0x02,
    kCellIdentityNotValid = 0x03,
    kUnrecognisedMessage = 0x04,
    kMissingMandatoryElement = 0x05,
    kBscCapacityExceeded = 0x06,
    kCellMemoryExceeded = 0x07,
    kBscMemoryExceeded = 0x08,
    kCellBroadcastNotSupported = 0x09,
    kCellBroadcastNotOperational = 0x0a,
    kIncompatibleDrxParameter = 0x0b,
    kExtendedChannelNotSupported = 0x0c,
    kMessageReferenceAlreadyUsed = 0x0d,
    kUnspecifiedError = 0x0e,
    kLaiOrLacNotValid = 0x0f,
};
std::string to_string(Cause cause);  // "message reference already used (0x0d)"

struct FailedCell {
    CellReference cell;
    Cause cause;
    friend bool operator==(const FailedCell&, const FailedCell&) = default;
};
using FailureList = std::vector<FailedCell>;

// What the number of broadcasts is worth.
enum class BroadcastsInfo : uint8_t { kValid = 0, kOverflow = 1, kUnknown = 2 };

struct CompletedCell {
    CellReference cell;
    uint16_t broadcasts;
    BroadcastsInfo info;
    friend bool operator==(const CompletedCell&, const CompletedCell&) = default;
};
using CompletedList = std::vector<CompletedCell>;

struct LoadedCell {
    CellReference cell;
    uint8_t load_1;  // percent of the predicted short-term load
    uint8_t load_2;  // and of the long-term one
    friend bool operator==(const LoadedCell&, const LoadedCell&) = default;
};
using LoadList = std::vector<LoadedCell>;

// The value of the element, without tag and length. A CompletedList and a LoadList take one discriminator for
// all: REQUIRES all their cells named the same way.
void write_value(base::Writer& out, const CellList& cells);
void write_value(base::Writer& out, const FailureList& failures);
void write_value(base::Writer& out, const CompletedList& completed);
void write_value(base::Writer& out, const LoadList& loads);

// `in` holds exactly the value.
base::Result<CellList, base::DecodeError> read_cell_list(base::Reader in);
base::Result<FailureList, base::DecodeError> read_failure_list(base::Reader in);
base::Result<CompletedList, base::DecodeError> read_completed_list(base::Reader in);
base::Result<LoadList, base::DecodeError> read_load_list(base::Reader in);

// We send at most this many octets of cells in one request; larger areas take several requests.
inline constexpr size_t kMaxCellListOctets = 16 * 1024;
size_t octets_per_cell(Discriminator discriminator);

}  // namespace cbc::cbsp
