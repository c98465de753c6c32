// SPDX-License-Identifier: AGPL-3.0-or-later
#include <charconv>
#include <nlohmann/json.hpp>

#include "common/frame/failure.h"
#include "common/frame/frame.h"
#include "common/frame/routes.h"

namespace frame {
namespace {

using http::Access;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;

constexpr size_t kBodyMax = 4096;
constexpr uint64_t kLinesMax = 1000;   // of one answer; the next asks after the last sequence number
constexpr size_t kVerifySlice = 2000;  // records looked at in one turn of the loop

// A number of the query; `otherwise` when it is absent, nothing when it is no number.
std::optional<uint64_t> number_of(const Request& request, std::string_view name, uint64_t otherwise) {
    const auto text = request.query_value(name);
    if (!text) return otherwise;
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return number;
}

// The daemon's audit log, which a cluster has in common, or the one of this node's control socket.
const store::Store& chain_of(Frame& frame, const Request& request) {
    return request.query_value("of") == "node" ? frame.node_store() : frame.store();
}

Response alarms_answer(Frame& frame, const Request& request) {
    const bool all = request.query_value("all") == "1";
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const alarms::Alarm* alarm : all ? frame.alarms().all() : frame.alarms().active())
        list.push_back(alarms::to_json(*alarm));
    return Response::json(200, nlohmann::ordered_json{{"alarms", list}}.dump());
}

void acknowledge(Frame& frame, const Request& request, ResponderPtr responder) {
    const std::string& id = request.parameter("id");
    const audit::Entry entry = frame.audit_entry(request, "alarm.acknowledge", "alarm/" + id, "");
    // Shared because a callback of the store must be copyable.
    const std::shared_ptr<http::Responder> later = std::move(responder);
    frame.alarms().acknowledge(
        id, entry.actor,
        [entry](store::Transaction& txn) {
            audit::append(txn, entry);
            return base::Result<void>();
        },
        [later](const store::Done& done) {
            later->respond(done.outcome == store::Outcome::kOk ? Response::empty(204) : failure_answer(done));
        });
}

Response audit_answer(Frame& frame, const Request& request) {
    const auto after = number_of(request, "after", 0), limit = number_of(request, "limit", 100);
    if (!after || !limit || *limit == 0 || *limit > kLinesMax)
        return Response::problem(
            400, "invalid-query",
            "after is a sequence number, limit a number from 1 to " + std::to_string(kLinesMax) + ".");
    std::string lines;
    uint64_t count = 0;
    const auto done = audit::read(*chain_of(frame, request).read(), *after, [&](const audit::Record& record) {
        lines += audit::json_line(record);
        return ++count < *limit;
    });
    if (!done) return Response::problem(500, "audit-unreadable", done.error().text);
    Response response = Response::text(200, std::move(lines));
    response.headers = {{"Content-Type", "application/jsonl"}};
    return response;
}

// One verification under way, a slice a turn.
struct Verifying {
    const store::Store& chain;  // outlives it
    audit::Verification verification{};
    ResponderPtr responder{};
};

void verify_slice(Frame& frame, const std::shared_ptr<Verifying>& work) {
    audit::Verification& verification = work->verification;
    verification.step(*work->chain.read(), kVerifySlice);
    if (!verification.done()) {
        frame.loop().post([&frame, work] { verify_slice(frame, work); });
        return;
    }
    const bool valid = verification.valid();
    frame.metrics()
        .gauge("farol_audit_chain_valid", "1 unless the last verification found it broken.")
        .set(valid ? 1 : 0);
    const std::string object = frame.program().daemon + "/audit";
    if (valid) {
        frame.alarms().clear(alarms::kAuditChainBroken, object);
    } else {
        frame.log().error("audit.chain.broken", {{"where", verification.broken()}});
        frame.alarms().raise(alarms::kAuditChainBroken, object, alarms::Severity::kCritical,
                             verification.broken());
    }
    const nlohmann::ordered_json body{
        {"valid", valid}, {"records", verification.checked()}, {"broken", verification.broken()}};
    work->responder->respond(Response::json(200, body.dump()));
}

}  // namespace

void add_record_routes(Frame& frame) {
    const Access admin = Access::role({"admin"});
    http::Router& router = frame.control();
    router.add(
        {Method::kGet, "/control/alarms", admin, 0, [&frame](const Request& request, ResponderPtr responder) {
             responder->respond(alarms_answer(frame, request));
         }});
    router.add({Method::kPost, "/control/alarms/{id}/acknowledge", admin, kBodyMax,
                [&frame](const Request& request, ResponderPtr responder) {
                    acknowledge(frame, request, std::move(responder));
                }});
    router.add(
        {Method::kGet, "/control/audit", admin, 0, [&frame](const Request& request, ResponderPtr responder) {
             responder->respond(audit_answer(frame, request));
         }});
    router.add({Method::kPost, "/control/audit/verify", admin, kBodyMax,
                [&frame](const Request& request, ResponderPtr responder) {
                    // Shared by the slices that are still to be posted.
                    auto work = std::make_shared<Verifying>(Verifying{chain_of(frame, request)});
                    work->responder = std::move(responder);
                    verify_slice(frame, work);
                }});
}

}  // namespace frame
