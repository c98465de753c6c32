// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/cluster_http.h"

#include "common/frame/failure.h"
#include "common/frame/forwarded.h"

namespace frame {
namespace {

using http::Request;
using http::ResponderPtr;
using http::Response;
using store::Done;
using store::Outcome;

bool reads(const Request& request) {
    return request.method == http::Method::kGet || request.method == http::Method::kHead;
}

bool wants_the_newest(const Request& request) {
    return reads(request) && request.query_value("consistent") == "1";
}

// Adds to the answer how old it may be.
class Aged final : public http::Responder {
 public:
    Aged(ResponderPtr inner, std::optional<std::chrono::milliseconds> age)
        : inner_(std::move(inner)), age_(age ? std::to_string(age->count()) : "unknown") {}
    void respond(Response response) override {
        response.headers.emplace_back("Farol-Read-Age", age_);
        inner_->respond(std::move(response));
    }
    std::unique_ptr<EventStream> stream() override { return inner_->stream(); }

 private:
    ResponderPtr inner_;
    std::string age_;
};

class NoStream final : public http::Responder::EventStream {
 public:
    bool send(std::string_view, std::string_view, std::string_view) override { return false; }
    bool open() const override { return false; }
};

// Gives the answer of a handler to the node that passed the request on.
class ToNode final : public http::Responder {
 public:
    explicit ToNode(ClusterHttp::Answer answer) : answer_(std::move(answer)) {}
    ~ToNode() override {
        respond(
            Response::problem(500, "internal-error",
                              "The request could not be answered; the log of the leading node says why."));
    }
    void respond(Response response) override {
        const auto answer = std::exchange(answer_, nullptr);
        if (!answer) return;
        base::Bytes octets = encode(response);
        if (octets.size() > kPassedOnMax)
            octets = encode(Response::problem(500, "answer-too-large",
                                              "The answer is too large for another node to pass it on; ask "
                                              "the leading node itself."));
        answer({Outcome::kOk, {}}, std::move(octets));
    }
    std::unique_ptr<EventStream> stream() override {
        respond(Response::problem(501, "stream-not-passed-on",
                                  "Event streams are not passed on; ask without consistent=1."));
        return std::make_unique<NoStream>();
    }

 private:
    ClusterHttp::Answer answer_;
};

}  // namespace

http::Dispatch ClusterHttp::dispatch_for(const std::string& listener, const http::Router& router) {
    routers_[listener] = &router;
    return [this, listener](const http::Route& route, const Request& request, ResponderPtr responder) {
        dispatch(listener, route, request, std::move(responder));
    };
}

void ClusterHttp::dispatch(const std::string& listener, const http::Route& route, const Request& request,
                           ResponderPtr responder) {
    const auto standing = leadership_.standing();
    if (standing == Leadership::Standing::kAlone || route.where == http::Where::kHere)
        return route.handler(request, std::move(responder));
    if (standing == Leadership::Standing::kLeads) return answer_here(route, request, std::move(responder));
    if (!reads(request) || wants_the_newest(request)) return pass_on(listener, request, std::move(responder));
    route.handler(request, std::make_unique<Aged>(std::move(responder), leadership_.read_age()));
}

void ClusterHttp::answer_here(const http::Route& route, const Request& request, ResponderPtr responder) {
    if (wants_the_newest(request)) return confirm_and_answer(route, request, std::move(responder));
    route.handler(request, std::move(responder));
}

void ClusterHttp::confirm_and_answer(const http::Route& route, const Request& request,
                                     ResponderPtr responder) {
    // Shared because callbacks must be copyable; the request is a copy that outlives this call.
    const auto holder = std::make_shared<ResponderPtr>(std::move(responder));
    leadership_.confirm([this, alive = std::weak_ptr(alive_), &route, request, holder](bool leads) {
        if (alive.expired()) return;
        if (!leads) return (*holder)->respond(failure_answer({Outcome::kNotLeader, {}}));
        call(route, request, std::move(*holder));
    });
}

void ClusterHttp::pass_on(const std::string& listener, const Request& request, ResponderPtr responder) {
    base::Bytes octets = encode(ForwardedRequest{listener, request});
    if (octets.size() > kPassedOnMax)
        return responder->respond(
            Response::problem(413, "body-too-large",
                              "This node does not lead, and the request is too large to "
                              "be passed on; send it to the leading node."));
    const std::shared_ptr<http::Responder> later = std::move(responder);
    leadership_.forward(std::move(octets),
                        [later, harmless = reads(request)](const Done& done, const base::Bytes& answer) {
                            // A read that was lost on the way has changed nothing.
                            if (done.outcome == Outcome::kUnknown && harmless)
                                return later->respond(failure_answer({Outcome::kNotLeader, {}}));
                            if (done.outcome != Outcome::kOk) return later->respond(failure_answer(done));
                            auto response = decode_response(answer);
                            if (!response)
                                return later->respond(failure_answer({Outcome::kRefused, response.error()}));
                            later->respond(*std::move(response));
                        });
}

void ClusterHttp::serve(base::ByteView octets, Answer answer) {
    if (leadership_.standing() != Leadership::Standing::kLeads) return answer({Outcome::kNotLeader, {}}, {});
    auto forwarded = decode_request(octets);
    if (!forwarded) return answer({Outcome::kRefused, forwarded.error()}, {});
    auto responder = std::make_unique<ToNode>(std::move(answer));
    const auto router = routers_.find(forwarded->listener);
    if (router == routers_.end())
        return responder->respond(
            Response::problem(404, "no-such-listener", "The leading node has no listener of that name."));
    Request& request = forwarded->request;
    const auto match = router->second->match(request);
    if (match.refusal) return responder->respond(*match.refusal);
    if (request.body.size() > match.route->body_limit)
        return responder->respond(
            Response::problem(413, "body-too-large", "The body is larger than the leading node takes."));
    if (wants_the_newest(request)) return confirm_and_answer(*match.route, request, std::move(responder));
    call(*match.route, request, std::move(responder));
}

// For calls that do not come from a connection, which would catch our own mistake in one request itself.
void ClusterHttp::call(const http::Route& route, const Request& request, ResponderPtr responder) const {
    try {
        route.handler(request, std::move(responder));
    } catch (const std::exception& wrong) {
        log_.error("http.handler.failed",
                   {{"route", route.pattern}, {"request_id", request.request_id}, {"error", wrong.what()}});
    }
}

}  // namespace frame
