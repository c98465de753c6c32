// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One message of one warning as seen by one peer, cell by cell.
//
// The warning (warning.h) is the parent; it makes one Delivery per message and peer in the area. A Delivery
// compares what the warning wants (the target) with what the peer holds, and asks for the next step: KILL,
// WRITE-REPLACE, or nothing. It never waits and never sends: it returns Effects, and the shell performs them.
// The rules, as a table, are in README.md; the machine is in delivery_fsm.h. TS 23.041 §9.1.2; TS 48.049 §7.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "cbc/domain/cell_records.h"
#include "cbc/domain/delivery_fsm.h"
#include "cbc/domain/now.h"
#include "cbc/domain/peer.h"
#include "cbc/domain/peer_request.h"

namespace cbc {

// What a revision put on the air, as far as a peer has to know it.
struct Plan {
    SerialNumber serial;
    Schedule schedule;
    // ETWS without its text yet, at a peer that takes one.
    bool primary_alone = false;
    friend bool operator==(const Plan&, const Plan&) = default;
};

// What is kept across a restart of cbcd.
struct DeliveryRecord {
    CellRecords cells;
    std::optional<CellRecord> rest;  // the cells of the peer that nobody has named yet; only for "all cells"
    std::map<Revision, Plan> plans;
    friend bool operator==(const DeliveryRecord&, const DeliveryRecord&) = default;
};

struct Target {
    Revision revision;
    Plan plan;
    Message message;
    PeerArea area;   // of this peer
    PlaceSet known;  // for AllCells: the cells of this peer in the table
};

// Whether messages survived in the peer, as its RESTART says. TS 48.049 §8.2.16.
enum class Recovery { kDataAvailable, kDataLost, kUnknown };

struct DeliveryTuning {
    uint32_t attempts = 3;  // of a request that is not answered, before the cells count as no_answer
    size_t cells_per_request = 2000;  // 14 KB of list; we emit at most 16 KiB
    std::chrono::seconds retry_pause{60};
    std::chrono::seconds probe_first{5};
    std::chrono::seconds probe_again{30};
    std::chrono::seconds report_wait{60};  // after the answer; a cell that is not reported then is shown so
};

struct Send {
    PeerRequest request;
};
struct Persist {};
struct Noticed {};  // a state has changed: tell the parent
using DeliveryEffect = std::variant<Send, Persist, Noticed, Unexpected>;
using DeliveryEffects = std::vector<DeliveryEffect>;

// What the twin's record is worth here.
enum class Learning {
    kTakeOver,    // the twin writes there and we don't: its record is the truth
    kWhatIsLeft,  // we write, or nobody does: what the twin may have left there is to be written again or
                  // killed
};

class Delivery {
 public:
    Delivery(MessageIdentifier identifier, const DeliveryTuning& tuning, PeerTraits traits,
             DeliveryRecord record = {});

    // None: it shall be off the air.
    DeliveryEffects retarget(std::optional<Target> target, Now now);
    DeliveryEffects link_up(Recovery recovery, Now now);
    DeliveryEffects link_down(Now now);
    DeliveryEffects answered(const PeerAnswer& answer, Now now);
    DeliveryEffects timed_out(Now now);
    // With `node`, what is written again is asked of that node alone.
    DeliveryEffects cells_restarted(const std::vector<PlacePattern>& cells, Recovery recovery,
                                    const std::optional<RadioNode>& node, Now now);
    // Later than the answer: where the message is on the air, or off it (PeerTraits::reports).
    DeliveryEffects reported(const Report& report, Now now);
    DeliveryEffects cells_failed(const std::vector<CellFailure>& cells, Now now);
    DeliveryEffects wiped(Now now);  // RESET COMPLETE: the peer holds nothing
    // It is no peer any more: nothing can be asked there, and nothing is waited for. What it may hold is
    // remembered, for the day when it is a peer again.
    DeliveryEffects peer_gone(Now now);
    DeliveryEffects peer_back(Now now);
    // The twin writes there (lease.h): what is wanted may be in the peer without our asking.
    DeliveryEffects leave_to_twin(Now now);
    DeliveryEffects twin_left(Now now);
    // What the twin's delivery of this message at this peer knows.
    DeliveryEffects learn(const DeliveryRecord& theirs, Learning how, Now now);
    // After a restart of cbcd: what was not written down as stopped may be in the peer, since a request can
    // have been on the wire when we ended.
    void assume_held(const Target& target, Now now);
    DeliveryEffects tick(Now now);

