// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/sessions.h"

#include "common/audit/audit.h"
#include "tests/unit/cbe/desk.h"

namespace {

using namespace std::chrono_literals;
using http::Method;
using test::Desk;

constexpr auto kIdle = 30min;
constexpr auto kLongest = 12h;

std::string audited(Desk& desk) {
    std::string actions;
    CHECK(audit::read(*desk.bench.store().read(), 0, [&](const audit::Record& record) {
        actions += record.entry.action + " ";
        return true;
    }));
    return actions;
}

// What is not urgent is committed in its order: after this, everything before it is done.
void settle(Desk& desk) {
    const auto done = desk.bench.submit(test::put_row("x", "x", "x"), store::Urgency::kBulk);
    CHECK(done.outcome == store::Outcome::kOk);
}

void password_and_code_open_a_session_that_ends_by_itself() {
    Desk desk;
    desk.sign_in();
    const auto session = desk.ask(Method::kGet, "/api/v1/session");
    CHECK_EQ(session.status, 200);
    CHECK_EQ(nlohmann::json::parse(session.body).at("user").at("username").get<std::string>(), "ana");
    desk.clock.advance(kIdle);
    CHECK_EQ(desk.ask(Method::kGet, "/api/v1/session").status, 401);
    CHECK_EQ(audited(desk), "session.begin ");
}

void a_session_that_is_used_ends_after_twelve_hours_all_the_same() {
    Desk desk;
    desk.sign_in();
    for (auto passed = 0min; passed < kLongest; passed += 20min) {
        CHECK_EQ(desk.ask(Method::kGet, "/api/v1/session").status, 200);
        settle(desk);
        desk.clock.advance(20min);
    }
    CHECK_EQ(desk.ask(Method::kGet, "/api/v1/session").status, 401);
}

void signing_out_ends_it_for_a_stolen_cookie_too() {
    Desk desk;
    desk.sign_in();
    CHECK_EQ(desk.ask(Method::kDelete, "/api/v1/session").status, 204);
    CHECK_EQ(desk.ask(Method::kGet, "/api/v1/session").status, 401);
    CHECK_EQ(audited(desk), "session.begin session.end ");
}

void a_wrong_password_shows_only_with_the_code_and_is_audited() {
    Desk desk;
    const std::string challenge = desk.begin("ana", "wrong");
    const auto answer = desk.finish(challenge, desk.fresh_code());
    CHECK_EQ(answer.status, 401);
    CHECK_EQ(Desk::code_of(answer), "credentials");
    CHECK_EQ(audited(desk), "session.refuse ");
    CHECK_EQ(desk.figures.sign_ins.back(), "bad_password");
}

void a_code_opens_one_session_only() {
    Desk desk;
    const std::string code = desk.fresh_code();
    CHECK_EQ(desk.finish(desk.begin("ana", "right"), code).status, 200);
    CHECK_EQ(desk.finish(desk.begin("ana", "right"), code).status, 401);
    CHECK_EQ(audited(desk), "session.begin code.refuse session.refuse ");
}

void five_wrong_codes_lock_also_for_the_right_one() {
    Desk desk;
    const std::string challenge = desk.begin("ana", "right");
    for (int i = 0; i < 4; ++i) CHECK_EQ(desk.finish(challenge, "x").status, 401);
    const auto locked = desk.finish(challenge, "x");
    CHECK_EQ(locked.status, 403);
    CHECK_EQ(Desk::code_of(locked), "locked");
    CHECK_EQ(desk.figures.locked, 1);
    CHECK_EQ(desk.finish(challenge, desk.fresh_code()).status, 403);
    CHECK_EQ(desk.figures.sign_ins.back(), "locked");
}

void challenges_that_nobody_gave_are_limited_too() {
    Desk desk;
    for (int i = 0; i < 12; ++i) CHECK_EQ(desk.finish("never given", "000000").status, 401);
    CHECK_EQ(Desk::code_of(desk.finish("never given", "000000")), "sign-in-rate");
}

void a_challenge_lives_five_minutes() {
    Desk desk;
    const std::string challenge = desk.begin("ana", "right");
    desk.clock.advance(5min);
    CHECK_EQ(desk.finish(challenge, desk.fresh_code()).status, 401);
    CHECK_EQ(desk.finish("never given", desk.fresh_code()).status, 401);
}

void an_address_that_fails_waits_and_one_that_succeeds_does_not() {
    Desk desk;
    for (int i = 0; i < 5; ++i)
        CHECK_EQ(desk.finish(desk.begin("ana", "right"), desk.fresh_code()).status, 200);
    for (int i = 0; i < 3; ++i) desk.begin("ana", "wrong");
    const std::string wrong = R"({"username":"ana","password":"wrong"})";
    const auto answer = desk.ask(Method::kPost, "/api/v1/session", wrong);
    CHECK_EQ(answer.status, 429);
    CHECK_EQ(Desk::code_of(answer), "sign-in-rate");
    bool says_when = false;
    for (const auto& [name, value] : answer.headers) says_when |= name == "Retry-After" && value == "10";
    CHECK(says_when);
    desk.clock.advance(10s);
    CHECK_EQ(desk.ask(Method::kPost, "/api/v1/session", wrong).status, 200);
}

void rows_of_ended_sessions_are_erased() {
    Desk desk;
    desk.sign_in();
    const auto rows = [&] {
        size_t count = 0;
        desk.bench.store().read()->scan(auth::tables::kSessions, "", "",
                                        [&](std::string_view, std::string_view) {
                                            ++count;
                                            return true;
                                        });
        return count;
    };
    desk.sessions.forget_ended();
    settle(desk);
    CHECK_EQ(rows(), 1U);
    desk.clock.advance(kIdle);
    desk.sessions.forget_ended();
    settle(desk);
    CHECK_EQ(rows(), 0U);
}

}  // namespace

GROUP(sessions, CASE(password_and_code_open_a_session_that_ends_by_itself),
      CASE(a_session_that_is_used_ends_after_twelve_hours_all_the_same),
      CASE(signing_out_ends_it_for_a_stolen_cookie_too),
      CASE(a_wrong_password_shows_only_with_the_code_and_is_audited), CASE(a_code_opens_one_session_only),
      CASE(five_wrong_codes_lock_also_for_the_right_one), CASE(challenges_that_nobody_gave_are_limited_too),
      CASE(a_challenge_lives_five_minutes), CASE(an_address_that_fails_waits_and_one_that_succeeds_does_not),
      CASE(rows_of_ended_sessions_are_erased))
