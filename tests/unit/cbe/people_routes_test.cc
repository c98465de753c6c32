// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/people_routes.h"

#include "cbe/api/account_routes.h"
#include "common/audit/audit.h"
#include "common/auth/account.h"
#include "common/auth/token.h"
#include "tests/unit/cbe/desk.h"

namespace {

using namespace std::chrono_literals;
using http::Method;
using Json = nlohmann::json;
using test::Desk;

// A desk with two administrators; requests are made as one or the other.
struct Office {
    Desk desk;
    auth::Secret other_secret = auth::Secret::random(auth::kTotpSecretOctets);
    std::vector<std::pair<std::string, std::string>> dora, edgar;  // headers
    int keys = 0;

    Office() {
        cbe::add_people_routes(desk.router(), desk.gate);
        cbe::add_account_routes(desk.router(), desk.gate);
        put("dora", "administrator");
        put("edgar", "administrator");
        dora = sign_in("dora");
        edgar = sign_in("edgar");
    }
    void put(const std::string& name, const std::string& role) {
        auth::User user;
        user.id = auth::UserId{"u-" + name};
        user.username = user.name = name;
        user.grants = {{role, {}}};
        user.password.hash = desk.light_hash;
        user.second.sealed = desk.sealer.seal(desk.secret);
        CHECK_OK(desk.bench.commit([&](store::Transaction& txn) -> base::Result<void> {
            auth::put_user(txn, user);
            return {};
        }));
    }
    auth::User user(const std::string& name) {
        const auto found = auth::find_user_by_name(*desk.bench.store().read(), name);
        CHECK(found);
        return *found;
    }
    std::vector<std::pair<std::string, std::string>> sign_in(const std::string& name) {
        desk.headers.clear();
        desk.sign_in(name);
        return std::exchange(desk.headers, {});
    }
    // As one of them, with a fresh code and a key of its own, unless the body or `key` says otherwise.
    http::Response ask(const std::vector<std::pair<std::string, std::string>>& who, Method method,
                       const std::string& path, Json body = Json::object(), const std::string& key = "") {
        if (!body.contains("totp")) body["totp"] = desk.fresh_code();
        desk.headers = who;
        desk.headers.emplace_back("idempotency-key",
                                  key.empty() ? "key-number-" + std::to_string(++keys) : key);
        const auto answer = desk.ask(method, path, body.dump());
        desk.headers.clear();
        return answer;
    }
    static Json json(const http::Response& answer, int status) {
        CHECK_EQ(answer.status, status);
        return Json::parse(answer.body);
    }
    http::Response get(const std::vector<std::pair<std::string, std::string>>& headers,
                       const std::string& path) {
        desk.headers = headers;
        const auto answer = desk.ask(Method::kGet, path);
        desk.headers.clear();
        return answer;
    }
    // Asked for by dora, approved by edgar.
    Json both(Method method, const std::string& path, const Json& body) {
        const auto request = json(ask(dora, method, path, body), 202);
        return json(
            ask(edgar, Method::kPost, "/api/v1/requests/" + request.at("id").get<std::string>() + "/approve"),
            200);
    }
};

void refused(const http::Response& answer, int status, const std::string& code) {
    CHECK_EQ(answer.status, status);
    CHECK_EQ(Desk::code_of(answer), code);
}

void c22_what_gives_more_waits_for_another_administrator() {
    Office office;
    office.put("fay", "observer");
    const std::string path = "/api/v1/users/u-fay/roles";
    const auto request =
        Office::json(office.ask(office.dora, Method::kPut, path,
                                {{"version", 1}, {"roles", Json::array({{{"role", "approver"}}})}}),
                     202);
    CHECK(office.user("fay").grants == std::vector<auth::Grant>({{"observer", {}}}));
    const std::string decide = "/api/v1/requests/" + request.at("id").get<std::string>();
    refused(office.ask(office.dora, Method::kPost, decide + "/approve"), 403, "own-request");
    refused(office.ask(office.edgar, Method::kPost, decide + "/approve", {{"totp", "000000"}}), 403,
            "totp-wrong");
    CHECK(office.user("fay").grants == std::vector<auth::Grant>({{"observer", {}}}));
    Office::json(office.ask(office.edgar, Method::kPost, decide + "/approve"), 200);
    CHECK(office.user("fay").grants == std::vector<auth::Grant>({{"approver", {}}}));
    refused(office.ask(office.edgar, Method::kPost, decide + "/approve"), 409, "status");
    // Taking away needs one.
    Office::json(office.ask(office.dora, Method::kPut, path,
                            {{"version", 2}, {"roles", Json::array({{{"role", "observer"}}})}}),
                 200);
    CHECK(office.user("fay").grants == std::vector<auth::Grant>({{"observer", {}}}));
}

void c22_a_request_for_rights_lasts_an_hour() {
    Office office;
    office.put("fay", "observer");
    const auto request =
        Office::json(office.ask(office.dora, Method::kPut, "/api/v1/users/u-fay/roles",
                                {{"version", 1}, {"roles", Json::array({{{"role", "author"}}})}}),
                     202);
    office.desk.clock.advance(1h);
    office.edgar = office.sign_in("edgar");
    refused(office.ask(office.edgar, Method::kPost,
                       "/api/v1/requests/" + request.at("id").get<std::string>() + "/approve"),
            409, "expired");
}

void c14_another_identity_takes_two_and_the_rest_one() {
    Office office;
    office.put("fay", "observer");
    const std::string path = "/api/v1/users/u-fay";
    Office::json(office.ask(office.dora, Method::kPatch, path,
                            {{"version", 1}, {"name", "Fay"}, {"email", "fay@example.org"}}),
                 200);
    CHECK_EQ(office.user("fay").email, "fay@example.org");
    refused(office.ask(office.dora, Method::kPatch, path,
                       {{"version", 2}, {"name", "Fay"}, {"email", "nobody"}, {"identity", "P-9"}}),
            422, "invalid");
    const auto request = Office::json(
        office.ask(office.dora, Method::kPatch, path, {{"version", 2}, {"name", "Fay"}, {"identity", "P-9"}}),
        202);
    CHECK_EQ(request.at("kind"), "details");
    CHECK_EQ(office.user("fay").identity, "");
    Office::json(office.ask(office.edgar, Method::kPost,
                            "/api/v1/requests/" + request.at("id").get<std::string>() + "/approve"),
                 200);
    CHECK_EQ(office.user("fay").identity, "P-9");
}

void a_role_that_all_administrators_hold_stays() {
    Office office;
    CHECK_OK(office.desk.bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        auth::put_role(txn, {"chief", "Chief", "", {"user.manage"}, auth::Role::Origin::kOwn, 1});
        for (const char* name : {"dora", "edgar"}) {
            auto user = auth::find_user_by_name(txn, name);
            user->grants = {{"chief", {}}};
            auth::put_user(txn, *user);
        }
        return {};
    }));
    office.put("fay", "administrator");
    refused(office.ask(office.dora, Method::kDelete, "/api/v1/roles/chief"), 409, "last-administrator");
    office.put("gus", "administrator");
    Office::json(office.ask(office.dora, Method::kDelete, "/api/v1/roles/chief"), 200);
    CHECK(office.user("dora").grants.empty());
}

