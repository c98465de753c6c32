// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/routes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cbc/api/alert_view.h"
#include "cbc/api/cell_view.h"
#include "cbc/api/query.h"
#include "cbc/api/request_json.h"
#include "cbc/api/store_answer.h"
#include "common/json/parse.h"

namespace cbc {
namespace {

using Json = nlohmann::json;
using http::Response;

constexpr size_t kSendBodyMax = 4 * 1024 * 1024;
constexpr size_t kStopBodyMax = 16 * 1024;
constexpr size_t kListMax = 1000;
constexpr size_t kListDefault = 200;
constexpr size_t kCellsMax = 10'000;
constexpr size_t kCellsDefault = 1000;
constexpr size_t kWaitMax = 30;

int status_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::kUnknownCbe:
        case Refusal::kNotOwner:
        case Refusal::kModeNotAllowed:
        case Refusal::kSerialOutOfRange:
        case Refusal::kIdentifierNotAllowed:
            return 403;
        case Refusal::kAlertUnknown:
            return 404;
        case Refusal::kAlertStopped:
        case Refusal::kRevisionConflict:
        case Refusal::kRevisionOutdated:
        case Refusal::kSerialInUse:
            return 409;
        case Refusal::kDigestMismatch:
        case Refusal::kMessagesInvalid:
        case Refusal::kTextNotEncodable:
        case Refusal::kTextTooLong:
        case Refusal::kTimesInvalid:
        case Refusal::kRepetitionInvalid:
        case Refusal::kCellsUnknown:
        case Refusal::kDecisionsInsufficient:
            return 422;
    }
    return 422;
}

Response bad_body(const BadBody& bad) {
    return Response::problem(400, bad.fault == BodyFault::kNotJson ? "invalid-json" : "invalid-body",
                             bad.text);
}

Response not_known(const std::string& id) {
    return Response::problem(404, "alert-unknown", "alert " + id + " is not known here");
}

std::optional<AlertId> alert_in_path(const http::Request& request) {
    const auto uuid = base::Uuid::parse(request.parameter("id"));
    if (!uuid) return std::nullopt;
    return AlertId{*uuid};
}

Response json_response(int status, const Json& body) { return Response::json(status, json::dump(body)); }

}  // namespace

void Routes::add_to(http::Router& api, http::Router& control) {
    api.add({http::Method::kPost, "/alerts/send", http::Access::role({"cbe"}), kSendBodyMax,
             [this](const http::Request& request, http::ResponderPtr responder) {
                 send(request, std::move(responder));
             }});
    api.add({http::Method::kPost, "/alerts/{id}/stop", http::Access::role({"cbe"}), kStopBodyMax,
             [this](const http::Request& request, http::ResponderPtr responder) {
                 stop(request, std::move(responder));
             }});
    add_reading(api);
    add_reading(control);
}

void Routes::add_reading(http::Router& router) {
    const auto readers = http::Access::role({"cbe", "admin", "monitor"});
    const auto add = [&](std::string pattern, auto handler) {
        router.add({http::Method::kGet, std::move(pattern), readers, 0,
                    [this, handler](const http::Request& request, http::ResponderPtr responder) {
                        (this->*handler)(request, std::move(responder));
                    }});
    };
    add("/alerts", &Routes::list);
    add("/alerts/{id}", &Routes::get);
    add("/alerts/{id}/cells", &Routes::alert_cells);
    add("/cells", &Routes::cells);
    add("/events", &Routes::events);
}

// --- sending and stopping ---

AdmissionContext Routes::context() const {
    return {.cbes = desk_.cbes(),
            .cells = desk_.network().cells(),
            .held = [this](AlertId alert) { return desk_.centre().held(alert); },
            .user_of_code = [this](SerialNumber serial, MessageIdentifier identifier,
                                   AlertId self) { return user_of_code(serial, identifier, self); },
            .now = desk_.now()};
}

// Held alerts, and those that are being stored at this moment.
const AlertRevision* Routes::user_of_code(SerialNumber serial, MessageIdentifier identifier,
                                          AlertId self) const {
    for (const auto& [id, flight] : in_flight_) {
        if (id == self || flight.digest.value().empty()) continue;
        for (const MessageIdentifier other : flight.identifiers)
            if (cbs::is_etws(other) == cbs::is_etws(identifier) &&
                message_code(flight.serial, other) == message_code(serial, identifier))
                return &flight.alert;
    }
    return desk_.centre().user_of_code(serial, identifier, self);
}

