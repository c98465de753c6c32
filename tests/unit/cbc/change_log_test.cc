// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/change_log.h"

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const AlertId kOne = test::alert_id(1);
const AlertId kTwo = test::alert_id(2);
const DeliveryKey kDelivery{kOne, PeerName{"bsc-1"}, MessageIdentifier{4370}};

// "a1 d1 a2": alerts and deliveries
std::string read(const ChangeLog& log, uint64_t after = 0, size_t most = 99) {
    std::string text;
    log.read(after, [&](uint64_t, const ChangeLog::Item& item) {
        if (most-- == 0) return false;
        const auto* alert = std::get_if<AlertId>(&item);
        const AlertId id = alert != nullptr ? *alert : std::get<DeliveryKey>(item).alert;
        text += (text.empty() ? "" : " ") + std::string(alert != nullptr ? "a" : "d") +
                std::to_string(id.value().octets()[15]);
        return true;
    });
    return text;
}

void each_is_told_once_where_it_changed_last() {
    ChangeLog log;
    log.note(kOne), log.note(kTwo), log.note(kTwo);
    CHECK_EQ(read(log), "a1 a2");
    log.note(kOne);
    CHECK_EQ(read(log), "a2 a1");
    CHECK_EQ(read(log, 3), "a1");
    CHECK_EQ(read(log, log.last()), "");
    CHECK_EQ(read(log, 0, 1), "a2");
}

void an_alert_comes_before_its_deliveries() {
    ChangeLog log;
    log.note(kOne), log.note(kDelivery), log.note(kOne);
    CHECK_EQ(read(log), "a1 d1");
}

void what_is_forgotten_is_not_told() {
    ChangeLog log;
    log.note(kOne), log.note(kDelivery), log.note(kTwo);
    log.forget(kOne);
    CHECK_EQ(read(log), "a2");
    CHECK_EQ(log.size(), 1U);
    CHECK_EQ(log.last(), 3U);
}

}  // namespace

GROUP(change_log, CASE(each_is_told_once_where_it_changed_last), CASE(an_alert_comes_before_its_deliveries),
      CASE(what_is_forgotten_is_not_told))
