// SPDX-License-Identifier: AGPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "common/frame/failure.h"
#include "common/frame/frame.h"
#include "common/frame/routes.h"
#include "common/json/object.h"
#include "common/json/parse.h"

namespace frame {
namespace {

using http::Access;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;
using Json = nlohmann::ordered_json;
using replica::NodeStatus;

constexpr size_t kBodyMax = 4096;

Json number_or_null(const std::optional<std::chrono::milliseconds>& value) {
    return value ? Json(value->count()) : Json();
}

std::string_view word_of(NodeStatus::Standing standing) {
    switch (standing) {
        case NodeStatus::Standing::kSpare:
            return "spare";
        case NodeStatus::Standing::kStandby:
            return "standby";
        case NodeStatus::Standing::kVoting:
            return "voting";
    }
    return "";
}

Json json_of(const NodeStatus& node) {
    return {{"node", node.address.at.node},
            {"address", node.address.at.endpoint.text()},
            {"role", to_string(node.address.role)},
            {"standing", word_of(node.standing)},
            {"votes", node.standing == NodeStatus::Standing::kVoting},
            {"stored", node.match},
            {"behind", node.behind},
            {"silent_ms", number_or_null(node.silent_for)}};
}

Response status_answer(Frame& frame) {
    const replica::ReplicaStatus status = frame.cluster()->status();
    const ClusterVerdict verdict = frame.cluster_verdict();
    Json nodes = Json::array();
    for (const NodeStatus& node : status.nodes) nodes.push_back(json_of(node));
    const Json body{{"daemon", frame.program().daemon},
                    {"cluster", status.cluster},
                    {"node", status.self},
                    {"address", frame.settings().cluster.advertise.text()},
                    {"role", to_string(status.role)},
                    {"state", to_string(status.state)},
                    {"status", to_string(verdict.status)},
                    {"sentence", verdict.sentence},
                    {"leader", status.leader ? Json(*status.leader) : Json()},
                    {"takes_writes", status.takes_writes},
                    {"term", status.term},
                    {"last", status.last},
                    {"committed", status.committed},
                    {"stored", status.stored},
                    {"snapshot", status.snapshot},
                    {"log_entries", status.log_entries},
                    {"log_octets", status.log_octets},
                    {"snapshots_installed", status.snapshots_installed},
                    {"read_age_ms", number_or_null(frame.read_age())},
                    {"batches", frame.store().applied_index()},
                    {"problem", status.problem},
                    {"nodes", nodes}};
    return Response::json(200, body.dump());
}

Response no_cluster(const Frame& frame) {
    return Response::problem(
        404, "no-cluster",
        "This daemon runs alone: its configuration has no block `cluster:` (" + frame.args().config + ").");
}

Response answer_of(const base::Result<void>& done) {
    if (done) return Response::json(200, "{}");
    // Nobody leads, or nobody was reached who knows: farolctl's own exit code.
    if (done.error().kind == base::ErrorKind::kUnavailable)
        return Response::problem(503, "not-leader", done.error().text);
    return failure_answer({store::Outcome::kRefused, done.error()});
}

// Audited when it was done, or not; then answered.
replica::Replica::Answer answer_to(Frame& frame, const Request& request, const std::string& verb,
                                   const std::string& object, ResponderPtr responder) {
    audit::Entry entry = frame.audit_entry(request, "cluster." + verb, object, "");
    // Shared because callbacks must be copyable.
    const std::shared_ptr<http::Responder> later = std::move(responder);
    return [&frame, entry, later, verb](const base::Result<void>& done) {
        audit::Entry record = entry;
        record.after = done ? "done" : done.error().text;
        if (done) {
            frame.log().notice("cluster.changed", {{"verb", verb}, {"node", entry.object}});
        } else {
            frame.log().warning("cluster.unchanged", {{"verb", verb}, {"error", done.error().text}});
        }
        frame.audit(record, [later, done] { later->respond(answer_of(done)); });
    };
}

base::Result<net::Endpoint> address_in(const Frame& frame, json::Object& body) {
    const std::string text = body.string("address", {.max = 300});
    auto endpoint = replica::endpoint_of(text);
    // Most clusters use the daemon's own port everywhere.
    if (!endpoint && !text.empty())
        endpoint = replica::endpoint_of(text + ":" + std::to_string(frame.settings().cluster.port));
    if (!endpoint && !text.empty()) body.wrong("address", endpoint.error().text);
    return endpoint;
}

using Verb = std::function<void(Frame&, const Request&, json::Object& body, const json::Problems&,
                                ResponderPtr& responder)>;

void add(Frame& frame, const std::string& verb, Verb work) {
    frame.control().add({Method::kPost, "/control/cluster/" + verb, Access::role({"admin"}), kBodyMax,
                         [&frame, work = std::move(work)](const Request& request, ResponderPtr responder) {
                             if (frame.cluster() == nullptr) return responder->respond(no_cluster(frame));
                             const auto parsed = json::parse(request.body.empty() ? "{}" : request.body);
                             if (!parsed)
                                 return responder->respond(
                                     Response::problem(400, "invalid-json", parsed.error().text));
                             json::Problems problems;
                             json::Object body(*parsed, problems);
                             work(frame, request, body, problems, responder);
                             if (responder)
                                 responder->respond(Response::problem(422, "invalid-body", problems.text()));
                         }});
}

void init(Frame& frame, const Request& request, json::Object& body, const json::Problems& problems,
          ResponderPtr& responder) {
    body.no_others();
    if (!problems.empty()) return;
    frame.cluster()->replica().init(
        answer_to(frame, request, "init", frame.cluster()->status().self, std::move(responder)));
}

void join(Frame& frame, const Request& request, json::Object& body, const json::Problems& problems,
          ResponderPtr& responder) {
    const auto where = address_in(frame, body);
    body.no_others();
    if (!problems.empty() || !where) return;
    frame.cluster()->replica().join(*where,
                                    answer_to(frame, request, "join", where->text(), std::move(responder)));
}

void leave(Frame& frame, const Request& request, json::Object& body, const json::Problems& problems,
           ResponderPtr& responder) {
    const std::string node =
        body.optional_string("node", {.max = 32}).value_or(frame.cluster()->status().self);
    body.no_others();
    if (!problems.empty()) return;
    frame.cluster()->replica().leave(node, answer_to(frame, request, "leave", node, std::move(responder)));
}

// Another node, dead or cut off: the others take nothing from it any more, and it can lead nobody.
void fence(Frame& frame, const Request& request, json::Object& body, const json::Problems& problems,
           ResponderPtr& responder) {
    const std::string node = body.string("node", {.max = 32});
    body.no_others();
    if (problems.empty() && node == frame.cluster()->status().self)
        body.wrong("node", "a node cannot fence itself; say leave");
    if (!problems.empty()) return;
    frame.cluster()->replica().leave(node, answer_to(frame, request, "fence", node, std::move(responder)));
}

void switchover(Frame& frame, const Request& request, json::Object& body, const json::Problems& problems,
                ResponderPtr& responder) {
    const auto node = body.optional_string("node", {.max = 32});
    body.no_others();
    if (!problems.empty()) return;
    frame.cluster()->replica().switchover(
        node, answer_to(frame, request, "switchover", node.value_or("any"), std::move(responder)));
}

}  // namespace

void add_cluster_routes(Frame& frame) {
    frame.control().add({Method::kGet, "/control/cluster", Access::role({"admin", "monitor"}), 0,
                         [&frame](const Request&, ResponderPtr responder) {
                             responder->respond(frame.cluster() == nullptr ? no_cluster(frame)
                                                                           : status_answer(frame));
                         }});
    add(frame, "init", init);
    add(frame, "join", join);
    add(frame, "leave", leave);
    add(frame, "fence", fence);
    add(frame, "switchover", switchover);
}

}  // namespace frame
