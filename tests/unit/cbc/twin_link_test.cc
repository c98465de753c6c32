// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/twin_link.h"

#include <map>

#include "tests/support/cbc.h"
#include "tests/support/fake_http.h"
#include "tests/support/fake_timers.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

const base::Instant kNow = base::FakeClock{}.now();

AlertRevision revision(uint8_t id, uint16_t number = 1) {
    AlertRevision made = test::revision_of(id, number, test::content_for(id, kNow));
    made.decisions = {{DecisionAction::kSubmit, "ana", kNow, 55}};
    return made;
}
Tombstone stop_of(uint8_t id) {
    return {test::alert_id(id),
            CbeName{"national"},
            Digest{std::string(64, 'd')},
            {{DecisionAction::kStop, "ana", kNow, 57}},
            kNow};
}

struct Bench {
    Bench() { link.start(); }

    TwinPage page(uint64_t last, std::vector<TwinOffer> offers = {}, bool more = false) const {
        TwinPage made;
        made.instance = instance;
        made.last = last;
        made.more = more;
        made.lease = 3s;
        made.offers = std::move(offers);
        return made;
    }
    void answer(const TwinPage& page) { http.answer(200, to_text(page)); }
    void answer(const std::vector<TwinAlert>& list) {
        std::vector<std::string> members;
        for (const TwinAlert& one : list)
            members.push_back(to_text(one.revision, one.stop ? &*one.stop : nullptr));
        http.answer(200, alerts_text(members));
    }
    std::string asked() {
        timers.advance(0ms);
        return http.first().url;
    }
    bool asks(std::string_view words) { return asked().find(words) != std::string::npos; }

    void take(std::vector<TwinAlert> alerts, const std::function<void(bool)>& done) {
        for (TwinAlert& alert : alerts) {
            ++stored;
            if (!store_works) continue;
            if (alert.stop) stops.emplace(alert.revision.id, *alert.stop);
            held.insert_or_assign(alert.revision.id, std::move(alert.revision));
        }
        done(store_works);
    }

    base::FakeClock clock;
    test::FakeTimers timers{clock};
    test::FakeHttp http;
    std::string instance = "one";
    std::map<AlertId, AlertRevision> held;
    std::map<AlertId, Tombstone> stops;
    size_t stored = 0;
    bool store_works = true;
    size_t heard = 0;
    size_t caught_up = 0;
    size_t conflicts = 0;
    std::vector<TwinRecord> learned;
    TwinLink link{timers,
                  clock,
                  {"https://twin:8444", 3s},
                  {.call = http.call(),
                   .held =
                       [this](AlertId id) {
                           const auto alert = held.find(id);
                           const auto stop = stops.find(id);
                           return Held{alert == held.end() ? nullptr : &alert->second,
                                       stop == stops.end() ? nullptr : &stop->second};
                       },
                   .heard = [this](const TwinPage&) { ++heard; },
                   .heard_again = [](std::chrono::milliseconds) {},
                   .store = [this](std::vector<TwinAlert> alerts,
                                   const std::function<void(bool)>& done) { take(std::move(alerts), done); },
                   .learn = [this](const TwinRecord& record) { learned.push_back(record); },
                   .conflict = [this](AlertId) { ++conflicts; },
                   .caught_up = [this] { ++caught_up; }},
                  logs::Log::discard()};
};

void what_is_missing_is_fetched_and_then_news_are_waited_for() {
    Bench bench;
    CHECK(bench.asks("after=0") && bench.asks("wait_ms=0"));
    bench.answer(bench.page(2, {offer_of(revision(1), false), offer_of(revision(2), true)}));
    CHECK(bench.asks("/twin/alerts?ids=" + test::alert_id(1).value().text() + "," +
                     test::alert_id(2).value().text()));
    CHECK_EQ(bench.caught_up, 0U);
    bench.answer({{revision(1), {}}, {revision(2), stop_of(2)}});
    CHECK_EQ(bench.caught_up, 1U);
    CHECK(bench.stops.contains(test::alert_id(2)));
    CHECK(bench.asks("instance=one&after=2") && bench.asks("wait_ms=1000"));
    CHECK(bench.http.first().server_role == "cbc");
}

void a_page_that_comes_twice_changes_nothing() {
    Bench bench;
    const TwinPage page = bench.page(2, {offer_of(revision(1), false)});
    bench.answer(page);
    bench.answer({{revision(1), {}}});
    CHECK(bench.asks("after=2"));
    bench.answer(page);
    CHECK(bench.asks("/twin/changes"));
    CHECK_EQ(bench.stored, 1U);
}

void an_older_state_never_comes_back() {
    Bench bench;
    bench.answer(bench.page(5, {offer_of(revision(1, 2), true)}));
    bench.answer({{revision(1, 2), stop_of(1)}});
    (void)bench.asked();
    bench.answer(bench.page(6, {offer_of(revision(1, 3), false)}));  // the stop beats it
    (void)bench.asked();
    bench.answer(bench.page(3));  // going back
    CHECK_EQ(bench.stored, 1U);
    CHECK(bench.link.trouble().find("backwards") != std::string::npos);
}

