// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/twin_pair.h"

#include <utility>

#include "cbc/store/warning_store.h"

namespace cbc {
namespace {

constexpr std::string_view kObject = "cbc/twin";
constexpr const char* kWriterSeries = "farol_cbc_peer_writer";

LeaseTuning tuning_of(const TwinConfig& config, const std::string& own) {
    return {.with_twin = config.present(),
            .preferred = own < config.certificate ? Preferred::kHere : Preferred::kTwin,
            .start_wait = config.start_wait};
}

}  // namespace

TwinPair::TwinPair(Parts parts, const TwinConfig& config, const std::string& own, Calls calls, logs::Log log)
    : parts_(parts),
      config_(config),
      calls_(std::move(calls)),
      log_(log),
      leases_(
          tuning_of(config, own), [this](const PeerName& peer) { return calls_.busy(peer); },
          parts.clock.ticks()),
      routes_({parts.timers, parts.centre, changes_, leases_}, config.certificate, config.lease),
      link_(parts.timers, parts.clock, {config.url, config.lease},
            {.call = calls_.call,
             .held = [this](AlertId alert) { return parts_.centre.held(alert); },
             .heard = [this](const TwinPage& page) { heard(page); },
             .heard_again =
                 [this](std::chrono::milliseconds lease) {
                     leases_.heard_again(lease, parts_.clock.ticks());
                     arm();
                 },
             .store = [this](std::vector<TwinAlert> alerts,
                             std::function<void(bool)> done) { store(std::move(alerts), std::move(done)); },
             .learn = [this](const TwinRecord& record) { learn(record); },
             .conflict = [this](AlertId alert) { conflict(alert); },
             .caught_up = [this] { apply(leases_.caught_up(parts_.clock.ticks())); }},
            log),
      up_(parts.metrics.gauge("farol_cbc_twin_up", "1 while the twin is heard")),
      taken_(parts.metrics.counter("farol_cbc_twin_alerts_total", "Alerts and stops that came from the twin",
                                   {{"result", "taken"}})),
      refused_(parts.metrics.counter("farol_cbc_twin_alerts_total",
                                     "Alerts and stops that came from the twin", {{"result", "refused"}})) {}

void TwinPair::add_to(http::Router& api) { routes_.add_to(api); }

void TwinPair::start() {
    parts_.centre.each([this](const Warning& warning) { changes_.note(warning.revision().id); });
    if (!config_.present()) return;
    link_.start();
    arm();
}

void TwinPair::stop() {
    stopped_ = true;
    tick_.reset();
    link_.stop();
    leases_.resign();
    routes_.drain();
}

void TwinPair::link_up(const PeerName& peer, Recovery recovery) {
    apply(leases_.link_up(peer, recovery, parts_.clock.ticks()));
}

void TwinPair::link_down(const PeerName& peer) { apply(leases_.link_down(peer, parts_.clock.ticks())); }

void TwinPair::peer_gone(const PeerName& peer) {
    const auto gauge = writes_.extract(peer);
    if (!gauge.empty()) parts_.metrics.remove(kWriterSeries, gauge.mapped());
}

void TwinPair::cbe_spoke() { apply(leases_.cbe_spoke(parts_.clock.ticks())); }

void TwinPair::alert_changed(AlertId alert) {
    if (!config_.present()) return;
    changes_.note(alert);
    routes_.changed();
}

void TwinPair::delivery_changed(const DeliveryKey& key) {
    if (!config_.present() || leases_.writer(key.peer) != Writer::kHere) return;
    changes_.note(key);
    routes_.changed_soon();
}

std::optional<std::string> TwinPair::writer(const PeerName& peer) const {
    if (!config_.present()) return std::nullopt;
    return std::string(to_string(leases_.writer(peer)));
}

// --- who writes ---

void TwinPair::apply(const LeaseChanges& changes) {
    if (stopped_) return;
    look_around();
    for (const LeaseChange& change : changes) apply(change);
    if (told_version_ != leases_.version()) routes_.changed();
    told_version_ = leases_.version();
    arm();
}

void TwinPair::apply(const LeaseChange& change) {
    Centre& centre = parts_.centre;
    const PeerName& peer = change.peer;
    switch (change.writer) {
        case Writer::kHere: {
            calls_.perform(centre.twin_left(peer, present()));
            // Whoever can be asked what is on the air is asked; to others it is written again.
            const bool asks = traits_of(centre.protocol_of(peer)).answers_status;
            const Recovery after_twin = asks ? Recovery::kDataAvailable : Recovery::kUnknown;
            calls_.perform(centre.peer_up(peer, change.recovery.value_or(after_twin), present()));
            break;
        }
        case Writer::kTwin:
            calls_.perform(centre.twin_writes(peer, present()));
            break;
        case Writer::kNobody:
            calls_.perform(centre.twin_left(peer, present()));
            calls_.perform(centre.peer_down(peer, present()));
            break;
    }
    if (!config_.present()) return;
    log_.notice("twin.writer", {{"peer", peer.value()}, {"writer", to_string(change.writer)}});
    show_writer(peer, change.writer);
    calls_.writer_changed(peer);
}

void TwinPair::show_writer(const PeerName& peer, Writer writer) {
    auto gauge = writes_.find(peer);
    if (gauge == writes_.end()) {
        if (!parts_.centre.knows(peer)) return;  // the twin has it yet, or has it already
        const auto series =
            parts_.metrics.gauge(kWriterSeries, "1 while this CBC, and not its twin, writes to the peer",
                                 {{"peer", peer.value()}});
        gauge = writes_.emplace(peer, series).first;
    }
    gauge->second.set(writer == Writer::kHere ? 1 : 0);
}

void TwinPair::look_around() {
    if (!config_.present()) return;
    if (!waited_ && leases_.waited_for()) {
        waited_ = true;
        log_.notice("twin.wait.over", {{"used", to_string(*leases_.waited_for())}});
    }
    const bool contact = leases_.in_contact();
    if (contact == contact_ && (contact || !waited_)) return;
    if (contact && !contact_) log_.notice("twin.up", {{"twin", config_.certificate}});
    if (!contact && contact_) {
        log_.warning("twin.down", {{"twin", config_.certificate}, {"reason", link_.trouble()}});
        link_.forget();
    }
    contact_ = contact;
    up_.set(contact ? 1 : 0);
    if (contact)
        parts_.alarms.clear(alarms::kTwinAway, std::string(kObject));
    else
        parts_.alarms.raise(alarms::kTwinAway, std::string(kObject), alarms::Severity::kMajor,
                            "no word from " + config_.certificate + "; this CBC does the whole job");
}

void TwinPair::tick() { apply(leases_.tick(parts_.clock.ticks())); }

void TwinPair::arm() {
    tick_.reset();
    const auto next = leases_.next();
    if (stopped_ || !next) return;
    const auto wait = std::max(*next - parts_.clock.ticks(), base::Ticks::duration{0});
    tick_ = parts_.timers.after(wait, [this] {
        const auto spent = std::move(tick_);
        tick();
    });
}

// --- what the twin says ---

void TwinPair::heard(const TwinPage& page) {
    apply(leases_.heard(page.sides, page.lease, parts_.clock.ticks()));
}

void TwinPair::conflict(AlertId alert) {
    refused_.add();
    log_.error("twin.conflict", {{"alert_id", alert.value().text()}});
}

bool TwinPair::is_good(const TwinAlert& alert) {
    // Over and forgotten here, or about to be.
    if (parts_.clock.now() >= alert.revision.content.schedule.end + kKeptAfterEnd) return false;
    const Held held = parts_.centre.held(alert.revision.id);
    if (held.revision != nullptr && held.revision->digest == alert.revision.digest)
        return true;  // a stop is new
    const auto admitted = admit(alert.revision, calls_.admission());
    if (admitted) return true;
    refused_.add();
    log_.error("twin.alert.refused", {{"alert_id", alert.revision.id.value().text()},
                                      {"code", code_of(admitted.error().why)},
                                      {"reason", admitted.error().text}});
    return false;
}

void TwinPair::store(std::vector<TwinAlert> alerts, std::function<void(bool)> done) {
    std::erase_if(alerts, [this](const TwinAlert& alert) { return !is_good(alert); });
    const auto count = static_cast<double>(alerts.size());
    calls_.store(std::move(alerts), [this, count, done = std::move(done)](bool stored) {
        if (stored) taken_.add(count);
        done(stored);
    });
}

void TwinPair::learn(const TwinRecord& record) {
    const auto decoded = decode_delivery(record.octets);
    if (!decoded)
        return log_.warning("twin.record.unreadable",
                            {{"peer", record.key.peer.value()}, {"reason", decoded.error().text}});
    const bool its_own =
        leases_.writer(record.key.peer) != Writer::kHere && leases_.twin_writes(record.key.peer);
    calls_.perform(parts_.centre.learned(record.key, *decoded,
                                         its_own ? Learning::kTakeOver : Learning::kWhatIsLeft, present()));
}

}  // namespace cbc
