// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/change_log.h"

#include <vector>

namespace cbc {

void ChangeLog::put(const Item& item) {
    const auto move = [&](auto& numbers, const auto& name) {
        auto& number = numbers[name];
        order_.erase(number);
        number = ++last_;
        order_.emplace(number, item);
    };
    if (const auto* alert = std::get_if<AlertId>(&item))
        move(alerts_, *alert);
    else
        move(deliveries_, std::get<DeliveryKey>(item));
}

void ChangeLog::note(AlertId alert) {
    put(alert);
    std::vector<DeliveryKey> after;
    for (auto at = deliveries_.lower_bound({alert, {}, {}});
         at != deliveries_.end() && at->first.alert == alert; ++at)
        after.push_back(at->first);
    for (const DeliveryKey& key : after) put(key);
}

void ChangeLog::note(const DeliveryKey& delivery) { put(delivery); }

void ChangeLog::forget(AlertId alert) {
    auto at = deliveries_.lower_bound({alert, {}, {}});
    while (at != deliveries_.end() && at->first.alert == alert) {
        order_.erase(at->second);
        at = deliveries_.erase(at);
    }
    const auto found = alerts_.find(alert);
    if (found == alerts_.end()) return;
    order_.erase(found->second);
    alerts_.erase(found);
}

void ChangeLog::read(uint64_t after, const std::function<bool(uint64_t, const Item&)>& visit) const {
    for (auto at = order_.upper_bound(after); at != order_.end(); ++at)
        if (!visit(at->first, at->second)) return;
}

}  // namespace cbc
