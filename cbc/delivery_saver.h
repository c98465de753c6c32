// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Writes down what each peer holds, as it changes.
//
// Several changes of one record in a short time are written once, and while one of them is being stored the
// next waits. Of a record of many cells only the blocks that have changed since are handed over; they are
// known by a number made of what is in them.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "cbc/store/delivery_rows.h"
#include "common/loop/loop.h"

namespace cbc {

class DeliverySaver {
 public:
    struct Calls {
        // Null pointer: it is there no more.
        std::function<const DeliveryRecord*(const DeliveryKey&)> find;
        std::function<void(const base::Error&)> failed;
        std::function<void(std::function<void()>)> later;  // soon, on the loop
    };
    // The store outlives this.
    DeliverySaver(store::Store& store, Calls calls) : store_(store), calls_(std::move(calls)) {}

    void changed(const DeliveryKey& key);
    void alert_forgotten(AlertId alert);
    void stop() { stopping_ = true; }

 private:
    struct Saved {
        std::vector<uint64_t> blocks;  // the numbers of those that are written, or on their way
        size_t under_way = 0;          // changes
        bool waiting = false;          // to be written, again
    };
    void save(const DeliveryKey& key);
    void submit(const DeliveryKey& key, store::Change change);
    void submitted(const DeliveryKey& key, const store::Done& done);

    store::Store& store_;
    Calls calls_;
    std::map<DeliveryKey, Saved> saved_;
    bool stopping_ = false;
};

// A number made of all that is written down of the block.
uint64_t fingerprint(const CellRecords::Block& block);

}  // namespace cbc
