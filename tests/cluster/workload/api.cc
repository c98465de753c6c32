// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/workload/api.h"

#include "common/json/parse.h"

namespace workload {
namespace {

using checker::Kind;
using nlohmann::json;

struct Place {
    http::Method method;
    std::string path;
};

Place place_of(const Planned& planned) {
    switch (planned.kind) {
        case Kind::kRegisterWrite:
            return {http::Method::kPut, "/kv/registers/" + planned.key};
        case Kind::kRegisterCas:
            return {http::Method::kPost, "/kv/registers/" + planned.key + "/cas"};
        case Kind::kRegisterRead:
            return {http::Method::kGet, "/kv/registers/" + planned.key};
        case Kind::kCounterAdd:
            return {http::Method::kPost, "/kv/counters/" + planned.key + "/add"};
        case Kind::kCounterRead:
            return {http::Method::kGet, "/kv/counters/" + planned.key};
        case Kind::kBankCreate:
            return {http::Method::kPut, "/kv/bank"};
        case Kind::kBankTransfer:
            return {http::Method::kPost, "/kv/bank/transfer"};
        case Kind::kBankRead:
            return {http::Method::kGet, "/kv/bank"};
        case Kind::kIdsNew:
            return {http::Method::kPost, "/kv/ids"};
        case Kind::kIdsRead:
            break;
    }
    return {http::Method::kGet, "/kv/ids"};
}

// What a good answer must hold to be one.
bool is_complete(const Planned& planned, const json& result) {
    const auto has = [&](const char* name, auto is) { return result.contains(name) && is(result[name]); };
    const auto number = [](const json& value) { return value.is_number_integer(); };
    switch (planned.kind) {
        case Kind::kRegisterRead:
        case Kind::kCounterRead:
            return has("value",
                       [](const json& value) { return value.is_null() || value.is_number_integer(); });
        case Kind::kCounterAdd:
            return has("value", number);
        case Kind::kIdsNew:
            return has("id", number);
        case Kind::kBankRead:
            return has("accounts", [](const json& value) { return value.is_object(); });
        case Kind::kIdsRead:
            return has("ids", [](const json& value) { return value.is_array(); });
        case Kind::kRegisterWrite:
        case Kind::kRegisterCas:
        case Kind::kBankCreate:
        case Kind::kBankTransfer:
            break;
    }
    return true;
}

Answer refusal_of(int status, const json& problem) {
    const std::string code = problem.value("code", "");
    if (status == 503 && code == "not-leader") return {Answer::Kind::kNotLeader, code, {}};
    if (status == 503 && code == "outcome-unknown") return {Answer::Kind::kUnknown, code, {}};
    if (status == 409) return {Answer::Kind::kRefused, code, {}};
    // Refused before anything was decided: too many at a time, no room, no such account.
    if (status == 507 || status == 429 || (status >= 400 && status < 500))
        return {Answer::Kind::kRefused, code, {}};
    return {Answer::Kind::kStrange, "status " + std::to_string(status) + " " + code, {}};
}

}  // namespace

http::ClientRequest request_of(const Planned& planned, const std::string& base_url, Read read,
                               const std::string& idempotency_key) {
    const auto [method, path] = place_of(planned);
    http::ClientRequest request;
    request.method = method;
    request.url = base_url + path;
    if (method == http::Method::kGet) {
        if (read == Read::kConsistent) request.url += "?consistent=1";
        return request;
    }
    request.headers = {{"content-type", "application/json"}, {"Idempotency-Key", idempotency_key}};
    request.body = planned.args.dump();
    return request;
}

Answer answer_of(const Planned& planned, const base::Result<http::Response>& response) {
    if (!response) {
        const auto kind = response.error().kind;
        if (kind == base::ErrorKind::kTimeout) return {Answer::Kind::kTimeout, "timeout", {}};
        if (kind == base::ErrorKind::kUnavailable) return {Answer::Kind::kNotLeader, "unreachable", {}};
        return {Answer::Kind::kStrange, response.error().text, {}};
    }
    auto body = json::parse(response->body.empty() ? "{}" : response->body, nullptr, false);
    if (!body.is_object())
        return {Answer::Kind::kStrange, "status " + std::to_string(response->status) + " without JSON", {}};
    if (response->status == 404 && checker::is_read(planned.kind) && planned.kind != Kind::kIdsRead &&
        planned.kind != Kind::kBankRead)
        return {Answer::Kind::kOk, {}, {{"value", nullptr}}};
    if (response->status < 200 || response->status > 299) return refusal_of(response->status, body);
    if (!is_complete(planned, body)) return {Answer::Kind::kStrange, "an answer without its result", {}};
    return {Answer::Kind::kOk, {}, std::move(body)};
}

}  // namespace workload
