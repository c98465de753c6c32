// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What one administrator asks for and another one decides (two people administer, C-22).
//
//     waiting ──approve──▶ approved      by another person who administers, with a fresh code
//        ├─────refuse───▶ refused
//        ├─────withdraw─▶ withdrawn      by who asked
//        └── its time ──▶ expired        computed when it is read: an hour for rights, else a day
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/user.h"
#include "common/store/store.h"

namespace auth {

enum class RequestKind { kInvite, kGrants, kEnable, kResetSecondFactor, kRole, kApiKey, kDetails };
inline constexpr RequestKind kAllRequestKinds[]{
    RequestKind::kInvite, RequestKind::kGrants, RequestKind::kEnable, RequestKind::kResetSecondFactor,
    RequestKind::kRole,   RequestKind::kApiKey, RequestKind::kDetails};
std::string_view to_string(RequestKind kind);
std::optional<RequestKind> request_kind_of(std::string_view word);

enum class RequestStatus { kWaiting, kApproved, kRefused, kWithdrawn, kExpired };
std::string_view to_string(RequestStatus status);

struct Request {
    std::string id;
    RequestKind kind = RequestKind::kInvite;
    std::string payload;  // JSON: what is to be done; administration.h
    std::string summary;  // for a person
    RequestStatus status = RequestStatus::kWaiting;
    UserId asked_by;
    base::Instant asked_at{};
    base::Instant expires_at{};
    UserId decided_by;
    base::Instant decided_at{};
    std::string reason;  // of a refusal

    RequestStatus status_at(base::Instant now) const {
        return status == RequestStatus::kWaiting && now >= expires_at ? RequestStatus::kExpired : status;
    }
};

std::optional<Request> find_request(const store::Reader& reader, std::string_view id);
// The newest first, at most `limit`; `waiting`: only those that can still be decided.
enum class Which { kAll, kWaiting };
std::vector<Request> requests(const store::Reader& reader, Which which, base::Instant now, size_t limit);
void put_request(store::Transaction& txn, const Request& request);

}  // namespace auth
