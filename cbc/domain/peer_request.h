// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What we ask a peer to do about one message, and what it answers, in terms of warnings and cells.
//
// net/ turns a request into the peer's protocol and its answer back into a PeerAnswer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cbc/domain/alert.h"

namespace cbc {

// Put it on the air in these cells; with `replaces`, in place of that serial number. TS 48.049 §8.1.3.1.
struct WriteRequest {
    Message message;
    SerialNumber serial;
    std::optional<SerialNumber> replaces;
    Area area;
    Schedule schedule;
    base::Instant at;  // what is left of the schedule counts from here
};

// Take it off the air. TS 48.049 §8.1.3.4.
struct KillRequest {
    MessageIdentifier identifier;
    SerialNumber serial;
    Area area;
};

// How often was it broadcast? TS 48.049 §8.1.3.10.
struct StatusRequest {
    MessageIdentifier identifier;
    SerialNumber serial;
    Area area;
};

using PeerRequest = std::variant<WriteRequest, KillRequest, StatusRequest>;

// A cell as a peer names it: what is absent holds for any. All absent: every cell of the peer.
struct CellPattern {
    std::optional<PlmnId> plmn;
    std::optional<Lac> lac;
    std::optional<Ci> ci;

    bool matches(const CellIdentity& cell) const {
        return (!plmn || *plmn == cell.plmn) && (!lac || *lac == cell.lac) && (!ci || *ci == cell.ci);
    }
    bool everything() const { return !plmn && !lac && !ci; }
    std::optional<CellIdentity> exact() const {
        if (!plmn || !lac || !ci) return std::nullopt;
        return CellIdentity{Technology::kGsm, *plmn, *lac, *ci};
    }
};

// Why a peer said no: the codes of TS 48.049 §8.2.14, and ours above them.
using Cause = base::Strong<struct CauseTag, uint16_t>;
inline constexpr Cause kCauseReferenceNotIdentified{0x02};
inline constexpr Cause kCauseCapacityExceeded{0x06};
inline constexpr Cause kCauseCellMemoryExceeded{0x07};
inline constexpr Cause kCauseBscMemoryExceeded{0x08};
inline constexpr Cause kCauseNotOperational{0x0a};
inline constexpr Cause kCauseUnspecified{0x0e};
inline constexpr Cause kCauseReferenceAlreadyUsed{0x0d};
inline constexpr Cause kCauseNotNamed{0x100};      // the peer's answer does not mention the cell
inline constexpr Cause kCauseReportedDown{0x101};  // FAILURE: the cell cannot broadcast
inline constexpr Cause kCauseNoPeer{0x102};        // no peer serves its location area
std::string text_of(Cause cause);                  // "cell identity not valid (0x03)"

struct CellFailure {
    CellPattern cell;
    Cause cause;
};

struct CellCount {
    CellPattern cell;
    std::optional<uint16_t> broadcasts;  // none: the peer does not know
};

enum class AnswerKind { kComplete, kFailure };

struct PeerAnswer {
    AnswerKind kind = AnswerKind::kComplete;
    std::vector<CellPattern> done;
    std::vector<CellFailure> failed;
    std::vector<CellCount> counts;
};

}  // namespace cbc
