// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/event_hub.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cbc/api/alert_view.h"
#include "cbc/api/peer_view.h"
#include "common/json/parse.h"

namespace cbc {

void EventHub::add(std::unique_ptr<http::Responder::EventStream> stream, std::optional<CbeName> only) {
    const nlohmann::json hello{{"server_time", base::to_rfc3339(desk_.now())}};
    if (!stream->send("hello", json::dump(hello))) return;
    listeners_.remove_if([](const Listener& listener) { return !listener.stream->open(); });
    listeners_.push_back({std::move(stream), std::move(only)});
}

size_t EventHub::listeners() const {
    return static_cast<size_t>(
        std::count_if(listeners_.begin(), listeners_.end(),
                      [](const Listener& listener) { return listener.stream->open(); }));
}

void EventHub::alert_changed(AlertId alert) {
    if (listeners_.empty()) return;
    alerts_.insert(alert);
    arm();
}

void EventHub::peer_changed(const std::string& name) {
    if (listeners_.empty()) return;
    peers_.insert(name);
    arm();
}

void EventHub::arm() {
    if (timer_ == nullptr) timer_ = timers_.after(std::chrono::milliseconds{100}, [this] { flush(); });
}

void EventHub::flush() {
    timer_.reset();
    std::vector<std::pair<std::string, std::string>> events;  // CBE (empty: everybody's), data
    for (const AlertId alert : std::exchange(alerts_, {}))
        if (const Warning* warning = desk_.centre().find(alert))
            events.emplace_back(warning->revision().cbe.value(), json::dump(summary_view(*warning)));
    const size_t alert_events = events.size();
    const auto changed = std::exchange(peers_, {});
    for (const PeerStatus& peer : desk_.peers())
        if (changed.contains(peer.profile.name.value()))
            events.emplace_back(std::string{}, json::dump(to_json(peer)));
    listeners_.remove_if([&](Listener& listener) {
        for (size_t i = 0; i < events.size(); ++i) {
            const auto& [cbe, data] = events[i];
            if (!cbe.empty() && listener.only && listener.only->value() != cbe) continue;
            // A reader that is too slow has been disconnected already; it is only forgotten here.
            if (!listener.stream->send(i < alert_events ? "alert" : "peer", data)) return true;
        }
        return !listener.stream->open();
    });
}

}  // namespace cbc
