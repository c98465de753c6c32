// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/twin_link.h"

#include <algorithm>
#include <utility>

namespace cbc {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kPauseFirst{100};
// A page without news that comes sooner than this was not waited for: not a question a millisecond.
constexpr milliseconds kTooSoon{20};

bool is_news(const TwinPage& page) { return page.more || !page.offers.empty() || !page.records.empty(); }

}  // namespace

TwinLink::TwinLink(loop::Timers& timers, const base::Clock& clock, Tuning tuning, Calls calls, logs::Log log)
    : timers_(timers),
      clock_(clock),
      tuning_(std::move(tuning)),
      calls_(std::move(calls)),
      log_(std::move(log)),
      alive_(std::make_shared<bool>(true)) {}

void TwinLink::stop() {
    stopped_ = true;
    *alive_ = false;
    pause_.reset();
}

void TwinLink::forget() {
    instance_.clear();
    after_ = 0;
    state_ = 0;
    caught_up_ = false;
}

void TwinLink::wait_and_poll(milliseconds pause) {
    pause_ = timers_.after(pause, [this] {
        const auto spent = std::move(pause_);
        poll();
    });
}

void TwinLink::get(const std::string& path, milliseconds timeout,
                   std::function<void(const std::string&)> take) {
    http::ClientRequest request;
    request.url = tuning_.url + path;
    request.server_role = "cbc";
    request.timeout = timeout;
    request.response_limit = size_t{32} * 1024 * 1024;
    calls_.call(std::move(request), [this, alive = alive_,
                                     take = std::move(take)](base::Result<http::Response> answer) {
        if (!*alive) return;
        if (!answer) return fail(answer.error().text);
        if (answer->status != 200)
            return fail("it answers " + std::to_string(answer->status) + ": " + answer->body.substr(0, 200));
        take(answer->body);
    });
}

void TwinLink::poll() {
    if (stopped_) return;
    asked_at_ = clock_.ticks();
    // Not waited for until everything is here.
    const milliseconds wait = caught_up_ ? tuning_.lease / 3 : 0ms;
    get("/twin/changes?instance=" + instance_ + "&after=" + std::to_string(after_) +
            "&state=" + std::to_string(state_) + "&wait_ms=" + std::to_string(wait.count()),
        wait + tuning_.lease, [this](const std::string& body) { take_page(body); });
}

void TwinLink::take_page(const std::string& body) {
    auto page = read_twin_page(body);
    if (!page) return fail("its page cannot be read: " + page.error().text);
    // Counting backwards, or standing still and calling for more, would never end.
    const bool same = page->instance == instance_;
    if ((same && page->last < after_) || (same && page->more && page->last == after_))
        return fail("its page goes backwards");
    page_ = std::move(*page);
    calls_.heard(page_);
    wanted_.clear();
    for (const TwinOffer& offer : page_.offers) {
        const TwinMerge merge = merge_of(calls_.held(offer.id), offer);
        if (merge == TwinMerge::kFetch) wanted_.push_back(offer.id);
        if (merge == TwinMerge::kConflict) calls_.conflict(offer.id);
    }
    fetch();
}

void TwinLink::fetch() {
    if (wanted_.empty()) return conclude();
    const auto end = wanted_.begin() + static_cast<std::ptrdiff_t>(std::min(wanted_.size(), kTwinAlertsMax));
    const std::vector<AlertId> asked(wanted_.begin(), end);
    std::string ids;
    for (const AlertId& id : asked) ids += (ids.empty() ? "" : ",") + id.value().text();
    get("/twin/alerts?ids=" + ids, 10s, [this, asked](const std::string& body) { take_alerts(body, asked); });
}

void TwinLink::take_alerts(const std::string& body, const std::vector<AlertId>& asked) {
    auto alerts = read_twin_alerts(body);
    if (!alerts) return fail("its alerts cannot be read: " + alerts.error().text);
    calls_.heard_again(page_.lease);
    for (const std::string& why : alerts->unreadable) log_.error("twin.alert.unreadable", {{"reason", why}});
    // What it does not have any more is left out; of a long answer the rest is asked for again.
    const auto has_come = [&](AlertId id) {
        return std::any_of(alerts->good.begin(), alerts->good.end(),
                           [&](const TwinAlert& one) { return one.revision.id == id; });
    };
    const bool none = std::none_of(asked.begin(), asked.end(), has_come);
    std::erase_if(wanted_, [&](AlertId id) {
        return has_come(id) || (none && std::find(asked.begin(), asked.end(), id) != asked.end());
    });
    if (none) return fetch();
    calls_.store(std::move(alerts->good), [this, alive = alive_](bool stored) {
        if (!*alive) return;
        if (!stored) return fail("what it has could not be stored here");
        fetch();
    });
}

void TwinLink::conclude() {
    for (const TwinRecord& record : page_.records) calls_.learn(record);
    const bool idle = !is_news(page_) && page_.state == state_ && page_.instance == instance_;
    instance_ = page_.instance;
    after_ = page_.last;
    state_ = page_.state;
    const bool more = page_.more;
    page_.records.clear();
    failures_ = 0;
    trouble_.clear();
    if (!more) {
        caught_up_ = true;
        calls_.caught_up();
    }
    const bool too_soon = idle && clock_.ticks() - asked_at_ < kTooSoon;
    wait_and_poll(too_soon ? tuning_.lease / 3 : 0ms);
}

void TwinLink::fail(std::string why) {
    if (trouble_ != why) log_.warning("twin.trouble", {{"reason", why}});
    trouble_ = std::move(why);
    const milliseconds pause = kPauseFirst * (1U << std::min(failures_, 10U));
    ++failures_;
    wait_and_poll(std::min(pause, tuning_.lease / 3));
}

}  // namespace cbc