void two_accounts_of_one_person_are_not_two_people() {
    Office office;
    CHECK_OK(office.desk.bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        for (const char* name : {"dora", "edgar"}) {
            auto user = auth::find_user_by_name(txn, name);
            user->identity = "P-1";
            auth::put_user(txn, *user);
        }
        return {};
    }));
    office.put("fay", "observer");
    const auto request =
        Office::json(office.ask(office.dora, Method::kPost, "/api/v1/users/u-fay/second-factor-reset"), 202);
    refused(office.ask(office.edgar, Method::kPost,
                       "/api/v1/requests/" + request.at("id").get<std::string>() + "/approve"),
            403, "own-request");
}

void the_last_two_administrators_stay() {
    Office office;
    refused(office.ask(office.dora, Method::kPost, "/api/v1/users/u-edgar/disable"), 409,
            "last-administrator");
    refused(office.ask(office.dora, Method::kPut, "/api/v1/users/u-edgar/roles",
                       {{"version", 1}, {"roles", Json::array()}}),
            409, "last-administrator");
}

void a_key_is_shown_once_and_opens_what_it_carries_from_where_it_may() {
    Office office;
    office.both(Method::kPost, "/api/v1/api-keys",
                {{"name", "display"}, {"permissions", {"alert.view"}}, {"addresses", {"192.0.2.0/24"}}});
    const auto keys = Office::json(office.get(office.dora, "/api/v1/api-keys"), 200).at("items");
    CHECK_EQ(keys.size(), 1U);
    const std::string path = "/api/v1/api-keys/" + keys[0].at("id").get<std::string>();
    const Json body{{"totp", office.desk.fresh_code()}};
    const auto made =
        Office::json(office.ask(office.edgar, Method::kPost, path + "/value", body, "one-key-1"), 200);
    const std::string value = made.at("api_key");
    CHECK(!Office::json(office.ask(office.edgar, Method::kPost, path + "/value", body, "one-key-1"), 200)
               .contains("api_key"));
    CHECK_EQ(office.get({{"x-api-key", value}}, "/api/v1/alerts").status, 200);
    refused(office.get({{"x-api-key", value}}, "/api/v1/users"), 403, "permission");
    refused(office.get({{"x-api-key", value + "0"}}, "/api/v1/alerts"), 401, "api-key");
    Office::json(office.ask(office.dora, Method::kPatch, path,
                            {{"version", made.at("version")},
                             {"name", "display"},
                             {"permissions", {"alert.view"}},
                             {"addresses", {"10.0.0.0/8"}}}),
                 200);
    refused(office.get({{"x-api-key", value}}, "/api/v1/alerts"), 403, "api-key-address");
    Office::json(office.ask(office.dora, Method::kDelete, path), 200);
    refused(office.get({{"x-api-key", value}}, "/api/v1/alerts"), 401, "api-key");
    refused(office.ask(office.dora, Method::kPost, "/api/v1/api-keys",
                       {{"name", "no"}, {"permissions", {"alert.approve"}}}),
            422, "invalid");
}

