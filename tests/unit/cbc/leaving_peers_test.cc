// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/leaving_peers.h"

#include <set>
#include <vector>

#include "tests/support/fake_timers.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

const PeerName kOne{"bsc-1"};
const PeerName kTwo{"bsc-2"};

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    std::set<PeerName> busy;
    std::vector<PeerName> closed;
    LeavingPeers leaving{timers,
                         {.busy = [this](const PeerName& peer) { return busy.contains(peer); },
                          .close = [this](const PeerName& peer) { closed.push_back(peer); }},
                         60s};
};

void one_that_broadcasts_nothing_is_closed_at_once_but_not_from_within_the_call() {
    Bench bench;
    bench.leaving.add(kOne);
    CHECK(bench.closed.empty());
    bench.timers.advance(0s);
    CHECK(bench.closed == std::vector{kOne});
    CHECK(!bench.leaving.has(kOne));
}

void one_is_closed_when_it_has_stopped_what_it_broadcast() {
    Bench bench;
    bench.busy = {kOne, kTwo};
    bench.leaving.add(kOne);
    bench.leaving.add(kTwo);
    bench.timers.advance(1s);
    CHECK(bench.closed.empty());
    bench.busy = {kTwo};
    bench.leaving.look();
    bench.leaving.look();
    bench.timers.advance(0s);
    CHECK(bench.closed == std::vector{kOne});
}

void one_that_does_not_answer_is_closed_in_the_end() {
    Bench bench;
    bench.busy = {kOne};
    bench.leaving.add(kOne);
    bench.timers.advance(59s);
    CHECK(bench.closed.empty());
    bench.timers.advance(1s);
    CHECK(bench.closed == std::vector{kOne});
}

void one_that_is_a_peer_again_is_not_closed() {
    Bench bench;
    bench.busy = {kOne};
    bench.leaving.add(kOne);
    bench.leaving.stays(kOne);
    bench.timers.advance(2min);
    CHECK(bench.closed.empty());
}

}  // namespace

GROUP(leaving_peers, CASE(one_that_broadcasts_nothing_is_closed_at_once_but_not_from_within_the_call),
      CASE(one_is_closed_when_it_has_stopped_what_it_broadcast),
      CASE(one_that_does_not_answer_is_closed_in_the_end), CASE(one_that_is_a_peer_again_is_not_closed))
