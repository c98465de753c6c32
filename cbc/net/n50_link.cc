// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The link's life and its subscriptions. What is done with requests is in n50_link_requests.cc.
#include "cbc/net/n50_link.h"

#include <algorithm>

#include "cbc/net/link_row.h"
#include "cbc/wire/n50_json.h"

namespace cbc {
namespace {

using n50::InformationClass;
using n50_link_fsm::Action;

constexpr std::array kClasses{InformationClass::kBroadcastAreas, InformationClass::kRestartsAndFailures};
constexpr std::string_view kSubscriptions = "/subscriptions";

}  // namespace

N50Link::N50Link(PeerName name, std::string root, std::string callback, Parts parts, logs::Log log)
    : name_(std::move(name)),
      root_(std::move(root)),
      callback_(std::move(callback)),
      parts_(std::move(parts)),
      log_(std::move(log)),
      last_test_(parts_.metrics.last_link_test(name_)),
      standing_(name_, {parts_.timers, parts_.clock, parts_.metrics, parts_.owner}, parts_.tuning.backoff,
                log_),
      caller_({parts_.timers, parts_.call, parts_.tokens, "CBCF-" + parts_.manner.nf_id},
              {parts_.tuning.call_timeout(), parts_.tuning.longest_wait}),
      queue_({parts_.timers, parts_.clock, parts_.metrics, parts_.tuning.requests, parts_.owner}, log_,
             {.write = [this](const PeerRequest& request) { return put(request); },
              .overflowed = [this] { fail("too many requests wait for the peer"); }}),
      probe_(parts_.timers, parts_.clock, last_test_, [this] { parts_.owner.link_changed(name_); }) {}

N50Link::~N50Link() = default;

void N50Link::start() { fire(Event::kConnect); }

void N50Link::fire(Event event) {
    const auto* row = link_row(n50_link_fsm::kRows, fsm_, event, log_);
    if (row == nullptr) return;
    const State before = fsm_;
    fsm_ = row->to;
    if (before != fsm_) {
        state_timer_.reset();
        standing_.changed(fsm_ == State::kReady);
    }
    perform(row->action);
}

void N50Link::perform(Action action) {
    switch (action) {
        case Action::kSubscribe:
            // Two calls, each with a time-out of its own.
            state_timer_ = parts_.timers.after(parts_.tuning.requests.request_timeout * 3, [this] {
                standing_.because("the AMF did not answer our subscriptions");
                fire(Event::kTimeout);
            });
            return subscribe();
        case Action::kAnnounce:
            queue_.open();
            return standing_.up(root_, Recovery::kUnknown);
        case Action::kRenew:
            return subscribe();
        case Action::kGiveUp:
            return go_down();
    }
}

void N50Link::fail(std::string reason) {
    if (fsm_ == State::kDown) return;
    standing_.because(std::move(reason));
    fire(Event::kFailed);
}

void N50Link::go_down() {
    ++attempt_;
    ++work_number_;
    subscribing_ = false;
    work_.reset();
    queue_.close();
    probe_.abandon();
    renewal_.reset();
    standing_.down();
    standing_.retry([this] { fire(Event::kConnect); });
}

std::string N50Link::url(std::string_view path) const {
    return root_ + "/namf-comm/v1/non-ue-n2-messages" + std::string(path);
}

// --- subscriptions ---

void N50Link::subscribe() {
    if (std::exchange(subscribing_, true)) return;
    renewal_.reset();
    ++attempt_;
    fresh_ = {};
    subscribe(0);
}

void N50Link::subscribe(size_t which) {
    const n50::Subscription wanted{kClasses.at(which), callback_, name_.value(), parts_.manner.nf_id};
    caller_.ask(http::Method::kPost, url(kSubscriptions), "application/json", n50::encode(wanted),
                [this, which, attempt = attempt_](const base::Result<http::Response>& answer) {
                    if (attempt == attempt_) subscribed(which, answer);
                });
}

void N50Link::subscribed(size_t which, const base::Result<http::Response>& answer) {
    if (!answer) return fail(answer.error().text);
    const auto id =
        answer->status == 201
            ? n50::read_subscribed(answer->body)
            : base::Result<std::string>{base::refused("status " + std::to_string(answer->status))};
    if (id) {
        fresh_.at(which) = *id;
    } else {
        log_.warning("n50.subscription.refused", {{"class", n50::to_string(kClasses.at(which))},
                                                  {"reason", id.error().text},
                                                  {"detail", n50::read_refusal(answer->body).detail}});
    }
    if (which + 1 < kClasses.size()) return subscribe(which + 1);
    all_subscribed();
}

void N50Link::all_subscribed() {
    subscribing_ = false;
    const auto old = std::exchange(subscriptions_, std::exchange(fresh_, {}));
    for (size_t i = 0; i < old.size(); ++i)
        if (!old.at(i).empty() && old.at(i) != subscriptions_.at(i)) unsubscribe(old.at(i));
    last_renewal_ = parts_.clock.now();
    last_test_.set(static_cast<double>(
        std::chrono::floor<std::chrono::seconds>(*last_renewal_).time_since_epoch().count()));
    renew_after(parts_.tuning.renew_period);
    const bool both = std::none_of(subscriptions_.begin(), subscriptions_.end(),
                                   [](const std::string& id) { return id.empty(); });
    probe_.conclude(both ? RequestResult::kComplete : RequestResult::kFailure);
    if (fsm_ == State::kSubscribing) fire(Event::kSubscribed);
}

void N50Link::test() {
    if (fsm_ != State::kReady || probe_.out()) return;
    probe_.begin(parts_.tuning.requests.request_timeout * 3);  // two calls, as at the start
    fire(Event::kRenew);
}

// The one before is of no use any more; that the AMF has forgotten it is no news.
void N50Link::unsubscribe(const std::string& id) {
    caller_.ask(http::Method::kDelete, url(kSubscriptions) + "/" + id, "", "",
                [this](const base::Result<http::Response>& answer) {
                    if (!answer) log_.debug("n50.unsubscribe.failed", {{"reason", answer.error().text}});
                });
}

void N50Link::renew_after(std::chrono::milliseconds delay) {
    renewal_ = parts_.timers.after(delay, [this] {
        if (fsm_ == State::kReady) fire(Event::kRenew);
    });
}

// --- what the AMF tells by itself ---

base::Result<void> N50Link::notified(std::string_view content_type, std::string_view body) {
    auto news = read_news(content_type, body, [this](base::ByteView ngap) {
        parts_.owner.pdu(standing_.name(), PduDirection::kReceived, ngap);
    });
    if (!news) {
        parts_.metrics.odd(Oddity::kUndecodable);
        log_.warning("n50.notification.refused", {{"reason", news.error().text}});
        return news.error();
    }
    if (const auto* report = std::get_if<Report>(&*news)) {
        log_.debug("n50.reported", {{"message_id", report->identifier.value()},
                                    {"serial", report->serial.value()},
                                    {"cells", report->cells.size()}});
        const bool scheduled = report->kind == ReportKind::kScheduled;
        parts_.metrics.indicated(scheduled ? Indication::kScheduled : Indication::kCancelled);
        parts_.owner.reported(name_, *report);
    } else if (const auto* restarted = std::get_if<NodeRestarted>(&*news)) {
        parts_.metrics.indicated(Indication::kRestart);
        log_.notice("n50.node.restarted", {{"cells", restarted->cells.size()}});
        parts_.owner.cells_restarted(name_, restarted->cells, Recovery::kDataLost, restarted->node);
    } else if (const auto* failed = std::get_if<CellsFailed>(&*news)) {
        parts_.metrics.indicated(Indication::kFailure);
        log_.warning("n50.cells.failed", {{"cells", failed->cells.size()}});
        parts_.owner.cells_failed(name_, failed->cells);
    }
    return {};
}

}  // namespace cbc
