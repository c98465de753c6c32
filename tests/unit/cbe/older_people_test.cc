// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/older_people.h"

#include <nlohmann/json.hpp>

#include "cbe/store/people_policy.h"
#include "common/auth/people.h"
#include "common/store/key.h"
#include "common/store/record.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using base::Instant;
using Json = nlohmann::json;

const Instant kNow{1'700'000'000s};

void put_older(test::StoreBench& bench, const std::string& name, const Json& permissions,
               const Json& more = Json::object()) {
    Json row{{"id", "u-" + name},
             {"username", name},
             {"name", "Name of " + name},
             {"permissions", permissions},
             {"password_hash", "h"},
             {"sealed_totp", "00ff"},
             {"last_step", 7},
             {"wrong_codes", 2},
             {"locked_until", 0}};
    row.update(more);
    CHECK_OK(bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        txn.put("users", store::Key().text("u-" + name), store::encode_record(1, row));
        txn.put("usernames", store::Key().text(name), "u-" + name);
        txn.put("sessions", "hash of " + name, "a session");
        return {};
    }));
}

base::Result<void> take_over(test::StoreBench& bench) {
    return bench.commit([](store::Transaction& txn) { return cbe::take_over_older_people(txn, kNow); });
}

void people_keep_name_password_second_factor_and_permissions() {
    test::StoreBench bench;
    CHECK(!cbe::has_older_people(*bench.store().read()));
    put_older(bench, "ana", {"alert.create", "alert.view"});
    put_older(bench, "bruno", {"alert.stop"});
    CHECK(cbe::has_older_people(*bench.store().read()));
    CHECK_OK(take_over(bench));
    const auto reader = bench.store().read();
    CHECK(!cbe::has_older_people(*reader));
    for (const char* table : {"users", "usernames", "sessions"})
        reader->scan(table, "", "", [](std::string_view, std::string_view) {
            CHECK(false);
            return false;
        });
    const auto ana = auth::find_user_by_name(*reader, "ana");
    CHECK(ana);
    CHECK_EQ(ana->id.value(), "u-ana");
    CHECK_EQ(ana->password.hash, "h");
    CHECK_EQ(ana->second.sealed, std::string("\0\xff", 2));
    CHECK_EQ(ana->second.codes.last_step, 7);
    CHECK_EQ(ana->second.codes.tries.wrong, 2U);
    CHECK_EQ(ana->grants.at(0).role, "author");
    const auto bruno = auth::find_user_by_name(*reader, "bruno");
    CHECK(bruno);
    CHECK(auth::rights_of(*reader, cbe::catalogue(), *bruno).all() == std::vector<std::string>{"alert.stop"});
}

void who_was_made_anew_meanwhile_stays_as_he_is() {
    test::StoreBench bench;
    put_older(bench, "ana", {"alert.create"});
    auth::User fresh;
    fresh.id = auth::UserId{"another"};
    fresh.username = fresh.name = "ana";
    CHECK_OK(bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        auth::put_user(txn, fresh);
        return {};
    }));
    CHECK_OK(take_over(bench));
    CHECK_EQ(auth::find_user_by_name(*bench.store().read(), "ana")->id.value(), "another");
    CHECK(!auth::find_user(*bench.store().read(), auth::UserId{"u-ana"}));
    CHECK(!cbe::has_older_people(*bench.store().read()));
}

void one_row_that_cannot_be_read_leaves_all_as_they_were() {
    test::StoreBench bench;
    put_older(bench, "ana", {"alert.create"});
    put_older(bench, "bruno", {"alert.stop"}, {{"sealed_totp", "not hexadecimal"}});
    CHECK(!take_over(bench));
    CHECK(cbe::has_older_people(*bench.store().read()));
    CHECK(!auth::find_user_by_name(*bench.store().read(), "ana"));
}

}  // namespace

GROUP(older_people, CASE(people_keep_name_password_second_factor_and_permissions),
      CASE(who_was_made_anew_meanwhile_stays_as_he_is),
      CASE(one_row_that_cannot_be_read_leaves_all_as_they_were))
