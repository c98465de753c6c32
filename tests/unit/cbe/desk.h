// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The routes of cbed on a real store, with a clock that the test moves and requests that need no network.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cbe/api/alert_routes.h"
#include "cbe/api/gate.h"
#include "cbe/api/other_routes.h"
#include "cbe/api/problems.h"
#include "common/auth/password.h"
#include "common/http/router.h"
#include "tests/support/fake_timers.h"
#include "tests/support/store.h"
#include "tests/support/test.h"
#include "tests/unit/cbe/channels.h"
#include "tests/unit/cbe/people.h"

namespace test {

struct NotedFigures final : cbe::Figures {
    void signed_in(std::string_view result) override { sign_ins.emplace_back(result); }
    void approval_refused(cbe::RefusalCode code) override { refused.push_back(code); }
    void decisions_locked(const cbe::UserId&) override { ++locked; }
    void decided(const cbe::Alert&, std::string_view action, const cbe::Person&) override {
        decisions.emplace_back(action);
    }
    std::vector<std::string> sign_ins, decisions;
    std::vector<cbe::RefusalCode> refused;
    int locked = 0;
};

class Desk {
 public:
    Desk() {
        cbe::add_session_routes(router_, gate);
        cbe::add_alert_routes(router_, gate);
        cbe::add_reference_routes(router_, gate);
        auto hash = auth::hash_password("right", auth::PasswordCost::kLight);
        CHECK(hash);
        light_hash = *hash;
        CHECK_OK(bench.commit([&](store::Transaction& txn) -> base::Result<void> {
            auth::User user = user_of(ana);
            user.password.hash = *hash;
            user.second.sealed = sealer.seal(secret);
            put_person(txn, ana, user);
            return {};
        }));
    }

    StoreBench bench;
    base::FakeClock clock;
    FakeTimers timers{clock};
    loop::WorkPool workers{bench.loop(), 1, 8};
    auth::Sealer sealer{auth::Secret::random(32)};
    auth::Secret secret = auth::Secret::random(auth::kTotpSecretOctets);
    NotedFigures figures;
    std::string light_hash;  // of the password "right"
    const cbe::Person ana{
        cbe::UserId{"u-ana"}, "ana", "Ana", {cbe::Permission::kView, cbe::Permission::kCreate}};
    cbe::Context context{.store = bench.store(),
                         .clock = clock,
                         .timers = timers,
                         .workers = workers,
                         .sealer = sealer,
                         .figures = figures,
                         .log = logs::Log::discard(),
                         .authority = {"harbour", "Harbour office", cbe::Mode::kTraining, "112"},
                         .sign_in_rate = {.burst = 3, .per_minute = 6},
                         .machines = {},
                         .terms = terms(),
                         .people = std::make_shared<const auth::Policy>(),
                         .network = [] { return cbe::Network{}; }};
    cbe::Sessions sessions{context};
    cbe::Gate gate{context, sessions};
    std::vector<std::pair<std::string, std::string>> headers;  // of every request

    http::Response ask(http::Method method, const std::string& path, const std::string& body = "") {
        http::Request request;
        request.method = method;
        request.path = path;
        request.headers = headers;
        if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
        request.body = body;
        request.peer.address = "192.0.2.7:" + std::to_string(++port_);
        request.request_id = "request-" + std::to_string(port_);
        const auto match = router_.match(request);
        CHECK(match.route != nullptr && !match.refusal);
        auto slot = std::make_shared<std::optional<http::Response>>();  // the responder may outlive this call
        match.route->handler(request, std::make_unique<Slot>(slot));
        bench.run_until([&] { return slot->has_value(); });
        return **slot;
    }
    static std::string code_of(const http::Response& response) {
        const auto body = nlohmann::json::parse(response.body, nullptr, false);
        return body.is_object() ? body.value("code", "") : "";
    }

    std::string begin(const std::string& username, const std::string& password) {
        const auto answer = ask(http::Method::kPost, "/api/v1/session",
                                nlohmann::json{{"username", username}, {"password", password}}.dump());
        CHECK_EQ(answer.status, 200);
        return nlohmann::json::parse(answer.body).at("challenge").get<std::string>();
    }
    http::Response finish(const std::string& challenge, const std::string& code) {
        return ask(http::Method::kPost, "/api/v1/session",
                   nlohmann::json{{"challenge", challenge}, {"totp", code}}.dump());
    }
    // The code of now, after the clock has gone on to one that was not used.
    std::string fresh_code() {
        clock.advance(std::chrono::seconds{30});
        return auth::totp_code(secret, clock.now());
    }
    void sign_in(const std::string& name = "ana") {
        const auto answer = finish(begin(name, "right"), fresh_code());
        CHECK_EQ(answer.status, 200);
        keep(answer);
    }
    // Cookie and token of a session that was opened, for the next requests.
    void keep(const http::Response& answer) {
        for (const auto& [name, value] : answer.headers)
            if (name == "Set-Cookie") headers.emplace_back("cookie", value.substr(0, value.find(';')));
        headers.emplace_back("x-csrf-token",
                             nlohmann::json::parse(answer.body).at("csrf_token").get<std::string>());
    }
    http::Router& router() { return router_; }
    void without(const std::string& header) {
        std::erase_if(headers, [&](const auto& field) { return field.first == header; });
    }

 private:
    struct Slot final : http::Responder {
        explicit Slot(std::shared_ptr<std::optional<http::Response>> to) : to_(std::move(to)) {}
        void respond(http::Response response) override { *to_ = std::move(response); }
        std::unique_ptr<EventStream> stream() override { return nullptr; }
        std::shared_ptr<std::optional<http::Response>> to_;
    };
    static std::shared_ptr<const cbe::Terms> terms() {
        using namespace std::chrono_literals;
        auto reference = std::make_shared<cbe::Reference>();
        reference->channels = cbe::ChannelTable({channel("level3", "Level 3", 4373)});
        return std::make_shared<cbe::Terms>(
            cbe::Terms{cbe::Mode::kTraining, std::move(reference), {0, 255, 192, 255}, {}});
    }
    http::Router router_;
    int port_ = 40'000;
};

}  // namespace test
