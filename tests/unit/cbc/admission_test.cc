// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/admission.h"

#include <functional>

#include "tests/support/cbc.h"
#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

constexpr const char* kNational = "farol://capital/cbe/a";
constexpr const char* kHarbour = "farol://harbour/cbe/a";

Cbe entry(const char* name, const char* uri, NumberRange codes) {
    Cbe cbe;
    cbe.name = CbeName{name};
    cbe.certificate_uri = uri;
    cbe.codes = codes;
    cbe.identifiers = {{4370, 4382}};
    return cbe;
}

// All that a check looks at; a good request for a new alert unless a test changes something.
struct World {
    base::FakeClock clock;
    CbeTable cbes =
        *CbeTable::create({entry("national", kNational, {0, 255}), entry("harbour", kHarbour, {256, 300})});
    Network network = test::two_peers();
    std::optional<AlertRevision> held;
    std::optional<Tombstone> stop;
    std::optional<AlertRevision> code_user;
    SendRequest request;

    World() {
        const AlertRevision good =
            test::revision_of(1, 1, test::content_for(1, clock.now(), PlaceSet{test::gsm_cell(1, 100)}));
        request = {good.id, good.revision, good.content, good.digest, good.digest, both(), kNational};
    }
    static Decision decided(DecisionAction action, const char* user) { return {action, user, {}, 1}; }
    static std::vector<Decision> both() {
        return {decided(DecisionAction::kSubmit, "ana"), decided(DecisionAction::kApprove, "bruno")};
    }
    // What was sent is held now.
    void hold() {
        held = AlertRevision{request.id,        request.revision,    request.content, request.digest,
                             request.decisions, CbeName{"national"}, clock.now()};
    }
    void stop_it() { stop = Tombstone{request.id, CbeName{"national"}, {}, {}, clock.now()}; }
    AdmissionContext context() const {
        return {
            cbes, network.cells(),
            [this](AlertId) {
                return Held{held ? &*held : nullptr, stop ? &*stop : nullptr};
            },
            [this](SerialNumber, MessageIdentifier, AlertId) { return code_user ? &*code_user : nullptr; },
            clock.now()};
    }
    std::string verdict() const {
        const auto admitted = admit(request, context());
        if (admitted) return *admitted == Admitted::kNew ? "new" : "repeat";
        return std::string(code_of(admitted.error().why));
    }
    std::string reason() const {
        const auto admitted = admit(request, context());
        return admitted ? "" : admitted.error().text;
    }
    std::string stop_verdict(const char* uri, std::vector<Decision> decisions) const {
        const auto admitted =
            admit(StopRequest{request.id, request.digest, std::move(decisions), uri}, context());
        if (admitted) return *admitted == Admitted::kNew ? "new" : "repeat";
        return std::string(code_of(admitted.error().why));
    }
};

struct Row {
    const char* refusal;               // what is said while this and all that follows is wrong
    std::function<void(World&)> mend;  // and then this one thing is put right
};

