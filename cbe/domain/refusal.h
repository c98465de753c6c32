// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Why a person's request is refused: a code for programs and a sentence for him, what happened, why, and what
// to do (A19). The codes stand in cbe/api/openapi.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cbe {

enum class RefusalCode {
    kPermission,
    kContributor,
    kReturnedByYou,
    kTotpWrong,
    kTotpReplayed,
    kLocked,
    kNotFound,
    kStatus,
    kUpdateOutdated,
    kVersionConflict,
    kDigestChanged,
    kTooLate,
    kNoApprover,
    kCodesExhausted,
    kMode,
    kNotComplete,
    kInvalid,
    kText,
    kUnknownCell,
    kIdempotencyKeyReused,
};
std::string_view to_string(RefusalCode code);  // "digest-changed"

struct FieldProblem {
    std::string field;  // "messages/0/text"
    std::string text;
};

struct Refusal {
    RefusalCode code;
    std::string text;
    std::vector<FieldProblem> fields;
};

}  // namespace cbe
