// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The centre: every warning that is held, and the peers' links as far as warnings care.
//
// The one place where decisions about warnings are made. It is driven by what has become durable (received,
// stopped), by peers (up, down, answered, restarted) and by time; it answers with Effects. It owns no socket,
// file or clock.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "cbc/domain/admission.h"
#include "cbc/domain/agenda.h"
#include "cbc/domain/warning.h"

namespace cbc {

class Centre {
 public:
    // `network` outlives this.
    Centre(const Network& network, DeliveryTuning tuning) : network_(network), tuning_(tuning) {}

    // `chosen`: its cells, if they have been chosen already.
    Effects received(AlertRevision revision, Now now, std::optional<Targets> chosen = std::nullopt);
    Effects stopped(Tombstone stop, Now now);
    Effects restored(AlertRevision revision, std::optional<Tombstone> stop, DeliveryRecords records, Now now,
                     std::optional<Targets> chosen = std::nullopt);
    // Known to the twin, which stopped it, and new here.
    Effects received_stopped(AlertRevision revision, Tombstone stop, Now now);
    Effects tick(Now now);

    // The twin writes to that peer; it counts as down here.
    Effects twin_writes(const PeerName& peer, Now now);
    Effects twin_left(const PeerName& peer, Now now);  // nobody does, until peer_up()
    // What the twin's records say of a delivery.
    Effects learned(const DeliveryKey& key, const DeliveryRecord& theirs, Learning how, Now now);

    Effects network_changed(Now now);
    Effects peer_gone(const PeerName& peer, Now now);  // no peer any more, and its link is closed
    Effects peer_up(const PeerName& peer, Recovery recovery, Now now);
    Effects peer_down(const PeerName& peer, Now now);
    Effects peer_wiped(const PeerName& peer, Now now);  // it confirmed a RESET
    Effects cells_restarted(const PeerName& peer, const std::vector<PlacePattern>& cells, Recovery recovery,
                            const std::optional<RadioNode>& node, Now now,
                            MessageKind kind = MessageKind::kAny);
    Effects cells_failed(const PeerName& peer, const std::vector<CellFailure>& cells, Now now,
                         MessageKind kind = MessageKind::kAny);
    Effects reported(const PeerName& peer, const Report& report, Now now);
    Effects answered(const DeliveryKey& key, const PeerAnswer& answer, Now now);
    Effects timed_out(const DeliveryKey& key, Now now);

    const Warning* find(AlertId alert) const;
    bool knows(const PeerName& peer) const { return network_.has(peer); }
    Protocol protocol_of(const PeerName& peer) const { return network_.protocol_of(peer); }
    void each(const std::function<void(const Warning&)>& visit) const;
    Held held(AlertId alert) const;
    const AlertRevision* user_of_code(SerialNumber serial, MessageIdentifier identifier, AlertId self) const;
    bool is_up(const PeerName& peer) const { return std::find(up_.begin(), up_.end(), peer) != up_.end(); }
    bool live_at(const PeerName& peer) const;
    bool held_at(const PeerName& peer) const;  // something that it broadcasts, or may
    size_t size() const { return warnings_.size(); }
    // How long tick() may wait. Never longer than a minute, because the wall clock can be set.
    std::chrono::microseconds until_next(Now now) const;

 private:
    // Every call of a warning goes through here, so that its next time is known.
    template <class Call>
    Effects at(Warning& warning, Call&& call);
    template <class Call>
    Effects at_all(Call&& call);

    const Network& network_;
    DeliveryTuning tuning_;
    std::map<AlertId, std::unique_ptr<Warning>>
        warnings_;  // by pointer: Deliveries refer to tuning_ and stay put
    Agenda<AlertId, base::Instant> civil_;
    Agenda<AlertId, base::Ticks> ticks_;
    PeersUp up_;
    PeersOfTwin of_twin_;
};

}  // namespace cbc