// A request that breaks every rule, mended one rule after the other: the order of the contract.
void the_checks_come_in_the_documented_order() {
    World world;
    SendRequest& request = world.request;
    const SendRequest good = request;
    world.hold();
    world.held->cbe = CbeName{"harbour"};
    world.held->revision = Revision{5};
    world.held->digest = Digest{std::string(64, 'c')};
    world.held->content.messages.front().text = "Other words";
    world.stop_it();
    world.code_user = test::revision_of(9, 1, good.content);
    request.certificate_uri = "farol://nowhere/cbe/a";
    request.recomputed = Digest{std::string(64, 'b')};
    request.revision = Revision{5};
    request.decisions.clear();
    Content& content = request.content;
    content.mode = Mode::kTraining;
    content.serial = SerialNumber{0x4000 | 300 << 4};
    content.messages = {{MessageIdentifier{919}, "en", "Fire \xF0\x9F\x94\xA5"},
                        {MessageIdentifier{919}, "en", "Fire"}};
    content.schedule.end = content.schedule.start - 1s;
    content.schedule.repetition_period = 1s;
    content.area = PlaceSet{test::gsm_cell(7, 7)};

    const std::vector<Row> rows{
        {"unknown-cbe", [&](World& w) { w.request.certificate_uri = good.certificate_uri; }},
        {"digest-mismatch", [&](World& w) { w.request.recomputed = good.digest; }},
        {"not-owner", [](World& w) { w.held->cbe = CbeName{"national"}; }},
        {"alert-stopped", [](World& w) { w.stop.reset(); }},
        {"revision-conflict", [](World& w) { w.request.revision = Revision{4}; }},
        {"revision-outdated", [](World& w) { w.request.revision = Revision{6}; }},
        {"mode-not-allowed", [](World& w) { w.request.content.mode = Mode::kLive; }},
        {"serial-out-of-range", [&](World& w) { w.request.content.serial = good.content.serial; }},
        {"identifier-not-allowed",
         [](World& w) {
             for (Message& one : w.request.content.messages) one.identifier = MessageIdentifier{4370};
         }},
        {"messages-invalid", [](World& w) { w.request.content.messages.pop_back(); }},
        {"text-not-encodable",
         [](World& w) { w.request.content.messages.front().text = std::string(1396, 'x'); }},
        {"text-too-long",
         [&](World& w) { w.request.content.messages.front().text = good.content.messages.front().text; }},
        {"times-invalid", [&](World& w) { w.request.content.schedule.end = good.content.schedule.end; }},
        {"repetition-invalid", [](World& w) { w.request.content.schedule.repetition_period = 60s; }},
        {"cells-unknown", [&](World& w) { w.request.content.area = good.content.area; }},
        {"serial-in-use", [](World& w) { w.code_user.reset(); }},
        {"serial-in-use",  // other words under a serial number that phones have shown
         [&](World& w) { w.held->content.messages = good.content.messages; }},
        {"decisions-insufficient", [](World& w) { w.request.decisions = World::both(); }},
    };
    for (const Row& row : rows) {
        // The area is smaller than none: without this the change would only shrink, and need one decision.
        world.held->content.schedule.end = good.content.schedule.end - 1s;
        CHECK_EQ(world.verdict(), std::string(row.refusal));
        row.mend(world);
    }
    CHECK_EQ(world.verdict(), std::string("new"));
}

void what_is_held_already_is_a_repeat_before_any_rule_is_looked_at() {
    World world;
    world.hold();
    world.request.decisions.clear();
    world.clock.advance(48h);  // long over
    world.code_user = test::revision_of(9, 1, world.request.content);
    CHECK_EQ(world.verdict(), std::string("repeat"));
    world.stop_it();
    CHECK_EQ(world.verdict(), std::string("alert-stopped"));
    world.stop.reset();
    world.request.recomputed = Digest{std::string(64, 'b')};
    CHECK_EQ(world.verdict(), std::string("digest-mismatch"));
}

void two_people_decide_unless_it_only_shrinks() {
    World world;
    using Action = DecisionAction;
    world.request.decisions = {World::decided(Action::kSubmit, "ana"),
                               World::decided(Action::kApprove, "ana")};
    CHECK_EQ(world.verdict(), std::string("decisions-insufficient"));
    world.request.decisions = {World::decided(Action::kApprove, "bruno")};
    CHECK_EQ(world.verdict(), std::string("decisions-insufficient"));
    world.request.decisions = World::both();
    CHECK_EQ(world.verdict(), std::string("new"));

    world.hold();
    world.request.revision = Revision{2};
    world.request.digest = world.request.recomputed = Digest{std::string(64, 'd')};
    world.request.content.schedule.end -= 1min;
    world.request.decisions = {World::decided(Action::kShrink, "ana")};
    CHECK_EQ(world.verdict(), std::string("new"));
    world.request.decisions.clear();
    CHECK_EQ(world.verdict(), std::string("decisions-insufficient"));
    world.request.content.schedule.end += 2min;  // longer than before
    world.request.decisions = {World::decided(Action::kShrink, "ana")};
    CHECK_EQ(world.verdict(), std::string("decisions-insufficient"));
}

