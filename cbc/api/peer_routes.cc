// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/peer_routes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cbc/api/peer_view.h"
#include "cbc/api/query.h"
#include "common/json/parse.h"

namespace cbc {
namespace {

using Json = nlohmann::json;
using http::Response;

// Longer than any link waits for its answer.
constexpr std::chrono::seconds kTestPatience{30};
constexpr size_t kTraceDefault = 10;
constexpr size_t kTraceMax = 300;

Response json_response(int status, const Json& body) { return Response::json(status, json::dump(body)); }

Response unknown(const std::string& name) {
    return Response::problem(404, "peer-unknown", "there is no peer " + name + " here; see GET /peers");
}

Response not_ready(const PeerStatus& peer) {
    return Response::problem(409, "peer-not-ready",
                             peer.profile.name.value() + " takes no requests at this moment" +
                                 (peer.reason.empty() ? "" : ": " + peer.reason));
}

std::optional<PeerStatus> find(const Desk& desk, const std::string& name) {
    std::vector<PeerStatus> peers = desk.peers();
    const auto found = std::find_if(peers.begin(), peers.end(), [&](const PeerStatus& peer) {
        return peer.profile.name.value() == name;
    });
    if (found == peers.end()) return std::nullopt;
    return std::move(*found);
}

std::optional<base::Instant> last_test(const PeerStatus& peer) {
    return peer.link_test ? std::optional{peer.link_test->at} : std::nullopt;
}

}  // namespace

void PeerRoutes::add_to(http::Router& api, http::Router& control) {
    const auto add = [this](http::Router& router, http::Method method, const char* pattern,
                            std::vector<std::string> roles, auto handler) {
        router.add({method, pattern, http::Access::role(std::move(roles)), 0,
                    [this, handler](const http::Request& request, http::ResponderPtr responder) {
                        (this->*handler)(request, std::move(responder));
                    },
                    http::Where::kHere});
    };
    for (http::Router* router : {&api, &control}) {
        add(*router, http::Method::kGet, "/peers", {"cbe", "admin", "monitor"}, &PeerRoutes::list);
        add(*router, http::Method::kGet, "/peers/{name}", {"cbe", "admin", "monitor"}, &PeerRoutes::get);
        add(*router, http::Method::kPost, "/peers/{name}/test", {"admin"}, &PeerRoutes::test);
        add(*router, http::Method::kPost, "/peers/{name}/trace", {"admin"}, &PeerRoutes::trace);
    }
}

void PeerRoutes::list(const http::Request&, http::ResponderPtr responder) const {
    Json peers = Json::array();
    for (const PeerStatus& peer : desk_.peers()) peers.push_back(to_json(peer));
    responder->respond(json_response(200, {{"peers", std::move(peers)}}));
}

void PeerRoutes::get(const http::Request& request, http::ResponderPtr responder) const {
    const auto peer = find(desk_, request.parameter("name"));
    if (!peer) return responder->respond(unknown(request.parameter("name")));
    responder->respond(json_response(200, to_json(*peer)));
}

// --- test ---

void PeerRoutes::test(const http::Request& request, http::ResponderPtr responder) {
    const auto peer = find(desk_, request.parameter("name"));
    if (!peer) return responder->respond(unknown(request.parameter("name")));
    const PeerName& name = peer->profile.name;
    const auto waiting =
        testers_.insert(testers_.end(), {name, last_test(*peer), std::move(responder), nullptr});
    const auto refuse = [&](Response response) {
        waiting->responder->respond(std::move(response));
        testers_.erase(waiting);
    };
    if (desk_.test_peer(name) == TestStart::kNotReady) return refuse(not_ready(*peer));
    desk_.audit_operation(request, "peer.test", "peer/" + name.value(), "");
    waiting->deadline = timers_.after(kTestPatience, [this, waiting] {
        const Tester late = std::move(*waiting);
        testers_.erase(waiting);
        late.responder->respond(
            Response::problem(504, "no-conclusion", "the peer was busy with something else; test it again"));
    });
}

// True: answered.
bool PeerRoutes::conclude(Tester& tester) const {
    const auto peer = find(desk_, tester.peer.value());
    if (!peer)
        tester.responder->respond(unknown(tester.peer.value()));
    else if (last_test(*peer) && last_test(*peer) != tester.last_before)
        tester.responder->respond(json_response(200, link_test_view(*peer)));
    else if (!peer->ready)
        tester.responder->respond(not_ready(*peer));
    else
        return false;
    return true;
}

void PeerRoutes::peer_changed(const PeerName& name) {
    testers_.remove_if([&](Tester& tester) { return tester.peer == name && conclude(tester); });
}

void PeerRoutes::drain() {
    for (Tester& tester : testers_)
        tester.responder->respond(Response::problem(503, "stopping", "this daemon is being stopped"));
    testers_.clear();
}

// --- trace ---

void PeerRoutes::trace(const http::Request& request, http::ResponderPtr responder) {
    const auto seconds = query_number(request, "seconds", kTraceDefault, kTraceMax);
    if (!seconds || *seconds == 0) return responder->respond(bad_query("seconds", kTraceMax));
    const auto peer = find(desk_, request.parameter("name"));
    if (!peer) return responder->respond(unknown(request.parameter("name")));
    const std::string name = peer->profile.name.value();
    const auto waiting = std::make_shared<http::ResponderPtr>(std::move(responder));
    const bool started =
        desk_.trace_peer(peer->profile, std::chrono::seconds{*seconds}, [waiting, name](std::string file) {
            Response response;
            response.headers = {{"Content-Type", "application/x-pcapng"},
                                {"Content-Disposition", "attachment; filename=\"" + name + ".pcapng\""}};
            response.body = std::move(file);
            (*waiting)->respond(std::move(response));
        });
    if (!started)
        return (*waiting)->respond(Response::problem(503, "busy", "so many records are being made already")
                                       .with_header("Retry-After", "10"));
    desk_.audit_operation(request, "peer.trace", "peer/" + name, std::to_string(*seconds) + " s");
}

}  // namespace cbc
