// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/store_answer.h"

#include <nlohmann/json.hpp>

#include "cbc/store/warning_store.h"
#include "tests/support/cbc.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const base::Instant kNow = base::FakeClock{}.now();

AlertRevision revision(uint16_t number, const std::string& text = "Flood.") {
    Content content = test::content_for(7, kNow, PlaceSet{test::gsm_cell(1, 100)});
    content.messages.front().text = text;
    AlertRevision made = test::revision_of(1, number, content);
    made.digest = Digest{std::string(64, text.size() % 2 == 0 ? 'e' : 'f')};
    return made;
}

// "409 revision-conflict"
std::string told(const store::Done& done) {
    const http::Response answer = not_stored(done);
    return std::to_string(answer.status) + " " +
           nlohmann::json::parse(answer.body).at("code").get<std::string>();
}

void each_conflict_that_the_commit_finds_has_its_own_code() {
    test::StoreBench bench;
    CHECK_OK(bench.commit(put_alert(revision(2))));
    CHECK_EQ(told(bench.submit(put_alert(revision(1)))), "409 revision-outdated");
    CHECK_EQ(told(bench.submit(put_alert(revision(2, "Other words")))), "409 revision-conflict");
    CHECK_OK(bench.commit(put_stop({test::alert_id(1), CbeName{"north"}, Digest{"d"}, {}, kNow})));
    CHECK_EQ(told(bench.submit(put_alert(revision(3)))), "409 alert-stopped");
}

void what_may_be_tried_again_says_so() {
    for (const store::Outcome outcome : {store::Outcome::kNotLeader, store::Outcome::kUnknown}) {
        const http::Response answer = not_stored({outcome, base::refused("")});
        CHECK_EQ(answer.status, 503);
    }
    CHECK_EQ(told({store::Outcome::kNotLeader, base::refused("")}), "503 not-leader");
    CHECK_EQ(told({store::Outcome::kUnknown, base::refused("")}), "503 outcome-unknown");
    CHECK_EQ(told({store::Outcome::kRefused, {base::ErrorKind::kLimit, "full"}}), "507 store-full");
    CHECK_EQ(told({store::Outcome::kRefused, {base::ErrorKind::kUnavailable, "later"}}), "503 busy");
}

}  // namespace

GROUP(store_answer, CASE(each_conflict_that_the_commit_finds_has_its_own_code),
      CASE(what_may_be_tried_again_says_so))
