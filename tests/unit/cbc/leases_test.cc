// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/leases.h"

#include <set>

#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

const PeerName kBsc{"bsc-1"};

// Two books, and what they say to each other.
struct Twins {
    base::FakeClock clock{};
    std::set<PeerName> busy{};
    Leases a{{true, Preferred::kHere, 5s},
             [this](const PeerName& peer) { return busy.contains(peer); },
             clock.ticks()};
    Leases b{{true, Preferred::kTwin, 5s},
             [this](const PeerName& peer) { return busy.contains(peer); },
             clock.ticks()};

    void talk() {
        (void)b.heard(a.sides(), 3s, clock.ticks());
        (void)b.caught_up(clock.ticks());
        (void)a.heard(b.sides(), 3s, clock.ticks());
        (void)a.caught_up(clock.ticks());
    }
    void settle() {
        for (int i = 0; i < 3; ++i) talk();
    }
    void pass(std::chrono::milliseconds time) {
        clock.advance(time);
        (void)a.tick(clock.ticks());
        (void)b.tick(clock.ticks());
    }
    void up(Leases& one) { (void)one.link_up(kBsc, Recovery::kUnknown, clock.ticks()); }
    void down(Leases& one) { (void)one.link_down(kBsc, clock.ticks()); }
    // "ab": who writes
    std::string writers() const {
        std::string names;
        if (a.writer(kBsc) == Writer::kHere) names += 'a';
        if (b.writer(kBsc) == Writer::kHere) names += 'b';
        return names;
    }
};

void without_a_twin_nothing_is_waited_for() {
    Leases alone(
        {}, [](const PeerName&) { return false; }, base::Ticks{});
    const auto changes = alone.link_up(kBsc, Recovery::kDataLost, base::Ticks{});
    CHECK(changes == (LeaseChanges{{kBsc, Writer::kHere, Recovery::kDataLost}}));
    CHECK(alone.waited_for() == WaitEnd::kNoTwin);
    CHECK(alone.may_wipe(kBsc));
    CHECK(alone.link_up(kBsc, Recovery::kDataLost, base::Ticks{}).size() == 1);  // begun anew, unnoticed
    CHECK(alone.link_down(kBsc, base::Ticks{}) == (LeaseChanges{{kBsc, Writer::kNobody, std::nullopt}}));
}

void after_the_start_nobody_writes_before_the_twin_has_spoken_or_the_wait_is_over() {
    Twins twins;
    twins.up(twins.a), twins.up(twins.b);
    twins.pass(4999ms);
    CHECK_EQ(twins.writers(), "");
    CHECK(!twins.a.may_wipe(kBsc));
    twins.pass(1ms);
    CHECK_EQ(twins.writers(), "ab");  // neither has heard of the other
    CHECK(twins.a.waited_for() == WaitEnd::kNobody);
    CHECK(!twins.a.may_wipe(kBsc));  // who knows what the twin has there
    twins.settle();
    CHECK_EQ(twins.writers(), "a");
}

void a_cbe_ends_the_wait() {
    Twins twins;
    twins.up(twins.b);
    const auto changes = twins.b.cbe_spoke(twins.clock.ticks());
    CHECK(changes == (LeaseChanges{{kBsc, Writer::kHere, Recovery::kUnknown}}));
    CHECK(twins.b.waited_for() == WaitEnd::kCbe);
    CHECK(twins.b.cbe_spoke(twins.clock.ticks()).empty());
}

void two_that_hear_each_other_have_one_writer() {
    Twins twins;
    twins.up(twins.b), twins.up(twins.a);
    twins.settle();
    CHECK_EQ(twins.writers(), "a");
    CHECK(twins.a.waited_for() == WaitEnd::kTwin);
    CHECK(twins.a.may_wipe(kBsc));
    CHECK(!twins.b.may_wipe(kBsc));
    CHECK(twins.b.writer(kBsc) == Writer::kTwin);
}