void a_temporary_password_is_good_for_choosing_an_own_one() {
    Office office;
    office.put("fay", "author");
    const auto fay = office.sign_in("fay");
    const auto reset =
        Office::json(office.ask(office.dora, Method::kPost, "/api/v1/users/u-fay/password-reset"), 200);
    const std::string password = reset.at("temporary_password");
    CHECK_EQ(password.size(), 12U);
    CHECK_EQ(office.get(fay, "/api/v1/session").status, 401);
    auto again = office.desk.finish(office.desk.begin("fay", password), office.desk.fresh_code());
    CHECK_EQ(Office::json(again, 200).at("duty").get<std::string>(), "change-password");
    office.desk.keep(again);
    const auto headers = std::exchange(office.desk.headers, {});
    refused(office.get(headers, "/api/v1/alerts"), 403, "change-password");
    const auto change = [&](const std::string& current, const std::string& fresh) {
        office.desk.headers = headers;
        auto answer = office.desk.ask(Method::kPost, "/api/v1/account/password",
                                      Json{{"current_password", current}, {"password", fresh}}.dump());
        office.desk.headers.clear();
        return answer;
    };
    refused(change("wrong", "a walk to the lighthouse"), 401, "credentials");
    refused(change(password, "short"), 422, "password");
    refused(change(password, password + "fay"), 422, "password");  // the user's own name
    refused(change(password, password), 422, "password");          // the same again
    CHECK_EQ(change(password, "a walk to the lighthouse").status, 200);
    CHECK_EQ(office.get(headers, "/api/v1/alerts").status, 200);
}

void a_second_factor_that_was_taken_off_is_set_up_anew_before_anything_else() {
    Office office;
    office.put("fay", "author");
    office.both(Method::kPost, "/api/v1/users/u-fay/second-factor-reset", Json::object());
    const auto answer =
        office.desk.ask(Method::kPost, "/api/v1/session", R"({"username":"fay","password":"right"})");
    CHECK_EQ(Office::json(answer, 200).at("duty").get<std::string>(), "set-up-totp");
    office.desk.keep(answer);
    refused(office.desk.ask(Method::kGet, "/api/v1/alerts"), 403, "set-up-totp");
    const auto shown = Office::json(office.desk.ask(Method::kPost, "/api/v1/account/totp", "{}"), 200);
    const auto secret = auth::from_base32(shown.at("secret").get<std::string>());
    CHECK_OK(secret);
    refused(office.desk.ask(Method::kPost, "/api/v1/account/totp/confirm", R"({"totp":"000000"})"), 422,
            "invalid");
    const auto codes = Office::json(
        office.desk.ask(Method::kPost, "/api/v1/account/totp/confirm",
                        Json{{"totp", auth::totp_code(*secret, office.desk.clock.now())}}.dump()),
        200);
    CHECK_EQ(codes.at("backup_codes").size(), 10U);
    CHECK_EQ(office.desk.ask(Method::kGet, "/api/v1/alerts").status, 200);
    office.desk.headers.clear();
    const std::string backup = codes.at("backup_codes")[0];
    CHECK_EQ(office.desk.finish(office.desk.begin("fay", "right"), backup).status, 200);
    CHECK_EQ(office.desk.finish(office.desk.begin("fay", "right"), backup).status, 401);
}