Response Routes::refuse(const Refused& refused, const std::string& action, const std::string& actor,
                        AlertId alert) {
    const std::string code{code_of(refused.why)};
    desk_.audit({action, actor, alert.value().text(), code, refused.text});
    return Response::problem(status_of(refused.why), code, refused.text);
}

struct Routes::Prepared {
    base::Result<SendRequest, BadBody> request;
    base::Result<Targets> targets;
    std::vector<std::string> rows;  // of the targets
};

Routes::Prepared Routes::prepare(const std::string& body, const CellTable& cells) {
    auto request = read_send_request(body);
    if (!request) return {request.error(), Targets{}, {}};
    auto targets = targets_of(request->content.area, cells);
    auto rows = targets ? encode_targets(*targets) : std::vector<std::string>{};
    return {std::move(request), std::move(targets), std::move(rows)};
}

void Routes::send(const http::Request& request, http::ResponderPtr responder) {
    const auto wait = query_number(request, "wait", 0, kWaitMax);
    if (!wait) return responder->respond(bad_query("wait", kWaitMax));
    const auto asking = std::make_shared<Asking>(std::move(responder), std::chrono::seconds{*wait});
    const auto place = arrived_.enter();
    const bool taken = desk_.workers().submit(
        [body = request.body, cells = desk_.network().cells()] { return prepare(body, cells); },
        [this, place, asking, actor = request.peer.certificate_uri](Prepared prepared) {
            // It may be later: an earlier request may still be in the pool.
            arrived_.ready(place,
                           [this, asking, actor, mine = std::make_shared<Prepared>(std::move(prepared))] {
                               finish_send(std::move(*mine), actor, std::move(*asking));
                           });
        });
    if (!taken)
        arrived_.ready(place, [asking] { asking->responder->respond(busy("too many requests wait")); });
}

void Routes::finish_send(Prepared prepared, const std::string& actor, Asking asking) {
    if (!prepared.request) return asking.responder->respond(bad_body(prepared.request.error()));
    SendRequest& body = *prepared.request;
    body.certificate_uri = actor;
    const auto flight = in_flight_.find(body.id);
    if (flight != in_flight_.end()) {
        const bool same = flight->second.revision == body.revision && flight->second.digest == body.digest &&
                          body.digest == body.recomputed;
        if (!same) return asking.responder->respond(busy("another request for this alert is being stored"));
        flight->second.asking.push_back(std::move(asking));
        return;
    }
    AdmissionContext with_targets = context();
    with_targets.targets = &prepared.targets;
    const auto admitted = admit(body, with_targets);
    if (!admitted) return asking.responder->respond(refuse(admitted.error(), "alert.send", actor, body.id));
    if (*admitted == Admitted::kRepeat) return answer(body.id, std::move(asking));
    KeptTargets chosen{std::move(*prepared.targets), std::move(prepared.rows)};
    if (const Warning* held = desk_.centre().find(body.id)) {
        Targets mine = chosen_after(held->revision().content, held->targets(), body.content, chosen.targets);
        if (mine != chosen.targets) chosen.rows = encode_targets(mine);
        chosen.targets = std::move(mine);
    }
    take(std::move(body), std::move(chosen), std::move(asking));
}

void Routes::take(SendRequest request, KeptTargets chosen, Asking asking) {
    const std::string actor = request.certificate_uri;
    AlertRevision revision{request.id,
                           request.revision,
                           std::move(request.content),
                           request.digest,
                           std::move(request.decisions),
                           desk_.cbes().by_certificate(actor)->name,
                           desk_.now()};
    InFlight& fresh = in_flight_[revision.id];
    fresh.revision = revision.revision;
    fresh.digest = revision.digest;
    fresh.serial = revision.content.serial;
    for (const Message& message : revision.content.messages) fresh.identifiers.push_back(message.identifier);
    fresh.alert = revision;
    fresh.asking.push_back(std::move(asking));
    desk_.commit(revision, std::move(chosen), [this, id = revision.id, actor](const store::Done& done) {
        stored(id, done, "alert.send", actor);
    });
}

