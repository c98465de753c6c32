// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/twin_page.h"

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

const base::Instant kNow = base::FakeClock{}.now();

AlertRevision alert() {
    AlertRevision made =
        test::revision_of(1, 3, test::content_for(7, kNow, PlaceSet{test::gsm_cell(1, 100)}));
    made.content.messages.push_back({MessageIdentifier{4383}, "ar", "\xD8\xAA\xD8\xAD"});
    made.decisions = {{DecisionAction::kSubmit, "ana", kNow, 55},
                      {DecisionAction::kApprove, "bruno", kNow, 56}};
    made.received = kNow;
    return made;
}

TwinPage page() {
    TwinPage page;
    page.instance = "abc";
    page.last = 12;
    page.more = true;
    page.state = 4;
    page.lease = 3s;
    page.sides = {{PeerName{"bsc-1"}, {true, true}}, {PeerName{"mme-1"}, {true, false}}};
    page.offers = {offer_of(alert(), true)};
    page.records = {
        {{test::alert_id(1), PeerName{"bsc-1"}, MessageIdentifier{4370}}, std::string("\x01{}\xff", 4)}};
    return page;
}

void a_page_comes_back_as_it_was() {
    const auto read = read_twin_page(to_text(page()));
    CHECK_OK(read);
    CHECK(*read == page());
}

void an_alert_comes_back_with_its_sender_and_its_stop() {
    const Tombstone stop{test::alert_id(1),
                         CbeName{"police"},
                         Digest{std::string(64, 'b')},
                         {{DecisionAction::kStop, "ana", kNow, 57}},
                         kNow};
    const auto read = read_twin_alerts(alerts_text({to_text(alert(), &stop), to_text(alert(), nullptr)}));
    CHECK_OK(read);
    CHECK_EQ(read->good.size(), 2U);
    CHECK(read->good[0] == (TwinAlert{alert(), stop}));
    CHECK(read->good[1] == (TwinAlert{alert(), std::nullopt}));
    CHECK_OK(read_twin_alerts(alerts_text({})));
}

void an_alert_that_cannot_be_read_is_left_out() {
    std::string wrong = to_text(alert(), nullptr);
    wrong.replace(wrong.find("\"revision\":3"), 12, "\"revision\":0");
    const auto read = read_twin_alerts(alerts_text({wrong, to_text(alert(), nullptr), "7", "{}"}));
    CHECK_OK(read);
    CHECK_EQ(read->good.size(), 1U);
    CHECK_EQ(read->unreadable.size(), 3U);
    CHECK(!read_twin_alerts(R"({"alerts":{}})"));
    CHECK(!read_twin_alerts("{}"));
}

void what_is_cut_or_wrong_is_refused() {
    const std::string good = to_text(page());
    for (size_t length = 0; length < good.size(); ++length) CHECK(!read_twin_page(good.substr(0, length)));
    const std::string list = alerts_text({to_text(alert(), nullptr)});
    for (size_t length = 0; length < list.size(); ++length) CHECK(!read_twin_alerts(list.substr(0, length)));
    const auto with = [&](std::string from, const std::string& to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    CHECK(!read_twin_page(with(R"("lease_ms":3000)", R"("lease_ms":9999999)")));
    CHECK(!read_twin_page(with(R"("record":"01)", R"("record":"0g)")));
    CHECK(!read_twin_page(with(R"("last":12)", R"("last":-1)")));
    CHECK(!read_twin_page(with(R"("revision":3)", R"("revision":70000)")));
    CHECK(read_twin_page(with(R"("last":12)", R"("last":12,"later":"version")")));
}

void what_only_alerts_of_osmo_cbcs_clients_have_goes_along() {
    AlertRevision revision = alert();
    Message& etws = revision.content.messages.emplace_back(Message{cbs::kEtwsTest, "", ""});
    etws.security.emplace().fill(0x5a);
    etws.warning_type = cbs::WarningType{.value = 5, .emergency_user_alert = true, .popup = false};
    Message& pages = revision.content.messages.emplace_back(Message{MessageIdentifier{42}, "", ""});
    pages.coded = *cbs::encode("Flood", {.language = "en"});
    revision.content.schedule.slots = 5;
    const auto read = read_twin_alerts(alerts_text({to_text(revision, nullptr)}));
    CHECK_OK(read);
    CHECK_EQ(read->good.size(), 1U);
    CHECK(read->good[0] == (TwinAlert{revision, std::nullopt}));
}

}  // namespace

GROUP(twin_page, CASE(what_only_alerts_of_osmo_cbcs_clients_have_goes_along),
      CASE(a_page_comes_back_as_it_was), CASE(an_alert_comes_back_with_its_sender_and_its_stop),
      CASE(an_alert_that_cannot_be_read_is_left_out), CASE(what_is_cut_or_wrong_is_refused))
