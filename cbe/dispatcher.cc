// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/dispatcher.h"

#include <climits>

#include "cbe/store/alert_record.h"
#include "cbe/store/alert_results.h"

namespace cbe {

using namespace std::chrono_literals;

namespace {

// What ends the tries is the alert's own end, not a count.
constexpr store::OutboxPolicy kPolicy{.attempts_max = UINT_MAX, .first_back_off = 1s, .back_off_max = 5s};

std::string sentence(SendingWhat what, const std::string& cbc, const std::string& why) {
    const std::string begin =
        what == SendingWhat::kSend ? "Approved, but NOT ON AIR: " : "Stop NOT CONFIRMED: ";
    return begin + "the broadcast centre \"" + cbc + "\" does not take it (" + why +
           "). Trying again every 5 s.";
}

}  // namespace

Dispatcher::Dispatcher(Context& context, const Links& links,
                       std::function<void(const AlertId&, const std::string&)> refused)
    : context_(context),
      links_(links),
      refused_(std::move(refused)),
      outbox_({.store = context.store, .timers = context.timers, .log = context.log, .policy = kPolicy}) {
    for (const SendingWhat what : {SendingWhat::kSend, SendingWhat::kStop})
        outbox_.add(what == SendingWhat::kSend ? kSendEffect : kStopEffect,
                    {.perform =
                         [this, what](const store::Effect& effect, store::Outbox::OnPerformed done) {
                             perform(what, effect, std::move(done));
                         },
                     .gave_up = {}});
}

CbcLink* Dispatcher::link(const std::string& name) const {
    for (const auto& one : links_)
        if (one->name() == name) return one.get();
    return nullptr;
}

void Dispatcher::perform(SendingWhat what, const store::Effect& effect, store::Outbox::OnPerformed done) {
    using How = store::Performed::How;
    const auto target = EffectTarget::parse(effect.id.key);
    if (!target) return done({How::kGiveUp, target.error().text, {}});
    const auto alert = find_alert(*context_.store.read(), target->alert);
    if (!alert || !alert->frozen) return done({How::kGiveUp, "the alert is not there", {}});
    if (context_.now() >= alert->frozen->end) return done({How::kGiveUp, "the alert's time is over", {}});
    CbcLink* cbc = link(target->cbc);
    if (cbc == nullptr)
        return done({How::kTryAgain, "there is no broadcast centre of that name in the configuration", {}});
    // One thing at a time for all revisions of an alert: neither a stop nor a revision may overtake another.
    const std::string key = EffectTarget{alert->chain, 0, target->cbc}.key();
    if (under_way_.contains(key))
        return done(
            result(what, {*target, alert->chain}, {Taking::kTryAgain, "the alert is just being sent"}));
    under_way_.insert(key);
    auto answered = [this, what, key, sent = Sent{*target, alert->chain},
                     done = std::move(done)](const SendAnswer& answer) {
        under_way_.erase(key);
        done(result(what, sent, answer));
    };
    if (what == SendingWhat::kSend) return cbc->send(effect.payload, std::move(answered));
    cbc->stop(alert->chain, effect.payload, std::move(answered));
}

store::Performed Dispatcher::result(SendingWhat what, const Sent& sent, const SendAnswer& answer) {
    const EffectTarget& target = sent.target;
    using How = store::Performed::How;
    const auto write = [&](SendingState state, const std::string& text) -> store::Change {
        return [id = target.alert, sending = Sending{target.cbc, what, state, text}](
                   store::Transaction& txn) -> base::Result<void> {
            put_result(txn, id, sending);
            return {};
        };
    };
    switch (answer.taking) {
        case Taking::kTaken:
            said_waiting_.erase(target.key());
            if (CbcLink* cbc = link(target.cbc)) cbc->refresh(sent.chain);
            return {How::kDone, "", write(SendingState::kTaken, "")};
        case Taking::kRefused: {
            const std::string text = "The broadcast centre \"" + target.cbc + "\" refused it: " + answer.why;
            context_.log.error(
                "cbc.refused",
                {{"alert_id", target.alert.text()}, {"cbc", target.cbc}, {"cause", answer.why}});
            refused_(target.alert, text);
            return {How::kDone, "", write(SendingState::kRefused, text)};
        }
        case Taking::kTryAgain:
            note_waiting(what, target, answer.why);
            break;
    }
    return {How::kTryAgain, answer.why, {}};
}

// For the page; when it is not stored the next try says it again.
void Dispatcher::note_waiting(SendingWhat what, const EffectTarget& target, const std::string& why) {
    const std::string text = sentence(what, target.cbc, why);
    std::string& said = said_waiting_[target.key()];
    if (said == text) return;
    said = text;
    context_.store.submit(
        [id = target.alert, sending = Sending{target.cbc, what, SendingState::kWaiting, text}](
            store::Transaction& txn) -> base::Result<void> {
            // It may have been taken or cancelled meanwhile.
            for (const Sending& now : sendings_of(txn, id))
                if (now.cbc == sending.cbc && now.what == sending.what && now.state == SendingState::kWaiting)
                    put_result(txn, id, sending);
            return {};
        },
        [](const store::Done&) {}, store::Urgency::kBulk);
}

}  // namespace cbe
