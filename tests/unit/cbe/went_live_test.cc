// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/went_live.h"

#include "cbe/store/people_policy.h"
#include "common/auth/api_key.h"
#include "common/auth/people.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using cbe::Mode;

const base::Instant kNow{1'700'000'000s};

struct Site {
    test::StoreBench bench;

    Site() {
        CHECK_OK(bench.commit([](store::Transaction& txn) -> base::Result<void> {
            auth::put_role(
                txn, {"chief", "Chief", "", {"user.manage", "alert.create"}, auth::Role::Origin::kOwn, 1});
            put(txn, "ana", {{"author", {{"flood"}, {}}}, {"librarian", {}}});
            put(txn, "carla", {{"duty_officer", {}}, {"observer", {}}});
            put(txn, "dora", {{"chief", {}}});
            auth::ApiKey key;
            key.id = "k";
            key.permissions = {"alert.view", "cap.submit"};
            auth::put_api_key(txn, key);
            return {};
        }));
    }
    static void put(store::Transaction& txn, const std::string& name, std::vector<auth::Grant> grants) {
        auth::User user;
        user.id = auth::UserId{"u-" + name};
        user.username = user.name = name;
        user.grants = std::move(grants);
        auth::put_user(txn, user);
    }
    void start(Mode mode) {
        if (!cbe::mode_changed(*bench.store().read(), mode)) return;
        CHECK_OK(bench.commit([mode](store::Transaction& txn) -> base::Result<void> {
            cbe::note_mode(txn, mode, kNow);
            return {};
        }));
        CHECK(!cbe::mode_changed(*bench.store().read(), mode));
    }
    std::vector<std::string> rights(const std::string& name) {
        const auto reader = bench.store().read();
        return auth::rights_of(*reader, cbe::catalogue(), *auth::find_user_by_name(*reader, name)).all();
    }
};

using Words = std::vector<std::string>;

void c18_from_training_to_live_nobody_may_write_or_approve() {
    Site site;
    site.start(Mode::kTraining);
    CHECK_EQ(site.rights("carla").size(), 4U);
    site.start(Mode::kLive);
    CHECK(site.rights("carla") == Words{"alert.view"});
    CHECK(site.rights("dora") == Words{"user.manage"});
    const auto reader = site.bench.store().read();
    const auto ana = auth::find_user_by_name(*reader, "ana");
    CHECK_EQ(ana->grants.size(), 2U);
    CHECK(ana->grants[0] == (auth::Grant{"observer", {{"flood"}, {}}}));
    CHECK_EQ(auth::find_user_by_name(*reader, "carla")->grants.size(), 1U);
    CHECK(auth::find_api_key(*reader, "k")->permissions == Words{"alert.view"});
}

void c18_what_was_given_in_live_stays_whatever_is_started_again() {
    for (const auto& starts : {std::vector{Mode::kLive, Mode::kLive}, {Mode::kLive, Mode::kTraining}}) {
        Site site;
        for (const Mode mode : starts) site.start(mode);
        CHECK_EQ(site.rights("carla").size(), 4U);
    }
}

}  // namespace

GROUP(went_live, CASE(c18_from_training_to_live_nobody_may_write_or_approve),
      CASE(c18_what_was_given_in_live_stays_whatever_is_started_again))
