// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the Deliveries of one warning add up to, kept as they change, so that no answer of a peer makes
// anybody walk the other peers.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <vector>

#include "cbc/domain/agenda.h"
#include "cbc/domain/delivery.h"
#include "cbc/domain/ids.h"

namespace cbc {

struct DeliveryKey {
    AlertId alert;
    PeerName peer;
    MessageIdentifier message;
    friend auto operator<=>(const DeliveryKey&, const DeliveryKey&) = default;
};

// Cells, each counted once for every message and peer that it is wanted of.
struct CellTally {
    size_t wanted = 0;
    size_t accepted = 0;  // broadcasting ones too
    size_t failed = 0;    // refused, or no answer

    CellTally& operator+=(const CellTally& other);
    CellTally& operator-=(const CellTally& other);
    friend bool operator==(const CellTally&, const CellTally&) = default;
};

// Of each radio technology.
struct CellTallies {
    std::array<CellTally, kAllTechnologies.size()> of{};

    CellTally& operator[](Technology technology) { return of.at(static_cast<size_t>(technology)); }
    const CellTally& operator[](Technology technology) const {
        return of.at(static_cast<size_t>(technology));
    }
    CellTally sum() const;
    CellTallies& operator+=(const CellTallies& other);
    CellTallies& operator-=(const CellTallies& other);
};

class DeliveryTally {
 public:
    // After every change of the delivery.
    void note(const DeliveryKey& key, const Delivery& delivery);

    bool any_accepted() const { return accepted_ > 0; }  // of those that are wanted
    bool all_off() const { return on_air_ == 0; }        // no peer holds it, nor perhaps
    bool settled() const { return busy_ == 0; }          // every peer has answered for now, or can't be asked
    const CellTallies& cells() const { return cells_; }
    // Deliveries accepted of those wanted; 0 when none is wanted.
    double accepted_ratio() const {
        return wanted_ == 0 ? 0 : static_cast<double>(accepted_) / static_cast<double>(wanted_);
    }
    std::optional<base::Ticks> earliest() const { return deadlines_.earliest(); }
    std::vector<DeliveryKey> due(base::Ticks now) const { return deadlines_.due(now); }

 private:
    struct Noted {
        bool wanted = false;
        bool accepted = false;
        bool on_air = false;
        bool busy = false;
        CellTallies cells;
    };
    static Noted look_at(const Delivery& delivery);

    std::map<DeliveryKey, Noted> noted_;
    Agenda<DeliveryKey, base::Ticks> deadlines_;
    size_t wanted_ = 0;
    size_t accepted_ = 0;
    size_t on_air_ = 0;
    size_t busy_ = 0;
    CellTallies cells_;
};

}  // namespace cbc
