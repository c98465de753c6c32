// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What has changed here, in the order in which it changed last, for the twin to read on from where it was.
//
// Kept in memory: a process that starts anew counts anew, under another name (TwinPage::instance), and its
// twin reads everything again. Entries are identifiers; what they stand for is looked up when they are read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <variant>

#include "cbc/domain/delivery_tally.h"

namespace cbc {

class ChangeLog {
 public:
    using Item = std::variant<AlertId, DeliveryKey>;

    // Its deliveries come after it again: who reads in order has the alert before them.
    void note(AlertId alert);
    void note(const DeliveryKey& delivery);
    void forget(AlertId alert);
    uint64_t last() const { return last_; }
    size_t size() const { return order_.size(); }
    // From the first one after `after`, until `visit` returns false: that one is not counted as read.
    void read(uint64_t after, const std::function<bool(uint64_t number, const Item&)>& visit) const;

 private:
    void put(const Item& item);

    uint64_t last_ = 0;
    std::map<uint64_t, Item> order_;
    std::map<AlertId, uint64_t> alerts_;
    std::map<DeliveryKey, uint64_t> deliveries_;
};

}  // namespace cbc
