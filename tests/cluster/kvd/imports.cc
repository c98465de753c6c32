// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/imports.h"

#include <nlohmann/json.hpp>

#include "common/frame/failure.h"
#include "common/json/jcs.h"
#include "common/json/object.h"
#include "common/json/parse.h"
#include "common/store/key.h"

namespace kvd {
namespace {

using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;

constexpr size_t kBodyMax = 4096;
constexpr json::IntegerRule kRows{.min = 1, .max = 100'000'000};
constexpr json::IntegerRule kOctets{.min = 1, .max = 256 * 1024};

store::ImportName import_of(const std::string& name) { return {name, "kv_import_" + name}; }

store::ImportedRow row_of(const base::Uuid& token, uint64_t number, size_t octets) {
    std::string value = token.text() + "/" + std::to_string(number) + "/";
    // Not the same octet again and again, so that a shifted or swapped page would be seen.
    uint64_t state = number * 0x9E3779B97F4A7C15U + 1;
    while (value.size() < octets) {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        value.append(reinterpret_cast<const char*>(&state), sizeof state);
    }
    value.resize(octets);
    return {store::Key().number(number).octets(), std::move(value)};
}

Response refusal(const base::Error& error) {
    return frame::failure_answer({store::Outcome::kRefused, error});
}

}  // namespace

void Imports::add_to(http::Router& router) {
    const auto admin = http::Access::role({"admin"});
    router.add({Method::kPut, "/kv/imports/{name}", admin, kBodyMax,
                [this](const Request& request, ResponderPtr responder) {
                    const auto parsed = json::parse(request.body);
                    if (!parsed)
                        return responder->respond(
                            Response::problem(400, "invalid-json", parsed.error().text));
                    json::Problems problems;
                    json::Object body(*parsed, problems);
                    const auto token = base::Uuid::parse(body.string("token", {.max = 36}));
                    if (!token) body.wrong("token", token.error().text);
                    const auto rows = static_cast<uint64_t>(body.integer("rows", kRows));
                    const auto octets = static_cast<size_t>(body.integer("octets", kOctets));
                    body.no_others();
                    if (!problems.empty())
                        return responder->respond(Response::problem(422, "invalid-body", problems.text()));
                    import({request.parameter("name"), *token, rows, octets}, std::move(responder));
                }});
    router.add({Method::kGet, "/kv/imports/{name}", admin, 0,
                [this](const Request& request, ResponderPtr responder) {
                    show(request.parameter("name"), std::move(responder));
                }});
}

void Imports::import(const Wanted& wanted, ResponderPtr responder) {
    // Who asks again gave up on the first answer; the rows that were put stay put.
    UnderWay& one = under_way_[wanted.name];
    if (one.responder)
        one.responder->respond(Response::problem(409, "conflict", "another request for it came meanwhile"));
    one.responder = std::move(responder);
    one.importer = std::make_unique<store::Importer>(store::Importer::Setup{
        .store = frame_.store(),
        .timers = frame_.loop(),
        .import = import_of(wanted.name),
        .token = wanted.token,
        .next = [wanted, number = uint64_t{0}]() mutable -> base::Result<std::optional<store::ImportedRow>> {
            if (number == wanted.rows) return std::optional<store::ImportedRow>();
            return std::optional(row_of(wanted.token, number++, wanted.octets));
        },
        .on_end = [this, name = wanted.name](const base::Result<uint64_t>& rows) { ended(name, rows); },
        .patience = std::chrono::seconds{2}});
    one.importer->start();
}

void Imports::ended(const std::string& name, const base::Result<uint64_t>& rows) {
    const auto responder = std::move(under_way_[name].responder);
    under_way_.erase(name);
    if (rows)
        responder->respond(Response::json(200, nlohmann::json{{"rows", *rows}}.dump()));
    else if (rows.error().kind == base::ErrorKind::kConflict)
        responder->respond(Response::problem(409, "conflict", rows.error().text));
    else
        responder->respond(refusal({base::ErrorKind::kUnavailable, rows.error().text}));
}

void Imports::show(const std::string& name, ResponderPtr responder) {
    const std::shared_ptr<store::Reader> reader = frame_.store().read();
    const std::shared_ptr<http::Responder> later = std::move(responder);
    const bool taken = frame_.workers().submit(
        [reader, name] {
            const store::Imported imported(*reader, import_of(name));
            nlohmann::json seen;
            if (!imported.generation()) return seen;
            std::string hash;
            uint64_t rows = 0;
            imported.scan({}, {}, [&](std::string_view key, std::string_view value) {
                hash = json::sha256_hex(store::Key().text(hash).text(key).text(value).octets());
                ++rows;
                return true;
            });
            seen = {{"rows", rows}, {"hash", hash}};
            return seen;
        },
        [later](const nlohmann::json& seen) {
            if (seen.is_null()) return later->respond(refusal(base::not_found("nothing was imported")));
            later->respond(Response::json(200, seen.dump()));
        });
    if (!taken) later->respond(refusal({base::ErrorKind::kUnavailable, "too many at a time"}));
}

}  // namespace kvd
