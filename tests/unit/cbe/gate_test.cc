// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/gate.h"

#include "tests/unit/cbe/desk.h"

namespace {

using http::Method;
using test::Desk;

const std::string kDraft = R"({"channel":"level3","messages":[{"language":"en","text":"Flood."}]})";

void refused(const http::Response& answer, int status, const std::string& code) {
    CHECK_EQ(answer.status, status);
    CHECK_EQ(Desk::code_of(answer), code);
}

void without_a_session_nothing_is_read_or_written() {
    Desk desk;
    refused(desk.ask(Method::kGet, "/api/v1/alerts"), 401, "sign-in-needed");
    refused(desk.ask(Method::kPost, "/api/v1/alerts", kDraft), 401, "sign-in-needed");
    desk.headers.emplace_back("cookie", "__Host-farol-cbe=made-up");
    refused(desk.ask(Method::kGet, "/api/v1/alerts"), 401, "sign-in-needed");
}

void s16_a_write_needs_the_token_of_its_own_session() {
    Desk desk;
    desk.sign_in();
    desk.without("x-csrf-token");
    CHECK_EQ(desk.ask(Method::kGet, "/api/v1/alerts").status, 200);
    refused(desk.ask(Method::kPost, "/api/v1/alerts", kDraft), 403, "csrf");
    desk.headers.emplace_back("x-csrf-token", "that of another");
    refused(desk.ask(Method::kPost, "/api/v1/alerts", kDraft), 403, "csrf");
}

void the_permission_of_the_route_comes_before_its_body() {
    Desk desk;
    desk.sign_in();
    const std::string path = "/api/v1/alerts/" + base::new_uuid(1).text() + "/approve";
    refused(desk.ask(Method::kPost, path, "not JSON"), 403, "permission");
}

void a_body_must_be_json_and_say_so() {
    Desk desk;
    desk.sign_in();
    refused(desk.ask(Method::kPost, "/api/v1/alerts", "{"), 400, "json");
    http::Request request;
    request.body = "{}";
    CHECK(!cbe::json_body(request));  // no content type: a form of another site can send that
    request.headers = {{"content-type", "application/json; charset=utf-8"}};
    CHECK(cbe::json_body(request));
    request.body.clear();
    CHECK(cbe::json_body(request)->empty());
}

void keys_are_8_to_64_of_their_characters() {
    const auto key = [](const std::string& value) {
        http::Request request;
        request.headers = {{"idempotency-key", value}};
        return cbe::idempotency_key(request).has_value();
    };
    CHECK(key("abcDEF12") && key(std::string(64, '-')) && key("________"));
    CHECK(!key("short-7") && !key(std::string(65, 'a')) && !key("has space") && !key("semi;colon"));
    CHECK(!cbe::idempotency_key(http::Request{}));
}

void s15_the_same_key_makes_one_alert_and_another_body_is_refused() {
    Desk desk;
    desk.sign_in();
    refused(desk.ask(Method::kPost, "/api/v1/alerts", kDraft), 400, "idempotency-key");
    desk.headers.emplace_back("idempotency-key", "key-0001");
    const auto first = desk.ask(Method::kPost, "/api/v1/alerts", kDraft);
    CHECK_EQ(first.status, 201);
    const auto again = desk.ask(Method::kPost, "/api/v1/alerts", kDraft);
    CHECK_EQ(nlohmann::json::parse(again.body).at("id"), nlohmann::json::parse(first.body).at("id"));
    refused(desk.ask(Method::kPost, "/api/v1/alerts", "{}"), 422, "idempotency-key-reused");
    CHECK_EQ(nlohmann::json::parse(desk.ask(Method::kGet, "/api/v1/alerts").body).at("items").size(), 1U);
}

void a_store_that_refuses_is_told_as_it_is() {
    Desk desk;
    const auto status = [](store::Outcome outcome, base::ErrorKind kind) {
        const auto answer = cbe::to_response(store::Done{outcome, {kind, "why"}});
        return std::to_string(answer.status) + " " + Desk::code_of(answer);
    };
    CHECK_EQ(status(store::Outcome::kUnknown, base::ErrorKind::kTimeout), "503 outcome-unknown");
    CHECK_EQ(status(store::Outcome::kNotLeader, base::ErrorKind::kRefused), "503 not-leader");
    CHECK_EQ(status(store::Outcome::kRefused, base::ErrorKind::kLimit), "507 storage-full");
    CHECK_EQ(status(store::Outcome::kRefused, base::ErrorKind::kUnavailable), "503 busy");
}

void a_machine_is_known_by_its_certificate_and_only_at_its_own_routes() {
    Desk desk;
    const std::string uri = "farol://test/crm/a";
    desk.context.machines = {
        {uri, {cbe::UserId{"machine:" + uri}, "dispatch", "dispatch", {cbe::Permission::kView}}}};
    const auto status = [&](const http::Route& route, const std::string& role, const std::string& from) {
        http::Request request;
        request.peer.kind = http::Peer::Kind::kCertificate;
        request.peer.role = role;
        request.peer.certificate_uri = from;
        struct Noted final : http::Responder {
            explicit Noted(int& to) : to_(to) {}
            void respond(http::Response response) override { to_ = response.status; }
            std::unique_ptr<EventStream> stream() override { return nullptr; }
            int& to_;
        };
        int answered = 0;
        route.handler(request, std::make_unique<Noted>(answered));
        return answered;
    };
    const auto ok = [](const http::Request&, const cbe::Caller& caller, http::ResponderPtr responder) {
        CHECK_EQ(caller.person.username, "dispatch");
        CHECK(caller.kind == cbe::ActorKind::kMachine);
        responder->respond(http::Response::empty(204));
    };
    const auto theirs = desk.gate.machine_read("/x", cbe::Permission::kView, ok);
    CHECK_EQ(status(theirs, "crm", uri), 204);
    CHECK_EQ(status(theirs, "crm", uri + "b"), 401);
    CHECK_EQ(status(theirs, "cbc", uri), 401);
    CHECK_EQ(status(desk.gate.machine_read("/x", cbe::Permission::kCreate, ok), "crm", uri), 403);
    CHECK_EQ(status(desk.gate.read("/x", cbe::Permission::kView, ok), "crm", uri), 401);
}

}  // namespace

GROUP(gate, CASE(without_a_session_nothing_is_read_or_written),
      CASE(s16_a_write_needs_the_token_of_its_own_session),
      CASE(the_permission_of_the_route_comes_before_its_body), CASE(a_body_must_be_json_and_say_so),
      CASE(keys_are_8_to_64_of_their_characters),
      CASE(s15_the_same_key_makes_one_alert_and_another_body_is_refused),
      CASE(a_store_that_refuses_is_told_as_it_is),
      CASE(a_machine_is_known_by_its_certificate_and_only_at_its_own_routes))
