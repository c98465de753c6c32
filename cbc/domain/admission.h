// SPDX-License-Identifier: AGPL-3.0-or-later
//
// May this request go on the air? Pure checks in one fixed order, idempotence first; cbc/api/openapi.yaml
// tells the same order to those who call.
//
//  1 the caller is in the table of CBEs             9 identifiers allowed, each once
//  2 the digest is that of the content             10 texts encodable, 1 to 15 pages
//  3 known already with this digest: a repeat      11 times
//  4 not another CBE's alert                       12 repetition
//  5 not stopped                                   13 at least one cell known, or touched by a shape
//  6 not another content for a revision held       14 no other alert uses the message code
//  7 not older than the revision held              15 the decisions suffice
//  8 mode and message code are the CBE's
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cbc/domain/alert.h"
#include "cbc/domain/cbe_table.h"
#include "cbc/domain/targeting.h"
#include "common/base/result.h"

namespace cbc {

enum class Refusal {
    kUnknownCbe,
    kDigestMismatch,
    kNotOwner,
    kAlertStopped,
    kAlertUnknown,
    kRevisionConflict,
    kRevisionOutdated,
    kModeNotAllowed,
    kSerialOutOfRange,
    kIdentifierNotAllowed,
    kMessagesInvalid,
    kTextNotEncodable,
    kTextTooLong,
    kTimesInvalid,
    kRepetitionInvalid,
    kCellsUnknown,
    kSerialInUse,
    kDecisionsInsufficient,
};
std::string_view code_of(Refusal refusal);  // the stable word of the contract: "digest-mismatch"

struct Refused {
    Refusal why;
    std::string text;  // a sentence for the officer's side
};

// What is known of an alert.
struct Held {
    const AlertRevision* revision = nullptr;  // the highest
    const Tombstone* stop = nullptr;
};

// What admission looks at; everything outlives the call.
struct AdmissionContext {
    const CbeTable& cbes;
    const CellTable& cells;
    std::function<Held(AlertId)> held;
    // The alert that uses this code until its end + 24 h, other than `self`; null pointer: nobody.
    std::function<const AlertRevision*(SerialNumber, MessageIdentifier, AlertId self)> user_of_code;
    base::Instant now;
    // Of the request's area, when it has been looked up already; a null pointer: it is looked up in `cells`.
    const base::Result<Targets>* targets = nullptr;
};

struct SendRequest {
    AlertId id;
    Revision revision;
    Content content;
    Digest digest;      // as the CBE says
    Digest recomputed;  // as we find
    std::vector<Decision> decisions;
    std::string certificate_uri;
};

struct StopRequest {
    AlertId id;
    Digest seen;
    std::vector<Decision> decisions;
    std::string certificate_uri;
};

enum class Admitted { kNew, kRepeat };

base::Result<Admitted, Refused> admit(const SendRequest& request, const AdmissionContext& context);
base::Result<Admitted, Refused> admit(const StopRequest& request, const AdmissionContext& context);

// What the twin admitted before, from the CBE that it names. What no time and no other alert changes is
// looked at again: the CBE and its rights, the texts, the schedule. The rest was decided against what the
// twin held then.
base::Result<Admitted, Refused> admit(const AlertRevision& of_twin, const AdmissionContext& context);

inline constexpr std::chrono::hours kStartAheadMax{24 * 7};
inline constexpr std::chrono::hours kDurationMax{24 * 7};
inline constexpr std::chrono::seconds kRepetitionMin{2};
inline constexpr std::chrono::seconds kRepetitionMax{7710};  // 4095 units of 1.883 s, TS 48.049 §8.2.8

}  // namespace cbc