    // When tick() has something to do.
    std::optional<base::Ticks> deadline() const { return deadline_; }
    enum class OnAir { kNowhere, kPerhaps, kSomewhere };
    OnAir on_air() const;
    bool wanted() const { return target_.has_value(); }
    bool gone() const { return gone_; }
    // The record is one of this delivery's.
    bool wanted_in(const CellRecord& record) const {
        return target_ && (record.wanted || record.reported_only);
    }
    bool settled() const {
        return fsm_ == delivery_fsm::State::kSettled || fsm_ == delivery_fsm::State::kPausing;
    }
    delivery_fsm::State fsm_state() const { return fsm_; }
    MessageIdentifier identifier() const { return identifier_; }
    const CellRecords& cells() const { return record_.cells; }
    const std::optional<CellRecord>& rest() const { return record_.rest; }
    const DeliveryRecord& record() const { return record_; }

 private:
    using Event = delivery_fsm::Event;
    // kAdd: a write while an older message stays on the air, because this peer cannot replace.
    enum class Need { kNothing, kKill, kWrite, kAdd, kReplace };

    void fire(Event event);
    void decide();
    Event next_event();
    void perform(delivery_fsm::Action action);
    DeliveryEffects take();

    struct Needs {  // of all records
        bool kill = false, replace = false, add = false, write = false;
        bool later = false;  // something that is held back for now
    };

    Need need_of(const CellRecord& record) const;
    Need need_ignoring_hold(const CellRecord& record) const;
    Needs needs() const;
    template <class Visit>
    void each(Visit&& visit);
    template <class Visit>
    void each_asked(Visit&& visit);
    void set(CellRecord& record, DeliveryState state, std::optional<Cause> cause = std::nullopt);
    void show_waiting(CellRecord& record, DeliveryState wanted_state);
    bool wants_everything() const { return target_ && std::holds_alternative<AllCells>(target_->area); }
    CellRecord& add_cell(const Place& cell, DeliveryState state);
    DeliveryEffects changed(Now now);
    void ask(Need need);
    SerialNumber serial_of(Revision written) const;
    // The message that a request of this need is about: the one that goes.
    SerialNumber serial_for(Need need, const CellRecord& record) const;
    std::optional<RadioNode> node_of(const Place* cell) const;

    void send_kill();
    void send_write();
    void send_status();
    void record_write();
    void record_write_failure(CellRecord& record, Cause cause);
    void record_kill();
    void record_status();
    void record_kill_of(CellRecord& record, std::optional<Cause> refused);
    void adopt_write(CellRecord& record, Holds holds);
    void note_perhaps_written(CellRecord& record);
    bool kills_older(const CellRecord& record) const;
    void stop_reported();
    void await_reports();
    void add_restarted(const std::vector<PlacePattern>& cells);
    CellRecord* record_for_report(const Place& cell);
    void note_unreported();
    void await_emergency_end();
    void renew_emergency();
    void hold_back_everything();
    void add_named_cells();
    void note_timeout(DeliveryState given_up);
    void park();
    void add_wanted_cells();
    void take_record(const DeliveryRecord& theirs);
    bool note_left_there(const DeliveryRecord& theirs);
    void assume_twin_wrote();
    void release();
    void arm_probe();
    void forget_plans();

    MessageIdentifier identifier_;
    const DeliveryTuning& tuning_;  // outlives this
    PeerTraits traits_;
    DeliveryRecord record_;
    std::optional<Target> target_;
    delivery_fsm::State fsm_ = delivery_fsm::State::kParked;
    std::optional<base::Ticks> deadline_;
    PeerArea asked_;  // the cells of the request that is out
    Need asked_need_ = Need::kNothing;
    SerialNumber asked_serial_;
    Revision asked_revision_;
    const PeerAnswer* answer_ = nullptr;    // while an answer is being recorded
    std::map<Place, RadioNode> restarted_;  // to be written again for this node alone
    uint32_t timeouts_ = 0;
    uint32_t requests_since_settled_ = 0;
    uint32_t status_timeouts_ = 0;
    uint32_t probes_ = 0;
    bool changed_ = false;
    bool gone_ = false;
    bool left_to_twin_ = false;
    Now now_{};
    DeliveryEffects effects_;
};

// The place is a null pointer for the rest of the peer's cells.
template <class Visit>
void Delivery::each(Visit&& visit) {
    for (auto& [cell, record] : record_.cells) visit(record, &cell);
    if (record_.rest) visit(*record_.rest, static_cast<const Place*>(nullptr));
}

}  // namespace cbc