void what_was_not_stored_is_read_again() {
    Bench bench;
    bench.store_works = false;
    bench.answer(bench.page(2, {offer_of(revision(1), false)}));
    bench.answer({{revision(1), {}}});
    CHECK_EQ(bench.caught_up, 0U);
    CHECK_EQ(bench.http.waiting(), 0U);
    bench.timers.advance(1s);
    CHECK(bench.asks("after=0"));
    bench.store_works = true;
    bench.answer(bench.page(2, {offer_of(revision(1), false)}));
    bench.answer({{revision(1), {}}});
    CHECK_EQ(bench.caught_up, 1U);
}

void nonsense_is_trouble_and_nothing_more() {
    Bench bench;
    for (const char* body : {"", "[]", "{", R"({"instance":1})", R"({"instance":"x"})"}) {
        bench.http.answer(200, body);
        CHECK(!bench.link.trouble().empty());
        bench.timers.advance(1s);
        CHECK(bench.asks("/twin/changes"));
    }
    bench.http.answer(403, "no");
    bench.timers.advance(1s);
    bench.http.fail(base::ErrorKind::kTimeout);
    bench.timers.advance(1s);
    CHECK(bench.asks("after=0"));
    CHECK_EQ(bench.heard, 0U);
    bench.answer(bench.page(1));
    CHECK_EQ(bench.link.trouble(), "");
}

void what_the_twin_has_forgotten_meanwhile_is_not_asked_for_for_ever() {
    Bench bench;
    bench.answer(bench.page(2, {offer_of(revision(1), false), offer_of(revision(2), false)}));
    bench.answer(std::vector<TwinAlert>{{revision(2), {}}});
    CHECK(bench.asks("ids=" + test::alert_id(1).value().text()));
    bench.answer(std::vector<TwinAlert>{});
    CHECK(bench.asks("after=2"));
    CHECK_EQ(bench.caught_up, 1U);
}

void records_come_after_their_alerts_and_pages_follow_each_other() {
    Bench bench;
    TwinPage first = bench.page(2, {offer_of(revision(1), false)}, true);
    first.records = {{{test::alert_id(1), PeerName{"bsc-1"}, MessageIdentifier{4370}}, "x"}};
    bench.answer(first);
    CHECK(bench.learned.empty());
    bench.answer({{revision(1), {}}});
    CHECK_EQ(bench.learned.size(), 1U);
    CHECK_EQ(bench.caught_up, 0U);
    CHECK(bench.asks("after=2") && bench.asks("wait_ms=0"));
    bench.answer(bench.page(3));
    CHECK_EQ(bench.caught_up, 1U);
}

void after_a_loss_of_contact_everything_is_read_again() {
    Bench bench;
    bench.answer(bench.page(7));
    CHECK(bench.asks("after=7"));
    bench.link.forget();
    bench.http.fail(base::ErrorKind::kUnavailable);
    bench.timers.advance(1s);
    CHECK(bench.asks("instance=&after=0"));
    bench.instance = "two";
    bench.answer(bench.page(1));
    CHECK(bench.asks("instance=two&after=1"));
}

void an_empty_answer_at_once_is_not_asked_for_again_at_once() {
    Bench bench;
    bench.answer(bench.page(1));
    (void)bench.asked();
    bench.answer(bench.page(1));
    bench.timers.advance(999ms);
    CHECK_EQ(bench.http.waiting(), 0U);
    bench.timers.advance(1ms);
    CHECK_EQ(bench.http.waiting(), 1U);
}

void one_revision_with_two_contents_is_told_and_not_fetched() {
    Bench bench;
    AlertRevision mine = revision(1);
    mine.digest = Digest{std::string(64, 'f')};
    bench.held.emplace(mine.id, mine);
    bench.answer(bench.page(1, {offer_of(revision(1), false)}));
    CHECK_EQ(bench.conflicts, 1U);
    CHECK(bench.asks("/twin/changes"));
}

}  // namespace

GROUP(twin_link, CASE(what_is_missing_is_fetched_and_then_news_are_waited_for),
      CASE(a_page_that_comes_twice_changes_nothing), CASE(an_older_state_never_comes_back),
      CASE(what_was_not_stored_is_read_again), CASE(nonsense_is_trouble_and_nothing_more),
      CASE(what_the_twin_has_forgotten_meanwhile_is_not_asked_for_for_ever),
      CASE(records_come_after_their_alerts_and_pages_follow_each_other),
      CASE(after_a_loss_of_contact_everything_is_read_again),
      CASE(an_empty_answer_at_once_is_not_asked_for_again_at_once),
      CASE(one_revision_with_two_contents_is_told_and_not_fetched))
