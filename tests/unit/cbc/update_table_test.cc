// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Every cell of the update table: a Delivery with the traits of each protocol is taken through each change,
// and what it asks is held against the table. The same table in README.md must say the same.
#include "cbc/domain/update_table.h"

#include <fstream>
#include <sstream>

#include "cbc/domain/delivery.h"
#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const DeliveryTuning kTuning{};
constexpr SerialNumber kOld{0x4010};
constexpr SerialNumber kNew{0x4011};

// The n-th cell of a peer.
Place cell_of(Protocol protocol, uint16_t n) {
    switch (protocol) {
        case Protocol::kCbsp:
            return Place::gsm_cell(kPlmn, Lac{1}, Ci{n});
        case Protocol::kSabp:
            return Place::service_area(kPlmn, Lac{1}, n);
        case Protocol::kSbcap:
            return Place::lte_cell(kPlmn, n);
        case Protocol::kN50:
            return Place::nr_cell(kPlmn, n);
    }
    return Place::gsm_cell(kPlmn, Lac{1}, Ci{n});
}

// A warning that is on the air in `here` and `left`; `added` is free. What is asked of the peer is answered
// as it wishes, and told as the table's steps.
class Walk {
 public:
    explicit Walk(Protocol protocol)
        : here_(cell_of(protocol, 1)),
          left_(cell_of(protocol, 2)),
          added_(cell_of(protocol, 3)),
          delivery_(MessageIdentifier{4370}, kTuning, traits_of(protocol)) {
        run(delivery_.retarget(target(1, kOld, {here_, left_}, 1h), now()));
        run(delivery_.link_up(Recovery::kDataLost, now()));
        steps_.clear();
    }

    std::vector<Step> change(Change change) {
        switch (change) {
            case Change::kText:
                revise(kNew, {here_, left_}, 1h);
                break;
            case Change::kLonger:
                revise(kOld, {here_, left_}, 2h);
                break;
            case Change::kShorter:
                revise(kOld, {here_, left_}, 30min);
                break;
            case Change::kLarger:
                revise(kOld, {here_, left_, added_}, 1h);
                break;
            case Change::kSmaller:
            case Change::kStopInPart:
                revise(kOld, {here_}, 1h);
                break;
            case Change::kMoved:
                revise(kOld, {here_, added_}, 1h);
                break;
            case Change::kRetry:
                retry();
                break;
            case Change::kReload:
                run(delivery_.cells_restarted({exactly(here_)}, Recovery::kDataLost, std::nullopt, now()));
                break;
        }
        CHECK(delivery_.settled());
        return steps_;
    }

    // On the air with this serial number in these places and nowhere else.
    void check_end(Change change) const {
        const bool smaller = change == Change::kSmaller || change == Change::kStopInPart;
        for (const auto& [cell, record] : delivery_.cells()) {
            const bool gone = cell == left_ && (smaller || change == Change::kMoved);
            CHECK_EQ(record.holds == Holds::kYes, !gone);
            CHECK(!record.beside);
            if (!gone)
                CHECK(delivery_.record().plans.at(record.written).serial ==
                      (change == Change::kText ? kNew : kOld));
        }
    }

 private:
    Now now() const { return now_of(clock_); }
    Target target(uint16_t revision, SerialNumber serial, PlaceSet area, std::chrono::seconds length) const {
        Content content = test::content_for(1, base::FakeClock{}.now());
        content.schedule.end = content.schedule.start + length;
        return {
            Revision{revision}, {serial, content.schedule}, content.messages.front(), std::move(area), {}};
    }
    void revise(SerialNumber serial, PlaceSet area, std::chrono::seconds length) {
        run(delivery_.retarget(target(2, serial, std::move(area), length), now()));
    }

    // One place refuses for a reason that may pass, and takes it after the pause.
    void retry() {
        run(delivery_.cells_restarted({exactly(here_)}, Recovery::kDataLost, std::nullopt, now()),
            kCauseContradiction);
        CHECK_EQ(delivery_.fsm_state(), delivery_fsm::State::kPausing);
        steps_.clear();
        clock_.advance(kTuning.retry_pause);
        run(delivery_.tick(now()));
    }