void Routes::stop(const http::Request& request, http::ResponderPtr responder) {
    const auto wait = query_number(request, "wait", 0, kWaitMax);
    if (!wait) return responder->respond(bad_query("wait", kWaitMax));
    const auto alert = alert_in_path(request);
    if (!alert) return responder->respond(not_known(request.parameter("id")));
    auto body = read_stop_request(*alert, request.body);
    if (!body) return responder->respond(bad_body(body.error()));
    body->certificate_uri = request.peer.certificate_uri;
    const auto asking = std::make_shared<Asking>(std::move(responder), std::chrono::seconds{*wait});
    arrived_.ready(arrived_.enter(),
                   [this, asking, body = std::move(*body)] { finish_stop(body, std::move(*asking)); });
}

void Routes::finish_stop(const StopRequest& request, Asking asking) {
    const auto admitted = admit(request, context());
    if (!admitted)
        return asking.responder->respond(
            refuse(admitted.error(), "alert.stop", request.certificate_uri, request.id));
    if (*admitted == Admitted::kRepeat) return answer(request.id, std::move(asking));
    const auto flight = in_flight_.find(request.id);
    if (flight != in_flight_.end()) {
        const bool stopping = flight->second.digest.value().empty();
        if (!stopping) return asking.responder->respond(busy("a revision of this alert is being stored"));
        flight->second.asking.push_back(std::move(asking));
        return;
    }
    in_flight_[request.id].asking.push_back(std::move(asking));
    const Tombstone tombstone{request.id, desk_.cbes().by_certificate(request.certificate_uri)->name,
                              request.seen, request.decisions, desk_.now()};
    desk_.commit(tombstone, [this, id = request.id, actor = request.certificate_uri](
                                const store::Done& done) { stored(id, done, "alert.stop", actor); });
}

void Routes::stored(AlertId alert, const store::Done& done, const std::string& action,
                    const std::string& actor) {
    auto flight = in_flight_.extract(alert);
    if (flight.empty()) return;
    const bool ok = done.outcome == store::Outcome::kOk;
    desk_.audit({action, actor, alert.value().text(),
                 ok ? "done" : std::string(store::to_string(done.outcome)), ok ? "" : done.error.text});
    for (Asking& asking : flight.mapped().asking) {
        if (ok)
            answer(alert, std::move(asking));
        else
            asking.responder->respond(not_stored(done));
    }
}

void Routes::answer(AlertId alert, Asking asking) {
    const Warning* warning = desk_.centre().find(alert);
    if (warning == nullptr)
        return asking.responder->respond(
            Response::problem(404, "alert-unknown", "the alert is over and forgotten"));
    if (asking.wait.count() == 0)
        return asking.responder->respond(json_response(202, accepted_view(*warning)));
    const auto waiter = waiters_.insert(waiters_.end(), Waiter{alert, std::move(asking.responder), nullptr});
    if (warning->settled()) return answer_waiters(alert);
    waiter->deadline = timers_.after(asking.wait, [this, waiter] {
        Waiter due = std::move(*waiter);
        waiters_.erase(waiter);
        answer_waiter(due);
    });
}

void Routes::alert_changed(AlertId alert) {
    hub_.alert_changed(alert);
    const Warning* warning = desk_.centre().find(alert);
    if (warning == nullptr || warning->settled()) answer_waiters(alert);
}

void Routes::answer_waiter(Waiter& waiter) const {
    const Warning* warning = desk_.centre().find(waiter.alert);
    if (warning == nullptr) return waiter.responder->respond(not_known(waiter.alert.value().text()));
    Json body = accepted_view(*warning);
    body["delivery"] = delivery_view(*warning);
    waiter.responder->respond(json_response(202, body));
}

void Routes::answer_waiters(AlertId alert) {
    waiters_.remove_if([&](Waiter& waiter) {
        if (waiter.alert != alert) return false;
        answer_waiter(waiter);
        return true;
    });
}

void Routes::drain() {
    while (!waiters_.empty()) answer_waiters(waiters_.front().alert);
    hub_.close();
}

// --- reading ---

namespace {

// A CBE sees its own alerts; operators' roles see all.
bool may_see(const CbeTable& cbes, const http::Peer& peer, const Warning& warning) {
    if (peer.role != "cbe") return true;
    const Cbe* cbe = cbes.by_certificate(peer.certificate_uri);
    return cbe != nullptr && cbe->name == warning.revision().cbe;
}

}  // namespace

