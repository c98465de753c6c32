// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/faulty_server/server.h"

namespace faulty {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kUnknownOneIn = 40;
constexpr unsigned kNotLeaderOneIn = 100;
constexpr unsigned kSilentOneIn = 400;
constexpr unsigned kLostOneIn = 300;
constexpr unsigned kStaleOneIn = 100;
constexpr auto kCopyEvery = 500ms;
constexpr auto kStallEvery = 4s;
constexpr auto kStall = 1200ms;
constexpr auto kSilence = 3s;  // longer than clients wait
constexpr size_t kBodyLimit = 64 * 1024;

http::Response response_of(const Result& result) {
    if (result.status >= 400)
        return http::Response::problem(result.status, result.code, "As asked for by the test.");
    return http::Response::json(result.status, result.body.dump());
}

std::string below_kv(const http::Request& request) { return request.path.substr(std::string("/kv/").size()); }

}  // namespace

Server::Server(loop::Loop& loop, const Options& options)
    : loop_(loop), options_(options), engine_(options.seed) {
    add_routes();
    copying_ = loop_.every(kCopyEvery, [this] { old_copy_ = state_; });
    stalling_ = loop_.every(kStallEvery, [this] { stall(); });
}

base::Result<std::vector<uint16_t>> Server::listen() {
    std::shared_ptr<tls::ServerContext> context;
    if (!options_.certificate.empty()) {
        auto made = tls::ServerContext::create({options_.certificate, options_.key, {options_.authority}},
                                               tls::ClientCertificate::kRequired);
        if (!made) return made.error();
        context = *made;
    }
    std::vector<uint16_t> ports;
    for (int i = 0; i < options_.nodes; ++i) {
        servers_.push_back(
            std::make_unique<http::Server>(loop_, router_, http::Limits{}, logs::Log::discard()));
        auto bound = servers_.back()->listen({"127.0.0.1", 0}, context);
        if (!bound) return bound.error();
        ports.push_back(bound->port);
    }
    return ports;
}

void Server::add_routes() {
    const auto change = [this](const http::Request& request, http::ResponderPtr responder) {
        on_change(request, std::move(responder));
    };
    const auto read = [this](const http::Request& request, http::ResponderPtr responder) {
        on_read(request, std::move(responder));
    };
    router_.add({http::Method::kGet, "/kv/state", http::Access::anybody(), 0,
                 [this](const http::Request&, http::ResponderPtr responder) {
                     const nlohmann::json body{{"hash", std::hash<std::string>()(state_.text())},
                                               {"applied_index", state_.changes}};
                     responder->respond(http::Response::json(200, body.dump()));
                 }});
    router_.add({http::Method::kGet, "/kv/{path...}", http::Access::anybody(), 0, read});
    router_.add({http::Method::kPost, "/kv/{path...}", http::Access::anybody(), kBodyLimit, change});
    router_.add({http::Method::kPut, "/kv/{path...}", http::Access::anybody(), kBodyLimit, change});
}

void Server::on_change(const http::Request& request, http::ResponderPtr responder) {
    if (one_in(kNotLeaderOneIn))
        return responder->respond(http::Response::problem(503, "not-leader", "Not here."));
    Change change{below_kv(request),
                  nlohmann::json::parse(request.body.empty() ? "{}" : request.body, nullptr, false),
                  request.header("idempotency-key").value_or(""), std::move(responder)};
    after(pause(), [this, change = std::move(change)] { decide(change); });
}

void Server::stall() {
    is_stalled_ = true;
    after(kStall, [this] { go_on(); });
}

void Server::go_on() {
    is_stalled_ = false;
    for (const Change& change : waiting_) {
        if (one_in(2)) apply(change);
        change.responder->respond(response_of({503, "outcome-unknown", {}}));
    }
    waiting_.clear();
}

void Server::decide(Change change) {
    if (is_stalled_) return waiting_.push_back(std::move(change));
    const bool is_silent = one_in(kSilentOneIn);
    const bool is_unknown = one_in(kUnknownOneIn);
    Result result{503, "outcome-unknown", {}};
    if (is_silent || is_unknown) {
        if (one_in(2)) apply(change);
    } else {
        result = apply(change);
    }
    after(is_silent ? std::chrono::microseconds(kSilence) : pause(),
          [responder = change.responder, result] { responder->respond(response_of(result)); });
}

Result Server::apply(const Change& change) {
    const auto known = answers_.find(change.idempotency_key);
    if (known != answers_.end()) {
        if (options_.fault == Fault::kDoubleApply) state_.change(change.path, change.body);
        return known->second;
    }
    if (options_.fault == Fault::kLostWrite && one_in(kLostOneIn)) {
        State elsewhere = state_;
        return elsewhere.change(change.path, change.body);
    }
    const Result result = state_.change(change.path, change.body);
    if (!change.idempotency_key.empty()) answers_[change.idempotency_key] = result;
    return result;
}

void Server::on_read(const http::Request& request, http::ResponderPtr responder) {
    const std::shared_ptr<http::Responder> later = std::move(responder);
    const bool is_stale =
        options_.fault == Fault::kStaleRead && request.query_value("consistent") && one_in(kStaleOneIn);
    after(pause(), [this, later, path = below_kv(request), is_stale] {
        const Result result = (is_stale ? old_copy_ : state_).read(path);
        after(pause(), [later, result] { later->respond(response_of(result)); });
    });
}

void Server::after(std::chrono::microseconds delay, loop::Job job) {
    const uint64_t number = ++last_timer_;
    timers_[number] = loop_.after(delay, [this, number, job = std::move(job)] {
        const auto own = std::move(timers_.at(number));
        timers_.erase(number);
        job();
    });
}

}  // namespace faulty
