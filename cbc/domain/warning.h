// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One warning: the revision that counts, perhaps its tombstone, and a Delivery for each message at each peer.
//
// Made when an alert is durable (or read back at start), forgotten 24 h after its end. It returns Effects,
// and the shell performs them. The machine is in warning_fsm.h.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "cbc/domain/delivery_tally.h"
#include "cbc/domain/network.h"
#include "cbc/domain/warning_fsm.h"

namespace cbc {

struct SendToPeer {
    DeliveryKey key;
    PeerRequest request;
};
struct PersistDelivery {
    DeliveryKey key;
};
struct AlertChanged {
    AlertId alert;
};
struct ForgetAlert {
    AlertId alert;
};
using Effect = std::variant<SendToPeer, PersistDelivery, AlertChanged, ForgetAlert, Unexpected>;
using Effects = std::vector<Effect>;

using DeliveryRecords = std::map<DeliveryKey, DeliveryRecord>;
using PeersUp = std::vector<PeerName>;
using PeersOfTwin = std::set<PeerName>;  // to which the twin writes, not we

class Warning {
 public:
    // All outlive this.
    Warning(const Network& network, const DeliveryTuning& tuning, const PeersOfTwin* of_twin = nullptr)
        : network_(&network), tuning_(tuning), of_twin_(of_twin) {}

    // A revision that has just become durable, with the cells that were chosen for it; none: they are chosen
    // now.
    Effects receive(AlertRevision revision, const PeersUp& up, Now now,
                    std::optional<Targets> chosen = std::nullopt);
    Effects stop(Tombstone stop, Now now);
    // Read back at start: no link is up yet.
    Effects restore(AlertRevision revision, std::optional<Tombstone> stop, DeliveryRecords records, Now now,
                    std::optional<Targets> chosen = std::nullopt);
    // The twin had it and stopped it before we heard of it. What it left at peers its records say.
    Effects receive_stopped(AlertRevision revision, Tombstone stop, Now now);
    Effects tick(const PeersUp& up, Now now);

    Effects twin_writes(const PeerName& peer, Now now);
    Effects twin_left(const PeerName& peer, Now now);
    Effects learn(const DeliveryKey& key, const DeliveryRecord& theirs, Learning how, const PeersUp& up,
                  Now now);

    Effects network_changed(const PeersUp& up, Now now);  // peers have come or gone
    Effects peer_gone(const PeerName& peer, Now now);     // and its link, too
    Effects peer_up(const PeerName& peer, Recovery recovery, Now now);
    Effects peer_down(const PeerName& peer, Now now);
    Effects peer_wiped(const PeerName& peer, Now now);
    Effects cells_restarted(const PeerName& peer, const std::vector<PlacePattern>& cells, Recovery recovery,
                            const std::optional<RadioNode>& node, Now now,
                            MessageKind kind = MessageKind::kAny);
    Effects cells_failed(const PeerName& peer, const std::vector<CellFailure>& cells, Now now,
                         MessageKind kind = MessageKind::kAny);
    Effects reported(const PeerName& peer, const Report& report, Now now);
    Effects answered(const DeliveryKey& key, const PeerAnswer& answer, Now now);
    Effects timed_out(const DeliveryKey& key, Now now);

    const AlertRevision& revision() const { return *revision_; }
    const std::optional<Tombstone>& tombstone() const { return stop_; }
    warning_fsm::State state() const { return fsm_; }
    const std::map<DeliveryKey, Delivery>& deliveries() const { return deliveries_; }
    const Targets& targets() const { return targets_; }
    const Division& division() const { return *division_; }
    Protocol protocol_of(const PeerName& peer) const { return network_->protocol_of(peer); }
    // Whether it belongs on the air there: a RESET would take it off.
    bool live_at(const PeerName& peer) const;
    // Whether that peer broadcasts it, or may.
    bool held_at(const PeerName& peer) const;
    // Every peer has answered for now, or cannot be asked.
    bool settled() const { return tally_.settled(); }
    CellTally cells() const { return tally_.cells().sum(); }
    const CellTallies& cells_by_technology() const { return tally_.cells(); }
    // Each cell once, by its state (cell_states.h).
    const CellCounts& cell_counts() const;
    // Peers that have it, of those that shall, message by message: 0 to 1.
    double confirmed_ratio() const { return tally_.accepted_ratio(); }
    base::Instant kept_until() const { return revision_->content.schedule.end + kKeptAfterEnd; }
    // When tick() has something to do, by either clock.
    std::optional<base::Instant> next_civil() const;
    std::optional<base::Ticks> next_ticks() const { return tally_.earliest(); }

 private:
    using Event = warning_fsm::Event;

    Targets choose_cells() const;
    void fire(Event event, const PeersUp& up);
    void put_on(const PeersUp& up);
    bool is_of_twin(const PeerName& peer) const { return of_twin_ != nullptr && of_twin_->contains(peer); }
    // What each peer shall broadcast, message by message.
    void each_target(const std::function<void(const DeliveryKey&, Target)>& visit) const;
    void put_off();
    Event arrival() const;  // where on the time line the revision stands
    // After every call of a delivery.
    void adopt(const DeliveryKey& key, const Delivery& delivery, DeliveryEffects effects);
    void note_children();
    Effects take();
    template <class Call>
    Effects at_delivery(const DeliveryKey& key, Now now, Call&& call);
    template <class Call>
    Effects at_peer(const PeerName& peer, Now now, Call&& call);

    const Network* network_;
    const DeliveryTuning& tuning_;
    const PeersOfTwin* of_twin_;
    std::optional<AlertRevision> revision_;
    std::optional<Tombstone> stop_;
    Targets targets_;  // as chosen when the revision came; a new cell file counts from one that does more
                       // than shrink
    std::shared_ptr<const Division> division_ = std::make_shared<Division>();
    std::map<DeliveryKey, Delivery> deliveries_;
    DeliveryTally tally_;
    warning_fsm::State fsm_ = warning_fsm::State::kNew;
    Now now_{};
    bool changed_ = false;
    mutable std::optional<CellCounts> counts_;  // none: something has changed since they were asked for
    Effects effects_;
};

}  // namespace cbc