    // Answers each request at once until there is none.
    void run(DeliveryEffects effects, std::optional<Cause> refusal = std::nullopt) {
        for (const DeliveryEffect& effect : effects) {
            const auto* send = std::get_if<Send>(&effect);
            if (send == nullptr) continue;
            const PeerArea& area =
                std::visit([](const auto& one) -> const PeerArea& { return one.area; }, send->request);
            const auto& places = std::get<PlaceSet>(area);
            steps_.push_back(step_of(send->request, places));
            PeerAnswer answer;
            for (const Place& place : places) {
                if (refusal)
                    answer.failed.push_back({exactly(place), *refusal});
                else
                    answer.done.push_back(exactly(place));
            }
            if (refusal) answer.kind = AnswerKind::kFailure;
            return run(delivery_.answered(answer, now()));
        }
    }

    Step step_of(const PeerRequest& request, const PlaceSet& places) const {
        CHECK(!places.empty());
        if (const auto* write = std::get_if<WriteRequest>(&request)) {
            if (write->replaces) CHECK(*write->replaces == kOld && write->serial == kNew);
            if (write->replaces) return Step::kReplaceHere;
            return places == PlaceSet{added_} ? Step::kWriteNew : Step::kWriteHere;
        }
        const auto& kill = std::get<KillRequest>(request);
        CHECK(kill.serial == kOld);
        if (places == PlaceSet{left_}) return Step::kStopLeft;
        return delivery_.cells().at(here_).beside ? Step::kStopOldHere : Step::kStopHere;
    }

    Place here_;
    Place left_;
    Place added_;
    base::FakeClock clock_;
    Delivery delivery_;
    std::vector<Step> steps_;
};

std::string words_of(std::span<const Step> steps, Protocol protocol) {
    std::string words;
    for (const Step step : steps) words += (words.empty() ? "" : ", then ") + text_of(step, protocol);
    return words.empty() ? "nothing" : words;
}

void check_all(Protocol protocol) {
    for (const Change change : kAllChanges) {
        Walk walk(protocol);
        const std::string asked = words_of(walk.change(change), protocol);
        CHECK_EQ(std::string(to_string(change)) + ": " + asked,
                 std::string(to_string(change)) + ": " + words_of(steps_for(change, protocol), protocol));
        walk.check_end(change);
    }
}

void cbsp_asks_what_the_table_says() { check_all(Protocol::kCbsp); }
void sabp_asks_what_the_table_says() { check_all(Protocol::kSabp); }
void sbcap_asks_what_the_table_says() { check_all(Protocol::kSbcap); }
void n50_asks_what_the_table_says() { check_all(Protocol::kN50); }

void only_new_words_alert_a_phone_again() {
    for (const Change change : kAllChanges) {
        Walk walk(Protocol::kCbsp);
        const auto steps = walk.change(change);
        const bool other_serial = !steps.empty() && steps.front() == Step::kReplaceHere;
        CHECK_EQ(alerts_again(change), other_serial);
    }
}

void the_table_for_people_says_the_same() {
    std::ifstream file("cbc/domain/README.md");
    std::ostringstream text;
    text << file.rdbuf();
    for (const Change change : kAllChanges) {
        std::string row = "| " + std::string(to_string(change)) + " |";
        for (const Protocol protocol : kAllProtocols)
            row += " " + words_of(steps_for(change, protocol), protocol) + " |";
        row += std::string(alerts_again(change) ? " yes" : " no") + " |";
        if (text.str().find(row) == std::string::npos)
            test::fail_at(__FILE__, __LINE__, "not in cbc/domain/README.md: " + row);
    }
}

}  // namespace

GROUP(update_table, CASE(cbsp_asks_what_the_table_says), CASE(sabp_asks_what_the_table_says),
      CASE(sbcap_asks_what_the_table_says), CASE(n50_asks_what_the_table_says),
      CASE(only_new_words_alert_a_phone_again), CASE(the_table_for_people_says_the_same))