void times_have_bounds() {
    World world;
    Schedule& schedule = world.request.content.schedule;
    const base::Instant now = world.clock.now();
    const auto verdict = [&](base::Instant start, base::Instant end) {
        schedule.start = start;
        schedule.end = end;
        return world.verdict();
    };
    CHECK_EQ(verdict(now, now + kDurationMax), std::string("new"));
    CHECK_EQ(verdict(now, now + kDurationMax + 1s), std::string("times-invalid"));
    CHECK_EQ(verdict(now + kStartAheadMax, now + kStartAheadMax + 1s), std::string("new"));
    CHECK_EQ(verdict(now + kStartAheadMax + 1s, now + kStartAheadMax + 2s), std::string("times-invalid"));
    CHECK_EQ(verdict(now - 2h, now), std::string("times-invalid"));  // over at this moment
    CHECK_EQ(verdict(now - 2h, now + 1s), std::string("new"));
}

void repetition_has_bounds() {
    World world;
    Schedule& schedule = world.request.content.schedule;
    for (const auto& [period, verdict] : std::map<std::chrono::seconds, std::string>{
             {1s, "repetition-invalid"}, {2s, "new"}, {7710s, "new"}, {7711s, "repetition-invalid"}}) {
        schedule.repetition_period = period;
        CHECK_EQ(world.verdict(), verdict);
    }
    schedule.repetition_period = 60s;
    schedule.number_of_broadcasts = 0;
    CHECK_EQ(world.verdict(), std::string("repetition-invalid"));
    schedule.number_of_broadcasts = 1;
    CHECK_EQ(world.verdict(), std::string("new"));
}

void one_known_cell_suffices() {
    World world;
    world.request.content.area = PlaceSet{test::gsm_cell(1, 100), test::gsm_cell(7, 7)};
    CHECK_EQ(world.verdict(), std::string("new"));
    world.request.content.area = PlaceSet{};
    CHECK_EQ(world.verdict(), std::string("cells-unknown"));
    world.request.content.area = AllCells{};
    CHECK_EQ(world.verdict(), std::string("new"));
}

// The cells of the table stand at 0, 0.
void a_shape_without_a_cell_is_refused_with_its_reason() {
    World world;
    world.request.content.area = ChosenArea{{}, {geo::Circle{{0, 0}, 100}}};
    CHECK_EQ(world.verdict(), std::string("new"));
    world.request.content.area = ChosenArea{{test::gsm_cell(7, 7)}, {geo::Circle{test::kLisbon, 100}}};
    CHECK_EQ(world.verdict(), std::string("cells-unknown"));
    CHECK_EQ(
        world.reason(),
        "none of this operator's 4 cells is in the area, which is 1 cell and 1 shape, as gsm:001-01:7:7");
}

void a_stop_needs_its_owner_or_the_right_and_one_decision() {
    World world;
    const std::vector<Decision> decided{World::decided(DecisionAction::kStop, "ana")};
    CHECK_EQ(world.stop_verdict(kNational, decided), std::string("alert-unknown"));
    world.hold();
    CHECK_EQ(world.stop_verdict("farol://nowhere/cbe/a", decided), std::string("unknown-cbe"));
    CHECK_EQ(world.stop_verdict(kHarbour, decided), std::string("not-owner"));
    CHECK_EQ(world.stop_verdict(kNational, World::both()), std::string("decisions-insufficient"));
    CHECK_EQ(world.stop_verdict(kNational, decided), std::string("new"));
    world.stop_it();
    CHECK_EQ(world.stop_verdict(kNational, {}), std::string("repeat"));
    world.stop.reset();
    Cbe harbour = entry("harbour", kHarbour, {256, 300});
    harbour.stop_right = StopRight::kAnyAlert;
    world.cbes = *CbeTable::create({entry("national", kNational, {0, 255}), harbour});
    CHECK_EQ(world.stop_verdict(kHarbour, decided), std::string("new"));
}