void guessed_passwords_lock_signing_in_and_not_deciding() {
    Office office;
    for (int i = 0; i < 5; ++i) {
        office.desk.clock.advance(1min);  // the address's own limit
        CHECK_EQ(office.desk.finish(office.desk.begin("dora", "wrong"), "000000").status, 401);
    }
    // Not even the right one is looked at, and the answer is the same.
    refused(office.desk.finish(office.desk.begin("dora", "right"), office.desk.fresh_code()), 401,
            "credentials");
    office.put("fay", "observer");
    Office::json(office.ask(office.dora, Method::kPost, "/api/v1/users/u-fay/disable"), 200);
    office.desk.clock.advance(1min);
    CHECK_EQ(office.desk.finish(office.desk.begin("dora", "right"), office.desk.fresh_code()).status, 200);
}

void a_link_sets_a_password_once() {
    Office office;
    office.put("fay", "author");
    const auto fay = office.sign_in("fay");
    CHECK_OK(office.desk.bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        auth::put_link(txn, auth::token_hash("the-token"),
                       {auth::Link::For::kPassword, auth::UserId{"u-fay"}, office.desk.clock.now() + 1h});
        return {};
    }));
    const auto use = [&](const std::string& token) {
        return office.desk.ask(Method::kPost, "/api/v1/password-resets/complete",
                               Json{{"token", token}, {"password", "a walk to the lighthouse"}}.dump());
    };
    refused(use("another"), 409, "expired");
    CHECK_EQ(use("the-token").status, 200);
    refused(use("the-token"), 409, "expired");
    CHECK_EQ(office.get(fay, "/api/v1/session").status, 401);
    CHECK_EQ(
        office.desk.finish(office.desk.begin("fay", "a walk to the lighthouse"), office.desk.fresh_code())
            .status,
        200);
}

void an_own_role_with_limits_permits_nothing_without_them() {
    Office office;
    office.put("fay", "observer");
    office.both(
        Method::kPut, "/api/v1/roles/harbour_author",
        {{"version", 0}, {"title", "Harbour author"}, {"permissions", {"alert.view", "alert.create"}}});
    office.both(
        Method::kPut, "/api/v1/users/u-fay/roles",
        {{"version", 1}, {"roles", Json::array({{{"role", "harbour_author"}, {"regions", {"harbour"}}}})}});
    const auto reader = office.desk.bench.store().read();
    const auto rights = auth::rights_of(*reader, cbe::catalogue(), office.user("fay"));
    CHECK(!rights.holds("alert.create"));
    CHECK(rights.allows("alert.create", {"", "harbour"}));
    CHECK(!rights.allows("alert.create", {"", "town"}));
    CHECK(!rights.allows("alert.create", {"", ""}));
    refused(office.ask(office.dora, Method::kPut, "/api/v1/roles/author",
                       {{"version", 1}, {"title", "x"}, {"permissions", {"alert.view"}}}),
            409, "status");
    Office::json(office.ask(office.dora, Method::kDelete, "/api/v1/roles/harbour_author"), 200);
    CHECK(office.user("fay").grants.empty());
}

}  // namespace

GROUP(people_routes, CASE(c22_what_gives_more_waits_for_another_administrator),
      CASE(c22_a_request_for_rights_lasts_an_hour), CASE(two_accounts_of_one_person_are_not_two_people),
      CASE(c14_another_identity_takes_two_and_the_rest_one), CASE(a_role_that_all_administrators_hold_stays),
      CASE(the_last_two_administrators_stay),
      CASE(a_key_is_shown_once_and_opens_what_it_carries_from_where_it_may),
      CASE(a_temporary_password_is_good_for_choosing_an_own_one),
      CASE(a_second_factor_that_was_taken_off_is_set_up_anew_before_anything_else),
      CASE(guessed_passwords_lock_signing_in_and_not_deciding), CASE(a_link_sets_a_password_once),
      CASE(an_own_role_with_limits_permits_nothing_without_them))
