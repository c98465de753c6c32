// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/request.h"

#include <algorithm>

#include "common/auth/people.h"
#include "common/auth/record_parts.h"
#include "common/store/key.h"

namespace auth {
namespace {

using namespace parts;

std::optional<RequestStatus> status_of(std::string_view text) {
    for (const auto status : {RequestStatus::kWaiting, RequestStatus::kApproved, RequestStatus::kRefused,
                              RequestStatus::kWithdrawn, RequestStatus::kExpired})
        if (to_string(status) == text) return status;
    return {};
}

base::Result<Request> decode(std::string_view row) {
    return store::decode_record<Request>(row, kVersion, [](store::RecordVersion, const Json& json) {
        const auto text = [&](const char* name) { return json.at(name).get<std::string>(); };
        return Request{text("id"),
                       word(json.at("kind"), request_kind_of),
                       text("payload"),
                       text("summary"),
                       word(json.at("status"), status_of),
                       UserId{text("asked_by")},
                       instant(json.at("asked_at")),
                       instant(json.at("expires_at")),
                       UserId{text("decided_by")},
                       instant(json.at("decided_at")),
                       text("reason")};
    });
}

}  // namespace

std::string_view to_string(RequestKind kind) {
    switch (kind) {
        case RequestKind::kInvite:
            return "invite";
        case RequestKind::kGrants:
            return "roles";
        case RequestKind::kEnable:
            return "enable";
        case RequestKind::kResetSecondFactor:
            return "second-factor-reset";
        case RequestKind::kRole:
            return "role";
        case RequestKind::kApiKey:
            return "api-key";
        case RequestKind::kDetails:
            return "details";
    }
    return "unknown";
}

std::optional<RequestKind> request_kind_of(std::string_view text) {
    for (const RequestKind kind : kAllRequestKinds)
        if (to_string(kind) == text) return kind;
    return {};
}

std::string_view to_string(RequestStatus status) {
    switch (status) {
        case RequestStatus::kWaiting:
            return "waiting";
        case RequestStatus::kApproved:
            return "approved";
        case RequestStatus::kRefused:
            return "refused";
        case RequestStatus::kWithdrawn:
            return "withdrawn";
        case RequestStatus::kExpired:
            return "expired";
    }
    return "unknown";
}

std::optional<Request> find_request(const store::Reader& reader, std::string_view id) {
    const auto row = reader.get(tables::kRequests, store::Key().text(id));
    if (!row) return {};
    auto request = decode(*row);
    if (!request) return {};
    return *std::move(request);
}

std::vector<Request> requests(const store::Reader& reader, Which which, base::Instant now, size_t limit) {
    std::vector<Request> all;
    reader.scan(tables::kRequests, "", "", [&](std::string_view, std::string_view value) {
        auto request = decode(value);
        if (request && (which == Which::kAll || request->status_at(now) == RequestStatus::kWaiting))
            all.push_back(*std::move(request));
        return true;
    });
    std::reverse(all.begin(), all.end());  // identifiers grow with time
    if (all.size() > limit) all.resize(limit);
    return all;
}

void put_request(store::Transaction& txn, const Request& request) {
    txn.put(tables::kRequests, store::Key().text(request.id),
            store::encode_record(kVersion, {{"id", request.id},
                                            {"kind", to_string(request.kind)},
                                            {"payload", request.payload},
                                            {"summary", request.summary},
                                            {"status", to_string(request.status)},
                                            {"asked_by", request.asked_by.value()},
                                            {"asked_at", micros(request.asked_at)},
                                            {"expires_at", micros(request.expires_at)},
                                            {"decided_by", request.decided_by.value()},
                                            {"decided_at", micros(request.decided_at)},
                                            {"reason", request.reason}}));
}

}  // namespace auth