void a_lost_link_hands_over_and_its_return_does_not() {
    Twins twins;
    twins.up(twins.a), twins.up(twins.b);
    twins.settle();
    twins.down(twins.a);
    const auto taken = twins.b.heard(twins.a.sides(), 3s, twins.clock.ticks());
    CHECK(taken == (LeaseChanges{{kBsc, Writer::kHere, std::nullopt}}));  // it stood by: nothing fresh
    twins.talk();
    twins.up(twins.a);
    twins.settle();
    CHECK_EQ(twins.writers(), "b");
}

void a_link_that_comes_up_where_the_twin_writes_is_not_fresh_when_it_is_taken_over() {
    Twins twins;
    twins.up(twins.a);
    twins.settle();
    CHECK(twins.b.writer(kBsc) == Writer::kTwin);
    twins.up(twins.b);
    twins.settle();
    twins.down(twins.a);
    const auto taken = twins.b.heard(twins.a.sides(), 3s, twins.clock.ticks());
    CHECK(taken == (LeaseChanges{{kBsc, Writer::kHere, std::nullopt}}));
}

void silence_for_a_lease_is_a_take_over() {
    Twins twins;
    twins.up(twins.a), twins.up(twins.b);
    twins.settle();
    twins.pass(2999ms);
    CHECK_EQ(twins.writers(), "a");
    CHECK(*twins.b.next() == twins.clock.ticks() + 1ms);
    twins.pass(1ms);
    CHECK_EQ(twins.writers(), "ab");
    CHECK(!twins.b.in_contact());
    CHECK(!twins.b.may_wipe(kBsc));
}

void an_answer_of_any_kind_lengthens_the_lease() {
    Twins twins;
    twins.up(twins.a), twins.up(twins.b);
    twins.settle();
    twins.pass(2999ms);
    twins.b.heard_again(3s, twins.clock.ticks());
    twins.pass(2999ms);
    CHECK(twins.b.writer(kBsc) == Writer::kTwin);
}

void after_a_cut_one_yields_when_it_is_up_to_date_and_nothing_is_out() {
    Twins twins;
    twins.up(twins.a), twins.up(twins.b);
    twins.settle();
    twins.pass(3s);
    twins.busy = {kBsc};
    (void)twins.b.heard(twins.a.sides(), 3s, twins.clock.ticks());
    CHECK_EQ(twins.writers(), "ab");  // not yet caught up
    (void)twins.b.caught_up(twins.clock.ticks());
    CHECK_EQ(twins.writers(), "ab");  // a request is out
    CHECK(twins.b.next().has_value());
    twins.busy.clear();
    const auto yielded = twins.b.tick(twins.clock.ticks());
    CHECK(yielded == (LeaseChanges{{kBsc, Writer::kTwin, std::nullopt}}));
    CHECK_EQ(twins.writers(), "a");
}

void who_ends_leaves_everything_to_the_twin() {
    Twins twins;
    twins.up(twins.a), twins.up(twins.b);
    twins.settle();
    const uint64_t before = twins.a.version();
    twins.a.resign();
    CHECK(twins.a.version() > before);
    (void)twins.b.heard(twins.a.sides(), 3s, twins.clock.ticks());
    CHECK(twins.b.writer(kBsc) == Writer::kHere);
}

}  // namespace

GROUP(leases, CASE(without_a_twin_nothing_is_waited_for),
      CASE(after_the_start_nobody_writes_before_the_twin_has_spoken_or_the_wait_is_over),
      CASE(a_cbe_ends_the_wait), CASE(two_that_hear_each_other_have_one_writer),
      CASE(a_lost_link_hands_over_and_its_return_does_not),
      CASE(a_link_that_comes_up_where_the_twin_writes_is_not_fresh_when_it_is_taken_over),
      CASE(silence_for_a_lease_is_a_take_over), CASE(an_answer_of_any_kind_lengthens_the_lease),
      CASE(after_a_cut_one_yields_when_it_is_up_to_date_and_nothing_is_out),
      CASE(who_ends_leaves_everything_to_the_twin))
