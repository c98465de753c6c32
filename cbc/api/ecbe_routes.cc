// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/ecbe_routes.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "cbc/api/ecbe_body.h"
#include "cbc/store/alert_json.h"
#include "common/json/jcs.h"

namespace cbc {
namespace {

using http::Response;

constexpr size_t kBodyMax = 64 * 1024;
constexpr std::chrono::seconds kPatience{15};  // with peers

Response refusal(int status, const std::string& text) { return Response::text(status, text + "\n"); }

// Scripts of a web page must not reach what trusts its network: programs send no Origin.
bool from_a_page(const http::Request& request) { return request.header("origin").has_value(); }

std::optional<MessageIdentifier> identifier_in(const std::string& text) {
    uint32_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || number > UINT16_MAX)
        return std::nullopt;
    return MessageIdentifier{static_cast<uint16_t>(number)};
}

int refusal_status(Refusal why) { return why == Refusal::kSerialInUse ? 409 : 400; }

Response store_failure(const store::Done& done) {
    if (done.outcome == store::Outcome::kUnknown)
        return refusal(500, "whether it was stored is not known; GET /alerts tells");
    return refusal(500, "it could not be stored: " + done.error.text);
}

// A peer that we can ask has it, or may have it.
bool on_air_within_reach(const Warning& warning, const Centre& centre) {
    return std::any_of(warning.deliveries().begin(), warning.deliveries().end(), [&](const auto& entry) {
        return entry.second.on_air() != Delivery::OnAir::kNowhere && centre.is_up(entry.first.peer);
    });
}

}  // namespace

void EcbeRoutes::add_to(http::Router& router) {
    const auto add = [&](http::Method method, const char* pattern, size_t body, auto handler) {
        router.add({method, pattern, http::Access::anybody(), body,
                    [this, handler](const http::Request& request, http::ResponderPtr responder) {
                        if (from_a_page(request))
                            return responder->respond(refusal(403, "this interface is not for web pages"));
                        (this->*handler)(request, std::move(responder));
                    }});
    };
    add(http::Method::kPost, "/api/ecbe/v1/message", kBodyMax, &EcbeRoutes::create);
    add(http::Method::kDelete, "/api/ecbe/v1/message/{message_id}", 0, &EcbeRoutes::remove);
}

const Warning* EcbeRoutes::live(MessageIdentifier identifier) const {
    const Warning* found = nullptr;
    desk_.centre().each([&](const Warning& warning) {
        const AlertRevision& revision = warning.revision();
        if (revision.cbe.value() != kEcbe || warning.tombstone() ||
            revision.content.schedule.end <= desk_.now())
            return;
        if (revision.content.messages.front().identifier == identifier) found = &warning;
    });
    return found;
}

// One of ours that is over or stopped lets go of its code when no peer that we reach can have it.
const AlertRevision* EcbeRoutes::user_of_code(SerialNumber serial, MessageIdentifier identifier) const {
    const AlertRevision* user = nullptr;
    desk_.centre().each([&](const Warning& warning) {
        const AlertRevision& revision = warning.revision();
        const auto& messages = revision.content.messages;
        const bool same = std::any_of(messages.begin(), messages.end(), [&](const Message& message) {
            return cbs::is_etws(message.identifier) == cbs::is_etws(identifier) &&
                   message_code(revision.content.serial, message.identifier) ==
                       message_code(serial, identifier);
        });
        if (!same) return;
        const bool mine = revision.cbe.value() == kEcbe;
        const bool over = warning.tombstone() || revision.content.schedule.end <= desk_.now();
        // Here two messages may share a code, as long as their identifiers tell them apart.
        if (mine && (messages.front().identifier != identifier ||
                     (over && !on_air_within_reach(warning, desk_.centre()))))
            return;
        user = &revision;
    });
    return user;
}

AdmissionContext EcbeRoutes::context() const {
    return {.cbes = desk_.cbes(),
            .cells = desk_.network().cells(),
            .held = [this](AlertId alert) { return desk_.centre().held(alert); },
            .user_of_code = [this](SerialNumber serial, MessageIdentifier identifier,
                                   AlertId) { return user_of_code(serial, identifier); },
            .now = desk_.now()};
}

