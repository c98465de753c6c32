// SPDX-License-Identifier: AGPL-3.0-or-later
//
// This CBC as one of two: who writes to which peer, what the twin is told, and what is taken from it. Without
// a twin in the configuration whoever has a link is written to, at once.
//
//     net/ links ── link_up, link_down ──▶ Leases ── who writes ──▶ Centre (peer_up, peer_down, twin_writes)
//     the twin ◀── TwinRoutes ◀── ChangeLog ◀── what was stored, what peers answered
//     the twin ──▶ TwinLink ── alerts ──▶ store;  records ──▶ Centre
//
// On the loop's thread. cbc/README.md, "Twins", says what an operator sees.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "cbc/twin/twin_config.h"
#include "cbc/twin/twin_link.h"
#include "cbc/twin/twin_routes.h"
#include "common/alarm/alarm.h"
#include "common/metrics/metrics.h"

namespace cbc {

class TwinPair {
 public:
    struct Parts {  // all outlive it
        loop::Timers& timers;
        const base::Clock& clock;
        Centre& centre;
        alarms::Alarms& alarms;
        metrics::Registry& metrics;
    };
    struct Calls {
        TwinLink::Call call;
        std::function<void(Effects)> perform;
        std::function<bool(const PeerName&)> busy;  // requests wait there for their answer
        std::function<AdmissionContext()> admission;
        // Durable first; `done` is called later.
        std::function<void(std::vector<TwinAlert>, std::function<void(bool stored)> done)> store;
        std::function<void(const PeerName&)> writer_changed;
    };
    // `own`: our certificate's URI; the lesser of the two is preferred.
    TwinPair(Parts parts, const TwinConfig& config, const std::string& own, Calls calls, logs::Log log);

    void add_to(http::Router& api);
    void start();  // follows the twin; every alert that the centre has is known
    void stop();   // and leaves the peers to it

    void link_up(const PeerName& peer, Recovery recovery);
    void link_down(const PeerName& peer);
    void peer_gone(const PeerName& peer);  // it is no peer any more; after link_down()
    void alert_changed(AlertId alert);
    void alert_forgotten(AlertId alert) { changes_.forget(alert); }
    void delivery_changed(const DeliveryKey& key);
    void cbe_spoke();  // no need to wait for the twin

    bool may_wipe(const PeerName& peer) const { return leases_.may_wipe(peer); }
    // None: there is no twin.
    std::optional<std::string> writer(const PeerName& peer) const;

 private:
    void apply(const LeaseChanges& changes);
    void apply(const LeaseChange& change);
    void heard(const TwinPage& page);
    void store(std::vector<TwinAlert> alerts, std::function<void(bool)> done);
    void learn(const TwinRecord& record);
    bool is_good(const TwinAlert& alert);
    void conflict(AlertId alert);
    void show_writer(const PeerName& peer, Writer writer);
    void look_around();
    void tick();
    void arm();
    Now present() const { return now_of(parts_.clock); }

    Parts parts_;
    const TwinConfig config_;
    Calls calls_;
    logs::Log log_;
    Leases leases_;
    ChangeLog changes_;
    TwinRoutes routes_;
    TwinLink link_;
    bool contact_ = false;  // as told last
    bool waited_ = false;
    bool stopped_ = false;
    uint64_t told_version_ = 0;
    loop::HandlePtr tick_;
    metrics::Gauge up_;
    metrics::Counter taken_;
    metrics::Counter refused_;
    std::map<PeerName, metrics::Gauge> writes_;
};

}  // namespace cbc
