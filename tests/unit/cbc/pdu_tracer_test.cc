// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/pdu_tracer.h"

#include <array>
#include <vector>

#include "tests/support/fake_timers.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

const PeerProfile kOne{PeerName{"bsc-1"}};
const PeerProfile kTwo{PeerName{"bsc-2"}};
constexpr std::array<uint8_t, 4> kPdu{'P', 'D', 'U', '!'};

struct Bench {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    std::vector<std::string> files;
    PduTracer tracer{timers, clock};

    bool start(const PeerProfile& peer) {
        return tracer.start(peer, 10s, [this](std::string file) { files.push_back(std::move(file)); });
    }
    void pdu(const PeerProfile& peer) { tracer.pdu(peer.name, PduDirection::kSent, kPdu); }
};

size_t pdus_in(const std::string& file) {
    size_t count = 0;
    for (size_t at = file.find("PDU!"); at != std::string::npos; at = file.find("PDU!", at + 1)) ++count;
    return count;
}

void a_record_has_what_its_peer_said_in_its_time() {
    Bench bench;
    bench.pdu(kOne);
    CHECK(bench.start(kOne));
    bench.pdu(kOne);
    bench.pdu(kTwo);
    bench.pdu(kOne);
    bench.timers.advance(10s);
    bench.pdu(kOne);
    CHECK_EQ(bench.files.size(), size_t{1});
    CHECK_EQ(pdus_in(bench.files[0]), size_t{2});
}

void so_many_at_once_and_no_more() {
    Bench bench;
    for (size_t i = 0; i < PduTracer::kTracesMax; ++i) CHECK(bench.start(kOne));
    CHECK(!bench.start(kTwo));
    bench.tracer.stop();
    CHECK_EQ(bench.files.size(), PduTracer::kTracesMax);
    CHECK(bench.start(kTwo));
    bench.tracer.stop();
}

void a_record_that_is_full_ends_before_its_time() {
    Bench bench;
    bench.start(kOne);
    const std::vector<uint8_t> large(1024 * 1024);
    for (int i = 0; i < 9; ++i) bench.tracer.pdu(kOne.name, PduDirection::kReceived, large);
    CHECK_EQ(bench.files.size(), size_t{1});
    CHECK(bench.files[0].size() <= PduTracer::kOctetsMax + 1024);
    bench.timers.advance(10s);
    CHECK_EQ(bench.files.size(), size_t{1});
}

}  // namespace

GROUP(pdu_tracer, CASE(a_record_has_what_its_peer_said_in_its_time), CASE(so_many_at_once_and_no_more),
      CASE(a_record_that_is_full_ends_before_its_time))
