// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/daemon.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cbc/api/site_routes.h"
#include "cbc/store/alert_json.h"
#include "cbc/store/warning_store.h"
#include "common/json/parse.h"

namespace cbc {
namespace {

std::vector<PeerProfile> profiles_of(const Config& config) {
    std::vector<PeerProfile> profiles;
    for (const CbspPeerConfig& peer : config.cbsp.peers) profiles.push_back(profile_of(peer));
    for (const SabpPeerConfig& peer : config.sabp.peers) profiles.push_back(profile_of(peer));
    for (const SbcapPeerConfig& peer : config.sbcap.peers) profiles.push_back(profile_of(peer));
    for (const N50PeerConfig& peer : config.n50.peers) profiles.push_back(profile_of(peer));
    return profiles;
}

constexpr std::chrono::seconds kAlarmPeriod{5};
// How long a peer that is configured no more may take to stop what it broadcasts.
constexpr std::chrono::seconds kLeavingPatience{60};

audit::Entry audit_of(std::string action, const CbeName& cbe, AlertId alert, base::Instant time,
                      const nlohmann::json& after) {
    return {.time = time,
            .actor = "cbe/" + cbe.value(),
            .action = std::move(action),
            .object = "alert/" + alert.value().text(),
            .before = {},
            .after = json::dump(after),
            .request_id = {}};
}

// Neither is ever durable without the other.
store::Change with_audit(store::Change change, audit::Entry entry) {
    return [change = std::move(change),
            entry = std::move(entry)](store::Transaction& txn) -> base::Result<void> {
        if (auto changed = change(txn); !changed) return changed;
        audit::append(txn, entry);
        return {};
    };
}

}  // namespace

Daemon::Daemon(frame::Frame& frame, const Config& config)
    : frame_(frame),
      config_(config),
      log_(frame.log()),
      cbes_(config.cbes),
      network_(config.cells, profiles_of(config)),
      centre_(network_, config.delivery),
      cbsp_metrics_(frame.metrics(), Protocol::kCbsp, kCbspProcedures),
      sabp_metrics_(frame.metrics(), Protocol::kSabp, kSabpProcedures),
      n50_metrics_(frame.metrics(), Protocol::kN50, kN50Procedures),
      unexpected_(frame.metrics().counter("farol_cbc_unexpected_events_total",
                                          "Events that a state machine has no row for")),
      routes_(frame.loop(), *this),
      tracer_(frame.loop(), frame.clock()),
      peer_routes_(frame.loop(), *this),
      ecbe_(frame.loop(), *this),
      cbsp_(frame.loop(), frame.clock(), cbsp_metrics_, config_.cbsp, *this, frame.log()),
      sabp_(frame.loop(), frame.clock(), sabp_metrics_, config_.sabp, network_, *this, frame.log()),
      sbcap_({frame.loop(), frame.clock(), frame.metrics(), *this, network_}, config_.sbcap, frame.log()),
      n50_({frame.loop(), frame.clock(), n50_metrics_, config_.n50, *this,
            [this](const Place& cell) { return network_.area_of(cell); }},
           frame.log()),
      groups_{&cbsp_, &sabp_, &sbcap_, &n50_},
      leaving_(frame.loop(),
               {.busy = [this](const PeerName& peer) { return centre_.is_up(peer) && centre_.held_at(peer); },
                .close = [this](const PeerName& peer) { close_peer(peer); }},
               kLeavingPatience),
      alarms_(frame.alarms(), centre_),
      air_metrics_(frame.metrics(), centre_, frame.clock()),
      configured_(peers_of(config)),
      site_{config.cells_path, config.cells_changed, frame.clock().now()},
      exchanges_(frame.loop(), frame.clock(),
                 [this](std::vector<audit::Entry> entries) { write_exchanges(std::move(entries)); }),
      saver_(frame.store(), saver_calls()),
      twin_({frame.loop(), frame.clock(), centre_, frame.alarms(), frame.metrics()}, config.twin,
            own_uri(config), twin_calls(), frame.log()) {
    if (config.twin.present()) twin_client_.emplace(frame.loop(), files_for_twin(config));
    routes_.add_to(frame_.api(), frame_.control());
    peer_routes_.add_to(frame_.api(), frame_.control());
    for (http::Router* router : {&frame_.api(), &frame_.control()}) add_site_routes(*router, *this);
    if (config.twin.present()) twin_.add_to(frame_.api());
    ecbe_.add_to(ecbe_router_);
    add_metrics();
}

Daemon::~Daemon() = default;

// --- life ---

base::Result<void> Daemon::start() {
    follow_store();
    if (auto restored = restore(); !restored) return restored;
    if (config_.twin.present() && own_uri(config_) == config_.twin.certificate)
        return base::invalid("twin.certificate is this CBC's own; it must be that of the other one");
    twin_.start();
    for (PeerGroup* group : groups_)
        if (auto started = group->start(); !started) return started;
    if (const auto& bound = cbsp_.bound()) frame_.announce("cbsp", {bound->host, bound->port});
    if (const auto& bound = sabp_.bound()) frame_.announce("sabp", {bound->host, bound->port});
    if (const auto& bound = sbcap_.bound()) frame_.announce("sbcap", {bound->host, bound->port});
    if (const auto& bound = n50_.bound()) frame_.announce("n50", {bound->host, bound->port});
    if (config_.ecbe)
        if (auto served = frame_.serve_plain("ecbe", *config_.ecbe, ecbe_router_); !served) return served;
    watch_peers();
    arm_tick();
    alarm_timer_ = frame_.loop().every(kAlarmPeriod, [this] {
        alarms_.look_at_peers(peers());
        alarms_.look_at_alerts(now());
        alarms_.look_at_cells(site_.changed, now());
    });
    return {};
}

base::Result<void> Daemon::restore() {
    const auto reader = frame_.store().read();
    auto alerts = load_alerts(*reader);
    if (!alerts) return alerts.error();
    for (StoredAlert& alert : *alerts)
        perform(centre_.restored(std::move(alert.revision), std::move(alert.stop),
                                 std::move(alert.deliveries), present(), std::move(alert.targets)));
    if (!alerts->empty()) log_.notice("cbc.restored", {{"alerts", alerts->size()}});
    return {};
}

// The centre learns of alerts from what was committed, not from those who asked: an outcome that was answered
// as unknown and did happen goes on the air all the same.
void Daemon::follow_store() {
    frame_.store().on_applied(kAlertTable, [this](std::string_view, const std::optional<std::string>& value) {
        if (!value || stopping_) return;
        auto revision = decode_alert(*value);
        if (!revision) return log_.error("cbc.record.unreadable", {{"reason", revision.error().text}});
        const AlertId alert = revision->id;
        // Stopped in the same breath: it comes from the twin, and is never written.
        if (auto stop = stored_stop(*frame_.store().read(), alert))
            perform(centre_.received_stopped(std::move(*revision), std::move(*stop), present()));
        else
            receive(std::move(*revision));
        twin_.alert_changed(alert);
        arm_tick();
    });
    frame_.store().on_applied(kStopTable, [this](std::string_view, const std::optional<std::string>& value) {
        if (!value || stopping_) return;
        auto stop = decode_stop(*value);
        if (!stop) return log_.error("cbc.record.unreadable", {{"reason", stop.error().text}});
        const AlertId alert = stop->id;
        perform(centre_.stopped(std::move(*stop), present()));
        twin_.alert_changed(alert);
        arm_tick();
    });
}

void Daemon::receive(AlertRevision revision) {
    const AlertId alert = revision.id;
    auto chosen = chosen_for(revision);
    const bool chosen_now = !chosen;  // it comes from the twin, or its cells could not be read
    perform(centre_.received(std::move(revision), present(), std::move(chosen)));
    const Warning* warning = centre_.find(alert);
    if (!chosen_now || warning == nullptr) return;
    for (store::Change& part :
         put_targets(alert, warning->revision().revision, encode_targets(warning->targets())))
        frame_.store().submit(std::move(part), [this](const store::Done& done) {
            if (done.outcome != store::Outcome::kOk)
                log_.warning("cbc.delivery.not_saved", {{"reason", done.error.text}});
        });
}

// Those of who asked here are at hand; none: they are to be chosen now.
std::optional<Targets> Daemon::chosen_for(const AlertRevision& revision) {
    if (auto found = chosen_.extract({revision.id, revision.revision})) return std::move(found.mapped());
    auto loaded = load_targets(*frame_.store().read(), revision.id, revision.revision);
    if (loaded) return std::move(*loaded);
    log_.error("cbc.record.unreadable", {{"reason", loaded.error().text}});
    return std::nullopt;
}

void Daemon::drain(std::function<void()> drained) {
    stopping_ = true;
    twin_.stop();
    tick_.reset();
    alarm_timer_.reset();
    routes_.drain();
    peer_routes_.drain();
    ecbe_.drain();
    tracer_.stop();
    leaving_.stop();
    exchanges_.flush();
    saver_.stop();
    for (PeerGroup* group : groups_) group->stop();
    drained();
}

base::Result<void> Daemon::reload(const Config& fresh) {
    cbes_ = fresh.cbes;
    site_ = {fresh.cells_path, fresh.cells_changed, now()};
    reload_cells(fresh);
    if (peers_of(fresh) != configured_) reload_peers(fresh);
    return {};
}

void Daemon::reload_cells(const Config& fresh) {
    const CellTableChanges changes = changes_between(network_.cells(), fresh.cells);
    if (changes.added + changes.gone + changes.changed == 0) return;
    network_.replace_cells(fresh.cells);
    sabp_.cells_replaced();
    log_.notice("cells.replaced", {{"cells", network_.cells().rows().size()},
                                   {"added", changes.added},
                                   {"gone", changes.gone},
                                   {"changed", changes.changed}});
}

Daemon::Configured Daemon::peers_of(const Config& config) {
    return {config.cbsp.peers, config.sabp.peers, config.sbcap.peers, config.n50.peers};
}

void Daemon::reload_peers(const Config& fresh) {
    configured_ = peers_of(fresh);
    auto gone = cbsp_.reload(configured_.cbsp);
    for (auto& more :
         {sabp_.reload(configured_.sabp), sbcap_.reload(configured_.sbcap), n50_.reload(configured_.n50)})
        gone.insert(gone.end(), more.begin(), more.end());
    std::vector<PeerProfile> profiles;
    for (PeerStatus& peer : peers()) {
        if (peer.leaving) continue;
        leaving_.stays(peer.profile.name);
        profiles.push_back(std::move(peer.profile));
    }
    network_.replace_peers(profiles);
    sabp_.cells_replaced();
    log_.notice("cbc.peers.replaced", {{"peers", profiles.size()}, {"leaving", gone.size()}});
    // Those that come get what is live there, and those that leave are asked to stop it.
    perform(centre_.network_changed(present()));
    for (const PeerName& peer : gone) leaving_.add(peer);
    watch_peers();
    arm_tick();
}

void Daemon::close_peer(const PeerName& peer) {
    const bool held = centre_.held_at(peer);
    for (PeerGroup* group : groups_) group->drop(peer);
    perform(centre_.peer_gone(peer, present()));
    alarms_.peer_removed(peer);
    twin_.peer_gone(peer);
    if (held)
        log_.warning("cbc.peer.left", {{"peer", peer.value()}, {"reason", "it may broadcast something yet"}});
    else
        log_.notice("cbc.peer.left", {{"peer", peer.value()}});
    routes_.peer_changed(peer.value());
    peer_routes_.peer_changed(peer);
    watch_peers();
}

// One timer for everything that waits for a time; it may come early, never late.
void Daemon::arm_tick() {
    const Now now = present();
    const base::Ticks due = now.ticks + centre_.until_next(now);
    if (tick_ != nullptr && tick_due_ <= due) return;
    tick_due_ = due;
    tick_ = frame_.loop().after(due - now.ticks, [this] {
        const auto spent = std::move(tick_);
        perform(centre_.tick(present()));
        arm_tick();
    });
}

// --- effects ---

void Daemon::perform(Effects effects) {
    for (const Effect& effect : effects) perform(effect);
}

void Daemon::perform(const Effect& effect) {
    if (const auto* send = std::get_if<SendToPeer>(&effect)) {
        send_to(send->key, send->request);
    } else if (const auto* record = std::get_if<PersistDelivery>(&effect)) {
        saver_.changed(record->key);
        twin_.delivery_changed(record->key);
    } else if (const auto* changed = std::get_if<AlertChanged>(&effect)) {
        routes_.alert_changed(changed->alert);
        ecbe_.alert_changed(changed->alert);
    } else if (const auto* forgotten = std::get_if<ForgetAlert>(&effect)) {
        twin_.alert_forgotten(forgotten->alert);
        saver_.alert_forgotten(forgotten->alert);
        frame_.store().submit(
            forget_alert(forgotten->alert),
            [this](const store::Done& done) {
                // At the next start it is read again, found over, and forgotten again.
                if (done.outcome != store::Outcome::kOk)
                    log_.warning("cbc.forget.failed", {{"reason", done.error.text}});
            },
            store::Urgency::kBulk);
    } else if (const auto* odd = std::get_if<Unexpected>(&effect)) {
        unexpected_.add();
        log_.warning("cbc.fsm.unexpected",
                     {{"machine", odd->machine}, {"state", odd->state}, {"event", odd->event}});
    }
}

void Daemon::send_to(const DeliveryKey& key, const PeerRequest& request) {
    exchanges_.asked(key, request);
    for (PeerGroup* group : groups_)
        if (group->has(key.peer)) return group->send(key, request);
}

void Daemon::write_exchanges(std::vector<audit::Entry> entries) {
    frame_.node_store().submit(
        [entries = std::move(entries)](store::Transaction& txn) -> base::Result<void> {
            for (const audit::Entry& entry : entries) audit::append(txn, entry);
            return {};
        },
        [this](const store::Done& done) {
            if (done.outcome != store::Outcome::kOk)
                log_.error("cbc.exchanges.not_saved", {{"reason", done.error.text}});
        },
        store::Urgency::kBulk);
}

DeliverySaver::Calls Daemon::saver_calls() {
    return {.find = [this](const DeliveryKey& key) -> const DeliveryRecord* {
                const Warning* warning = centre_.find(key.alert);
                if (warning == nullptr) return nullptr;
                const auto delivery = warning->deliveries().find(key);
                return delivery == warning->deliveries().end() ? nullptr : &delivery->second.record();
            },
            .failed =
                [this](const base::Error& error) {
                    log_.warning("cbc.delivery.not_saved", {{"reason", error.text}});
                },
            .later = [this](std::function<void()> save) { frame_.loop().post(std::move(save)); }};
}

// --- Desk ---

std::vector<PeerStatus> Daemon::peers() const {
    std::vector<PeerStatus> all;
    for (const PeerGroup* group : groups_) {
        auto some = group->status();
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    for (PeerStatus& peer : all) peer.writer = twin_.writer(peer.profile.name);
    std::sort(all.begin(), all.end(),
              [](const PeerStatus& a, const PeerStatus& b) { return a.profile.name < b.profile.name; });
    return all;
}

void Daemon::commit(const AlertRevision& revision, KeptTargets chosen, store::OnDone done) {
    twin_.cbe_spoke();
    const auto entry = audit_of("alert.send", revision.cbe, revision.id, revision.received,
                                {{"revision", revision.revision.value()},
                                 {"digest", revision.digest.value()},
                                 {"decisions", to_json(revision.decisions)}});
    auto changes = put_alert(revision, std::move(chosen.rows));
    for (size_t part = 0; part + 1 < changes.size(); ++part)
        frame_.store().submit(std::move(changes[part]), [](const store::Done&) {});  // the last one looks
    const std::pair key{revision.id, revision.revision};
    chosen_.insert_or_assign(key, std::move(chosen.targets));
    frame_.store().submit(with_audit(std::move(changes.back()), entry),
                          [this, key, revision, done = std::move(done)](const store::Done& outcome) {
                              chosen_.erase(key);
                              if (outcome.outcome == store::Outcome::kOk) alarms_.live_alert_sent(revision);
                              done(outcome);
                          });
}

void Daemon::commit(const Tombstone& stop, store::OnDone done) {
    twin_.cbe_spoke();
    const auto entry = audit_of("alert.stop", stop.stopped_by, stop.id, stop.at,
                                {{"seen", stop.seen.value()}, {"decisions", to_json(stop.decisions)}});
    frame_.store().submit(with_audit(put_stop(stop), entry), std::move(done));
}

// What was done is in the audit by its own transaction; what was refused is written here.
void Daemon::audit(AuditEntry entry) {
    if (entry.outcome == "done")
        return log_.notice(entry.action, {{"alert_id", entry.alert}, {"actor", entry.actor}});
    log_.warning(entry.action + ".refused", {{"alert_id", entry.alert},
                                             {"actor", entry.actor},
                                             {"code", entry.outcome},
                                             {"reason", entry.detail}});
    alarms_.cbe_refused(entry);
    frame_.audit({.time = now(),
                  .actor = entry.actor,
                  .action = entry.action + ".refused",
                  .object = "alert/" + entry.alert,
                  .before = {},
                  .after = entry.outcome,
                  .request_id = {}},
                 [] {});
}

void Daemon::audit_operation(const http::Request& request, std::string action, std::string object,
                             std::string after) {
    audit::Entry entry = frame_.audit_entry(request, std::move(action), std::move(object), std::move(after));
    if (!request.peer.certificate_uri.empty()) entry.actor = request.peer.certificate_uri;
    frame_.audit(entry, [] {});
}

TestStart Daemon::test_peer(const PeerName& peer) {
    for (PeerGroup* group : groups_)
        if (group->has(peer)) return group->test(peer);
    return TestStart::kNotReady;
}

// --- LinkOwner ---

LiveWarnings Daemon::live_at(const PeerName& peer) {
    // What the twin has live there we may not know.
    return centre_.live_at(peer) || !twin_.may_wipe(peer) ? LiveWarnings::kSome : LiveWarnings::kNone;
}

void Daemon::peer_wiped(const PeerName& peer) { perform(centre_.peer_wiped(peer, present())); }

void Daemon::peer_up(const PeerName& peer, Recovery recovery) {
    twin_.link_up(peer, recovery);
    arm_tick();
}

void Daemon::peer_down(const PeerName& peer) {
    exchanges_.link_lost(peer);
    twin_.link_down(peer);
    leaving_.look();
}

void Daemon::cells_restarted(const PeerName& peer, const std::vector<PlacePattern>& cells, Recovery recovery,
                             const std::optional<RadioNode>& node) {
    perform(centre_.cells_restarted(peer, cells, recovery, node, present()));
}

void Daemon::reported(const PeerName& peer, const Report& report) {
    perform(centre_.reported(peer, report, present()));
    arm_tick();
}

void Daemon::peer_joined(const PeerProfile& peer) {
    network_.join(peer);
    perform(centre_.network_changed(present()));
}

void Daemon::cells_failed(const PeerName& peer, const std::vector<CellFailure>& cells) {
    perform(centre_.cells_failed(peer, cells, present()));
}

void Daemon::kind_restarted(const PeerName& peer, MessageKind kind, const std::vector<PlacePattern>& cells,
                            Recovery recovery) {
    perform(centre_.cells_restarted(peer, cells, recovery, std::nullopt, present(), kind));
}

void Daemon::kind_failed(const PeerName& peer, MessageKind kind, const std::vector<CellFailure>& cells) {
    perform(centre_.cells_failed(peer, cells, present(), kind));
}

void Daemon::answered(const DeliveryKey& key, const PeerAnswer& answer) {
    exchanges_.answered(key, answer);
    perform(centre_.answered(key, answer, present()));
    leaving_.look();
    arm_tick();
}

void Daemon::timed_out(const DeliveryKey& key) {
    exchanges_.timed_out(key);
    perform(centre_.timed_out(key, present()));
    arm_tick();
}

void Daemon::link_changed(const PeerName& peer) {
    routes_.peer_changed(peer.value());
    peer_routes_.peer_changed(peer);
    watch_peers();
}

void Daemon::watch_peers() {
    std::string down;
    for (const PeerStatus& peer : peers()) {
        if (peer.leaving) continue;
        if (!peer.ready) down += (down.empty() ? "" : ", ") + peer.profile.name.value();
        alarms_.look_at_test(peer);
    }
    if (down.empty())
        frame_.health().set("peers", frame::Status::kOk);
    else
        frame_.health().set("peers", frame::Status::kDegraded, "not connected: " + down + "; see GET /peers");
}

void Daemon::add_metrics() {
    const auto streams = frame_.metrics().gauge("farol_cbc_sse_clients", "Open event streams");
    frame_.metrics().before_text(
        [this, streams] { streams.set(static_cast<double>(routes_.event_listeners())); });
}

}  // namespace cbc
