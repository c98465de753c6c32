// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An office with three officers, a store in memory, and a clock of codes: each request takes the next step.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cbe/store/alert_changes.h"
#include "cbe/store/alert_record.h"
#include "cbe/store/alert_results.h"
#include "cbe/store/tables.h"
#include "tests/support/test.h"
#include "tests/unit/cbe/channels.h"
#include "tests/unit/cbe/fake_store.h"
#include "tests/unit/cbe/people.h"

namespace test {

using namespace std::chrono_literals;
using cbe::Permission;

inline const base::Instant kNow{1'800'000'000s};

inline cbe::Person person(const char* name, cbe::Permissions permissions) {
    return {cbe::UserId{std::string("id-") + name}, name, name, permissions};
}
inline const cbe::Person kAna = person("ana", {Permission::kView, Permission::kCreate});
inline const cbe::Person kBruno =
    person("bruno", {Permission::kView, Permission::kApprove, Permission::kStop});
inline const cbe::Person kCarla =
    person("carla", {Permission::kView, Permission::kCreate, Permission::kApprove, Permission::kStop});

struct Office {
    test::MemoryTransaction txn;
    cbe::Terms terms;
    auth::TotpStep step = 100;
    base::Instant now = kNow;
    int keys = 0;

    Office() {
        auto reference = std::make_shared<cbe::Reference>();
        reference->channels = cbe::ChannelTable(
            {channel("level3", "Level 3", 4373), monthly_test(), channel("level4", "Level 4", 4396)});
        reference->cells = *cbe::CellTable::parse(
            "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,6969,Harbour,,\ngsm,001,01,1,7000,Hill,,"
            "\n");
        terms = {cbe::Mode::kLive, reference, {0, 255, 192, 255}, {"north", "south"}};
        for (const cbe::Person& one : {kAna, kBruno, kCarla}) test::put_person(txn, one);
    }

    cbe::Asking by(const cbe::Person& who) {
        return {who,
                cbe::ActorKind::kOfficer,
                now,
                ++step,
                "key-" + std::to_string(++keys),
                "request",
                {"POST /somewhere", "192.0.2.7:1", "request-7"}};
    }
    static cbe::DraftEdit text(const char* words) {
        cbe::DraftEdit edit;
        edit.messages = std::vector<cbe::Message>{{"en", words}};
        return edit;
    }
    cbe::Alert draft(const cbe::Person& who = kAna) {
        auto made = cbe::create_alert(txn, terms, by(who), base::new_uuid(static_cast<uint64_t>(++step)),
                                      text("Flood."));
        CHECK(made);
        return *made;
    }
    cbe::Alert waiting() {
        const cbe::Alert alert = draft();
        auto submitted = cbe::submit_alert(txn, terms, by(kAna), alert.id, alert.version);
        CHECK(submitted);
        return *submitted;
    }
    cbe::Alert approved() {
        const cbe::Alert alert = waiting();
        auto done = cbe::approve_alert(txn, terms, by(kBruno), alert.id, alert.frozen->digest);
        CHECK(done);
        return *done;
    }
    // Every centre has taken it and one cell confirms it.
    cbe::Alert on_air(const cbe::Alert& alert) {
        for (const std::string& cbc : terms.cbcs)
            cbe::put_result(txn, alert.id, {cbc, cbe::SendingWhat::kSend, cbe::SendingState::kTaken, ""});
        cbe::CbcDelivery said{
            "north", "broadcasting", {}, {{harbour(), cbe::DeliveryState::kBroadcasting, "", now}}};
        said.revision = alert.revision;
        cbe::put_picture(txn, alert.chain, said, now);
        return read(alert.id);
    }
    cbe::Alert live() { return on_air(approved()); }
    cbe::Alert read(const cbe::AlertId& id) const { return *cbe::find_alert(txn, id); }
    cbe::AlertId fresh_id() { return base::new_uuid(static_cast<uint64_t>(++step)); }
    static cbe::Cell harbour() { return *cbe::parse_cell("gsm:001-01:1:6969"); }
    static cbe::Cell hill() { return *cbe::parse_cell("gsm:001-01:1:7000"); }
};

inline bool refused(const cbe::Answer& answer, cbe::RefusalCode code) {
    return !answer && answer.error().code == code;
}

}  // namespace test