void Routes::list(const http::Request& request, http::ResponderPtr responder) const {
    const auto limit = query_number(request, "limit", kListDefault, kListMax);
    if (!limit) return responder->respond(bad_query("limit", kListMax));
    const auto state = request.query_value("state");
    std::vector<const Warning*> found;
    desk_.centre().each([&](const Warning& warning) {
        if (state && *state != warning_fsm::to_string(warning.state())) return;
        if (may_see(desk_.cbes(), request.peer, warning)) found.push_back(&warning);
    });
    std::sort(found.begin(), found.end(), [](const Warning* a, const Warning* b) {
        return a->revision().received > b->revision().received;
    });
    if (found.size() > *limit) found.resize(*limit);
    Json alerts = Json::array();
    for (const Warning* warning : found) alerts.push_back(summary_view(*warning));
    responder->respond(json_response(200, {{"alerts", std::move(alerts)}}));
}

void Routes::get(const http::Request& request, http::ResponderPtr responder) const {
    const auto alert = alert_in_path(request);
    const Warning* warning = alert ? desk_.centre().find(*alert) : nullptr;
    if (warning == nullptr || !may_see(desk_.cbes(), request.peer, *warning))
        return responder->respond(not_known(request.parameter("id")));
    responder->respond(json_response(200, full_view(*warning)));
}

// All cells of the alert, or those of one message at one peer.
void Routes::alert_cells(const http::Request& request, http::ResponderPtr responder) const {
    const auto alert = alert_in_path(request);
    const Warning* warning = alert ? desk_.centre().find(*alert) : nullptr;
    if (warning == nullptr || !may_see(desk_.cbes(), request.peer, *warning))
        return responder->respond(not_known(request.parameter("id")));
    const auto limit = query_number(request, "limit", kCellsDefault, kCellsMax);
    if (!limit || *limit == 0) return responder->respond(bad_query("limit", kCellsMax));
    const auto identifier = query_number(request, "message_identifier", 0, UINT16_MAX);
    if (!identifier) return responder->respond(bad_query("message_identifier", UINT16_MAX));
    std::optional<Place> after;
    if (const auto text = request.query_value("after")) {
        const auto place = Place::parse(*text);
        if (!place)
            return responder->respond(
                Response::problem(400, "invalid-query", "after: " + place.error().text));
        after = *place;
    }
    const auto peer = request.query_value("peer");
    if (!peer)
        return responder->respond(json_response(
            200, cell_page_view(*warning, page_of(*warning, after, *limit), warning->cell_counts())));
    const auto delivery = warning->deliveries().find(
        {*alert, PeerName{*peer}, MessageIdentifier{static_cast<uint16_t>(*identifier)}});
    if (delivery == warning->deliveries().end())
        return responder->respond(Response::problem(404, "delivery-unknown",
                                                    "this peer was never asked to broadcast that message"));
    const Delivery& asked = delivery->second;
    responder->respond(
        json_response(200, cell_page_view(*warning, page_of(asked, after, *limit), count_cells(asked))));
}

void Routes::cells(const http::Request& request, http::ResponderPtr responder) const {
    const auto& rows = desk_.network().cells().rows();
    const auto offset = query_number(request, "offset", 0, rows.size());
    if (!offset) return responder->respond(bad_query("offset", rows.size()));
    const auto limit = query_number(request, "limit", kCellsDefault, kCellsMax);
    if (!limit) return responder->respond(bad_query("limit", kCellsMax));
    Json list = Json::array();
    for (size_t i = *offset; i < rows.size() && list.size() < *limit; ++i)
        list.push_back(cell_row_view(rows[i], desk_.network()));
    responder->respond(json_response(200, {{"total", rows.size()}, {"cells", std::move(list)}}));
}

void Routes::events(const http::Request& request, http::ResponderPtr responder) {
    std::optional<CbeName> only;
    if (request.peer.role == "cbe") {
        const Cbe* cbe = desk_.cbes().by_certificate(request.peer.certificate_uri);
        if (cbe == nullptr)
            return responder->respond(
                Response::problem(403, "unknown-cbe", "this certificate is not in this CBC's table of CBEs"));
        only = cbe->name;
    }
    hub_.add(responder->stream(), std::move(only));
}

}  // namespace cbc
