// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/event_hub.h"

#include "cbe/api/alert_view.h"
#include "cbe/store/alert_record.h"
#include "common/json/parse.h"

namespace cbe {

using namespace std::chrono_literals;

namespace {

constexpr size_t kMostStreams = 2000;

}  // namespace

EventHub::EventHub(Gate& gate, http::Router& router) : gate_(gate) {
    router.add(gate.read("/api/v1/events", Permission::kView,
                         [this](const http::Request&, const Caller& caller, http::ResponderPtr responder) {
                             open(caller, std::move(responder));
                         }));
    ticking_ = gate.context().timers.every(5s, [this] { tick(); });
}

void EventHub::open(const Caller& caller, http::ResponderPtr responder) {
    if (streams_.size() >= kMostStreams)
        return responder->respond(
            http::Response::problem(503, "busy", "Too many pages are open. Try again in a moment.")
                .with_header("Retry-After", "5"));
    auto stream = responder->stream();
    if (!stream) return;
    stream->send("network", json::dump(json_of(gate_.context().network())));
    streams_.push_back({caller.token, std::move(stream)});
}

void EventHub::alert_changed(const AlertId& id) {
    changed_.insert(id);
    gather();
}

void EventHub::network_changed() {
    network_changed_ = true;
    gather();
}

void EventHub::gather() {
    if (!gathering_) gathering_ = gate_.context().timers.after(100ms, [this] { flush(); });
}

void EventHub::flush() {
    gathering_.reset();
    const Context& context = gate_.context();
    const auto reader = context.store.read();
    for (const AlertId& id : changed_)
        if (const auto alert = find_alert(*reader, id))
            send("alert", json::dump(summary_of(*alert, *reader, context)));
    if (network_changed_) send("network", json::dump(json_of(context.network())));
    changed_.clear();
    network_changed_ = false;
}

void EventHub::tick() {
    std::erase_if(streams_, [this](const Stream& one) { return !gate_.sessions().find(one.token); });
    send("tick", json::dump({{"server_time", base::to_rfc3339(gate_.context().now())}}));
}

void EventHub::send(std::string_view event, const std::string& data) {
    std::erase_if(streams_,
                  [&](const Stream& one) { return !one.stream->open() || !one.stream->send(event, data); });
}

void EventHub::close_all() { streams_.clear(); }

}  // namespace cbe