void EcbeRoutes::create(const http::Request& request, http::ResponderPtr responder) {
    const auto message = read_ecbe_message(request.body);
    if (!message) return responder->respond(refusal(400, message.error().text));
    const MessageIdentifier identifier = message->message.identifier;
    if (storing_.contains(identifier) || live(identifier) != nullptr)
        return responder->respond(
            refusal(409, "message_id " + std::to_string(identifier.value()) + " exists; DELETE it first"));
    const base::Instant now = desk_.now();
    const auto unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    SendRequest wanted{.id = AlertId{base::new_uuid(static_cast<uint64_t>(unix_ms.count()))},
                       .revision = Revision{1},
                       .content = content_of(*message, now),
                       .digest = {},
                       .recomputed = {},
                       .decisions = {{DecisionAction::kSubmit, "ecbe/" + message->cbe_name, now, 0}},
                       .certificate_uri = kEcbeUri};
    const auto digest = ::json::digest(to_json(wanted.content));
    if (!digest) return responder->respond(refusal(400, digest.error().text));
    wanted.digest = wanted.recomputed = Digest{*digest};
    const auto admitted = admit(wanted, context());
    if (!admitted) {
        const Refused& why = admitted.error();
        desk_.audit({"alert.send", kEcbeUri, wanted.id.value().text(), std::string(code_of(why.why)),
                     why.text + " (" + request.peer.address + ")"});
        return responder->respond(refusal(refusal_status(why.why), why.text));
    }
    commit({wanted.id, wanted.revision, std::move(wanted.content), wanted.digest, std::move(wanted.decisions),
            CbeName{kEcbe}, now},
           std::move(responder));
}

void EcbeRoutes::commit(AlertRevision revision, http::ResponderPtr responder) {
    const MessageIdentifier identifier = revision.content.messages.front().identifier;
    storing_.insert(identifier);
    const auto waiting = std::make_shared<http::ResponderPtr>(std::move(responder));
    // It is for the whole network, for which no cells are kept.
    KeptTargets everywhere{{.everywhere = true}, {}};
    desk_.commit(revision, std::move(everywhere),
                 [this, waiting, identifier, id = revision.id](const store::Done& done) {
                     storing_.erase(identifier);
                     const bool ok = done.outcome == store::Outcome::kOk;
                     desk_.audit({"alert.send", kEcbeUri, id.value().text(),
                                  ok ? "done" : std::string(store::to_string(done.outcome)),
                                  ok ? "" : done.error.text});
                     if (!ok) return (*waiting)->respond(store_failure(done));
                     wait(id, Response::text(201, ""), std::move(*waiting));
                 });
}

void EcbeRoutes::remove(const http::Request& request, http::ResponderPtr responder) {
    const auto identifier = identifier_in(request.parameter("message_id"));
    if (!identifier) return responder->respond(refusal(400, "message_id must be a number up to 65535"));
    const Warning* warning = live(*identifier);
    if (warning == nullptr)
        return responder->respond(
            refusal(404, "there is no message_id " + std::to_string(identifier->value())));
    const AlertId id = warning->revision().id;
    const Tombstone stop{id,
                         CbeName{kEcbe},
                         warning->revision().digest,
                         {{DecisionAction::kStop, "ecbe", desk_.now(), 0}},
                         desk_.now()};
    const auto waiting = std::make_shared<http::ResponderPtr>(std::move(responder));
    desk_.commit(stop, [this, waiting, id](const store::Done& done) {
        const bool ok = done.outcome == store::Outcome::kOk;
        desk_.audit({"alert.stop", kEcbeUri, id.value().text(),
                     ok ? "done" : std::string(store::to_string(done.outcome)), ok ? "" : done.error.text});
        if (!ok) return (*waiting)->respond(store_failure(done));
        wait(id, Response::text(200, ""), std::move(*waiting));
    });
}

void EcbeRoutes::wait(AlertId alert, Response answer, http::ResponderPtr responder) {
    const Warning* warning = desk_.centre().find(alert);
    if (warning == nullptr || warning->settled()) return responder->respond(std::move(answer));
    const auto waiter =
        waiters_.insert(waiters_.end(), Waiter{alert, std::move(answer), std::move(responder), nullptr});
    waiter->deadline = timers_.after(kPatience, [this, waiter] {
        const Waiter due = std::move(*waiter);
        waiters_.erase(waiter);
        due.responder->respond(due.answer);
    });
}

void EcbeRoutes::alert_changed(AlertId alert) {
    const Warning* warning = desk_.centre().find(alert);
    if (warning != nullptr && !warning->settled()) return;
    waiters_.remove_if([&](Waiter& waiter) {
        if (waiter.alert != alert) return false;
        waiter.responder->respond(waiter.answer);
        return true;
    });
}

void EcbeRoutes::drain() {
    for (Waiter& waiter : waiters_) waiter.responder->respond(waiter.answer);
    waiters_.clear();
}

}  // namespace cbc
