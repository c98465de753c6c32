// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/delivery.h"

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using test::complete;
using test::failure;
using test::gsm_cell;

const Place kA = gsm_cell(1, 100);
const Place kB = gsm_cell(1, 101);
const DeliveryTuning kTuning{};
constexpr uint16_t kNotIdentified = 0x02;
constexpr uint16_t kAlreadyUsed = 0x0d;

// One message at one peer, as one twin sees it.
struct Side {
    base::FakeClock clock{};
    Delivery delivery{MessageIdentifier{4370}, kTuning, traits_of(Protocol::kCbsp)};
    DeliveryEffects last{};

    Now now() const { return now_of(clock); }
    static Target target(uint16_t revision, uint16_t update = 0) {
        const Content content = test::content_for(1, base::FakeClock{}.now());
        return {Revision{revision},
                {SerialNumber{static_cast<uint16_t>(content.serial.value() + update)}, content.schedule},
                content.messages.front(),
                PlaceSet{kA, kB},
                {kA, kB}};
    }
    void want(uint16_t revision, uint16_t update = 0) {
        last = delivery.retarget(target(revision, update), now());
    }
    void stop() { last = delivery.retarget(std::nullopt, now()); }
    void up(Recovery recovery = Recovery::kDataAvailable) { last = delivery.link_up(recovery, now()); }
    void answer(const PeerAnswer& answer) { last = delivery.answered(answer, now()); }
    void stand_by() { last = delivery.leave_to_twin(now()); }
    void learn(const Side& other, Learning how = Learning::kTakeOver) {
        last = delivery.learn(other.delivery.record(), how, now());
    }
    template <class Request>
    const Request* sent() const {
        for (const auto& effect : last)
            if (const auto* send = std::get_if<Send>(&effect)) return std::get_if<Request>(&send->request);
        return nullptr;
    }
    DeliveryState state() const { return delivery.cells().at(kA).state; }
    void on_air() {
        want(1);
        up(Recovery::kDataLost);
        answer(complete({kA, kB}));
    }
};

void what_the_twin_may_have_written_is_killed_by_who_takes_over() {
    Side by;
    by.want(1);
    by.stand_by();
    CHECK_EQ(by.state(), DeliveryState::kQueued);
    by.stop();  // and no word of the twin about it
    CHECK(by.sent<KillRequest>() == nullptr);
    CHECK_EQ(by.state(), DeliveryState::kStopSent);
    by.up();
    CHECK(by.sent<KillRequest>() != nullptr);
    by.answer(failure({{kA, kNotIdentified}, {kB, kNotIdentified}}));
    CHECK_EQ(by.state(), DeliveryState::kStopped);
}

void what_the_twin_tells_is_shown_and_is_where_a_take_over_begins() {
    Side writer;
    writer.on_air();
    Side by;
    by.want(1);
    by.stand_by();
    by.learn(writer);
    CHECK_EQ(by.state(), DeliveryState::kAccepted);
    by.up();  // it can be asked: nothing is written again
    CHECK(by.sent<WriteRequest>() == nullptr);
    CHECK(by.delivery.deadline().has_value());
    by.clock.advance(kTuning.probe_first);
    by.last = by.delivery.tick(by.now());
    CHECK(by.sent<StatusRequest>() != nullptr);
}

void a_stop_that_the_twin_has_confirmed_needs_nothing_more() {
    Side writer;
    writer.on_air();
    Side by;
    by.want(1);
    by.stand_by();
    by.learn(writer);
    writer.stop();
    writer.answer(complete({kA, kB}));
    by.stop();
    CHECK_EQ(by.state(), DeliveryState::kStopSent);
    by.learn(writer);
    CHECK_EQ(by.state(), DeliveryState::kStopped);
    by.up();
    CHECK(by.sent<KillRequest>() == nullptr);
}

void an_old_record_of_the_twin_does_not_make_what_is_wanted_sure() {
    Side early;
    early.want(1);  // it has written nothing yet
    Side by;
    by.want(1);
    by.stand_by();
    by.learn(early);
    by.stop();
    by.up();
    CHECK(by.sent<KillRequest>() != nullptr);
}

void what_the_twin_left_is_killed_if_it_was_stopped_and_written_again_if_not() {
    Side other;
    other.on_air();
    Side stopped;
    stopped.up();
    stopped.learn(other, Learning::kWhatIsLeft);
    CHECK(stopped.sent<KillRequest>() != nullptr);
    Side wanted;
    wanted.want(1);
    wanted.learn(other, Learning::kWhatIsLeft);
    wanted.up();
    CHECK(wanted.sent<WriteRequest>() != nullptr);
    wanted.answer(failure({{kA, kAlreadyUsed}, {kB, kAlreadyUsed}}));
    CHECK_EQ(wanted.state(), DeliveryState::kAccepted);
    wanted.learn(other, Learning::kWhatIsLeft);  // known
    CHECK(wanted.last.empty());
}

// The twin has replaced the message during a cut, and ours was written again.
void a_new_text_that_is_there_already_leaves_the_old_one_to_be_killed() {
    Side side;
    side.on_air();
    side.want(2, 1);
    CHECK(side.sent<WriteRequest>() != nullptr && side.sent<WriteRequest>()->replaces.has_value());
    side.answer(failure({{kA, kAlreadyUsed}, {kB, kAlreadyUsed}}));
    const auto* kill = side.sent<KillRequest>();
    CHECK(kill != nullptr);
    CHECK_EQ(kill->serial, Side::target(1).plan.serial);
    side.answer(complete({kA, kB}));
    CHECK_EQ(side.state(), DeliveryState::kAccepted);
}

void when_nobody_writes_it_is_not_connected() {
    Side by;
    by.want(1);
    by.stand_by();
    by.last = by.delivery.twin_left(by.now());
    CHECK_EQ(by.state(), DeliveryState::kNotConnected);
}

}  // namespace

GROUP(delivery_twin, CASE(what_the_twin_may_have_written_is_killed_by_who_takes_over),
      CASE(what_the_twin_tells_is_shown_and_is_where_a_take_over_begins),
      CASE(a_stop_that_the_twin_has_confirmed_needs_nothing_more),
      CASE(an_old_record_of_the_twin_does_not_make_what_is_wanted_sure),
      CASE(what_the_twin_left_is_killed_if_it_was_stopped_and_written_again_if_not),
      CASE(a_new_text_that_is_there_already_leaves_the_old_one_to_be_killed),
      CASE(when_nobody_writes_it_is_not_connected))