void of_the_twins_alerts_only_what_time_does_not_change_is_looked_at_again() {
    World world;
    world.hold();
    world.code_user = world.held;
    const auto verdict = [&](const AlertRevision& alert) {
        const auto admitted = admit(alert, world.context());
        return admitted ? "new" : std::string(code_of(admitted.error().why));
    };
    AlertRevision alert = *world.held;
    alert.decisions.clear();
    CHECK_EQ(verdict(alert), "new");
    world.clock.advance(2h);  // its end is past
    CHECK_EQ(verdict(alert), "new");
    alert.cbe = CbeName{"harbour"};
    CHECK_EQ(verdict(alert), "serial-out-of-range");
    alert.cbe = CbeName{"nobody"};
    CHECK_EQ(verdict(alert), "unknown-cbe");
    alert = *world.held;
    alert.content.messages.front().identifier = MessageIdentifier{4352};
    CHECK_EQ(verdict(alert), "identifier-not-allowed");
    alert = *world.held;
    alert.content.messages.front().text = std::string(2000, 'a');
    CHECK_EQ(verdict(alert), "text-too-long");
    alert = *world.held;
    alert.content.schedule.end = alert.content.schedule.start;
    CHECK_EQ(verdict(alert), "times-invalid");
}

Message etws(const char* text) { return {cbs::kEtwsTsunami, text[0] == '\0' ? "" : "en", text}; }

void an_etws_primary_notification_may_stand_alone_and_be_given_its_text_later() {
    World world;
    world.cbes = [] {
        Cbe cbe = entry("national", kNational, {0, 255});
        cbe.identifiers = {{4352, 4382}};
        return *CbeTable::create({cbe});
    }();
    world.request.content.messages = {etws("")};
    CHECK_EQ(world.verdict(), std::string("new"));
    world.hold();
    world.request.revision = Revision{2};
    world.request.digest = world.request.recomputed = Digest{std::string(64, 'b')};
    world.request.content.messages = {etws("Leave the shore")};
    CHECK_EQ(world.verdict(), std::string("new"));  // under the same serial number
    world.request.content.messages.front().security.emplace();
    CHECK_EQ(world.verdict(), std::string("serial-in-use"));
    world.held->content.messages = {etws("Other words")};
    world.request.content.messages = {etws("Leave the shore")};
    CHECK_EQ(world.verdict(), std::string("serial-in-use"));
    world.request.content.messages = {{MessageIdentifier{4370}, "en", ""}};
    world.held.reset();
    CHECK_EQ(world.verdict(), std::string("text-not-encodable"));
}

void who_is_approved_elsewhere_needs_no_two_persons() {
    World world;
    Cbe cbe = entry("ecbe", kNational, {0, 255});
    cbe.approval = Approval::kElsewhere;
    world.cbes = *CbeTable::create({cbe});
    world.request.decisions.clear();
    CHECK_EQ(world.verdict(), std::string("new"));
    world.request.content.schedule.repetition_period = 1s;
    CHECK_EQ(world.verdict(), std::string("repetition-invalid"));
    world.request.content.schedule.slots = 1;
    CHECK_EQ(world.verdict(), std::string("new"));
}

}  // namespace

GROUP(admission, CASE(of_the_twins_alerts_only_what_time_does_not_change_is_looked_at_again),
      CASE(an_etws_primary_notification_may_stand_alone_and_be_given_its_text_later),
      CASE(who_is_approved_elsewhere_needs_no_two_persons), CASE(the_checks_come_in_the_documented_order),
      CASE(what_is_held_already_is_a_repeat_before_any_rule_is_looked_at),
      CASE(two_people_decide_unless_it_only_shrinks), CASE(times_have_bounds), CASE(repetition_has_bounds),
      CASE(one_known_cell_suffices), CASE(a_shape_without_a_cell_is_refused_with_its_reason),
      CASE(a_stop_needs_its_owner_or_the_right_and_one_decision))
