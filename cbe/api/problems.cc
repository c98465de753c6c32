// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/problems.h"

#include <nlohmann/json.hpp>

#include "common/json/parse.h"

namespace cbe {
namespace {

http::Response with_fields(http::Response response, const std::vector<FieldProblem>& fields) {
    if (fields.empty()) return response;
    auto body = nlohmann::json::parse(response.body, nullptr, false);
    if (!body.is_object()) return response;
    for (const FieldProblem& field : fields)
        body["errors"].push_back({{"field", field.field}, {"detail", field.text}});
    response.body = json::dump(body);
    return response;
}

int http_status(auth::RefusalCode code) {
    using enum auth::RefusalCode;
    switch (code) {
        case kCredentials:
            return 401;
        case kCodeWrong:
        case kCodeReplayed:
        case kLocked:
        case kPermission:
        case kOwnRequest:
            return 403;
        case kNotFound:
            return 404;
        case kTaken:
        case kStatus:
        case kVersion:
        case kExpired:
        case kLastAdministrator:
            return 409;
        case kInvalid:
        case kPassword:
        case kKeyReused:
            return 422;
        case kUnreadable:
            break;
    }
    return 500;
}

}  // namespace

int http_status(RefusalCode code) {
    switch (code) {
        case RefusalCode::kPermission:
        case RefusalCode::kContributor:
        case RefusalCode::kReturnedByYou:
        case RefusalCode::kTotpWrong:
        case RefusalCode::kTotpReplayed:
        case RefusalCode::kLocked:
            return 403;
        case RefusalCode::kNotFound:
            return 404;
        case RefusalCode::kStatus:
        case RefusalCode::kUpdateOutdated:
        case RefusalCode::kVersionConflict:
        case RefusalCode::kDigestChanged:
        case RefusalCode::kTooLate:
        case RefusalCode::kNoApprover:
        case RefusalCode::kCodesExhausted:
        case RefusalCode::kMode:
            return 409;
        case RefusalCode::kNotComplete:
        case RefusalCode::kInvalid:
        case RefusalCode::kText:
        case RefusalCode::kUnknownCell:
        case RefusalCode::kIdempotencyKeyReused:
            return 422;
    }
    return 500;
}

http::Response to_response(const Refusal& refusal) {
    return with_fields(
        http::Response::problem(http_status(refusal.code), to_string(refusal.code), refusal.text),
        refusal.fields);
}

http::Response to_response(const auth::Refusal& refusal) {
    std::vector<FieldProblem> fields;
    if (!refusal.field.empty()) fields.push_back({refusal.field, refusal.text});
    return with_fields(
        http::Response::problem(http_status(refusal.code), auth::to_string(refusal.code), refusal.text),
        fields);
}

http::Response to_response(const json::Problems& problems) {
    std::vector<FieldProblem> fields;
    for (const json::Problem& problem : problems.list())
        fields.push_back({problem.pointer.empty() ? "" : problem.pointer.substr(1), problem.text});
    return with_fields(http::Response::problem(422, to_string(RefusalCode::kInvalid),
                                               "Nothing was changed: " + problems.text() + "."),
                       fields);
}

http::Response to_response(const store::Done& done) {
    switch (done.outcome) {
        case store::Outcome::kUnknown:
            return http::Response::problem(
                       503, "outcome-unknown",
                       "It is not known whether this was done. Send the same request again with the "
                       "same Idempotency-Key; nothing happens twice.")
                .with_header("Retry-After", "1");
        case store::Outcome::kNotLeader:
            return http::Response::problem(503, "not-leader",
                                           "Nothing was changed: another node takes the writes. Try again.")
                .with_header("Retry-After", "1");
        case store::Outcome::kOk:
        case store::Outcome::kRefused:
            break;
    }
    if (done.error.kind == base::ErrorKind::kLimit)
        return http::Response::problem(
            507, "storage-full", "Nothing was changed: " + done.error.text + ". Call the administrator.");
    return http::Response::problem(503, "busy",
                                   "Nothing was changed: " + done.error.text + ". Try again in a moment.")
        .with_header("Retry-After", "1");
}

}  // namespace cbe
