// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What every daemon stands on: loop, clock, log, metrics, health, worker pool, store, HTTPS API and control
// socket, signals, systemd. README.md shows a daemon's main() and what it must write itself.
//
//     open() ──▶ the daemon is made, adds its routes ──▶ run(): start() of the daemon, the cluster if one is
//     configured, listeners, READY
//       SIGHUP: the whole configuration is read again, checked, and applied or refused
//       SIGTERM, SIGINT: unready, hand leadership over, stop accepting, drain, close the store, exit 0
//
// A voter (cluster.role) has neither start() nor listeners, only the log, the store and the control socket.
//
// Everything here lives on the loop's thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/alarm/alarm.h"
#include "common/audit/audit.h"
#include "common/frame/args.h"
#include "common/frame/capacity.h"
#include "common/frame/clock_watch.h"
#include "common/frame/cluster.h"
#include "common/frame/cluster_watch.h"
#include "common/frame/configuration.h"
#include "common/frame/health.h"
#include "common/frame/runtime_dir.h"
#include "common/frame/self_check.h"
#include "common/frame/settings.h"
#include "common/frame/yield.h"
#include "common/http/router.h"
#include "common/loop/work_pool.h"
#include "common/store/delaying_store.h"
#include "common/store/lmdb_store.h"

namespace frame {

// What a daemon does beyond the frame.
class Application {
 public:
    virtual ~Application() = default;
    // Reads its state from the store, opens its links and listeners. READY follows.
    virtual base::Result<void> start() = 0;
    // Stops its links and settles what is in flight; calls `drained` once, when nothing is left. The HTTP
    // servers drain beside it. When run() has returned the store is closed: destructors must not use it.
    virtual void drain(std::function<void()> drained) = 0;
    // Whether changes may succeed on this node: said once after start(), and at each change of it.
    // Dispatchers of effects and timers that write work on the node that leads only; store::Outbox sees to it
    // by itself. A single machine leads always.
    virtual void on_leadership(bool leads) { (void)leads; }
};

struct ReloadReport {
    enum class Outcome { kApplied, kRefused };
    Outcome outcome;
    std::vector<std::string> lines;  // what changed, or every reason why not
};

class Frame {
 public:
    // Makes the folders, opens the store. Nothing listens yet.
    static base::Result<std::unique_ptr<Frame>> open(const Program& program, const Args& args,
                                                     const Settings& settings);
    ~Frame();
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    loop::Loop& loop() { return *loop_; }
    const base::Clock& clock() const { return clock_; }
    const logs::Log& log() const { return log_; }
    logs::Sink& sink() { return *sink_; }
    metrics::Registry& metrics() { return metrics_; }
    Health& health() { return health_; }
    loop::WorkPool& workers() { return *workers_; }
    // What the daemon's own state goes through.
    store::Store& store() { return delaying_ ? static_cast<store::Store&>(*delaying_) : *store_; }
    // What concerns this node alone: its alarms, and who did what on its control socket. The store itself,
    // but on a node of a cluster one of its own, because these are written when no node leads, too.
    store::Store& node_store() { return node_store_ ? *node_store_ : *store_; }
    alarms::Alarms& alarms() { return *alarms_; }
    // Files named by their hash, outside the store; a cluster's nodes fetch them from each other.
    const store::Blobs& blobs() const { return *blobs_; }

    // The cluster, from start() of the daemon on; null without one in the configuration.
    Cluster* cluster() { return cluster_.get(); }
    ClusterVerdict cluster_verdict() const;
    // How far what is read here may lie behind the cluster: 0 on the leader and on a single machine; nothing
    // when it is not known.
    std::optional<std::chrono::milliseconds> read_age() const;

    // Whether this machine's clock follows a source of time; nothing: not known.
    std::optional<bool> clock_synchronised() const {
        return clock_watch_ ? clock_watch_->synchronised() : std::nullopt;
    }

    // Writes an audit record in a transaction of its own: for what changes nothing in the store. `then` is
    // called when it is durable, or has been logged as an error. Changes of the store call audit::append() in
    // their own transaction.
    void audit(const audit::Entry& entry, std::function<void()> then);
    // What a caller of the control socket did.
    audit::Entry audit_entry(const http::Request& request, std::string action, std::string object,
                             std::string after) const;

    // The routes of the HTTPS API and of the control socket. Those of the frame are there already.
    http::Router& api() { return api_; }
    http::Router& control() { return control_; }

    // Another HTTPS listener, in start() or later. `router` outlives the frame. It listens on the sockets of
    // that name from systemd if there are any.
    base::Result<void> serve(const std::string& name, const ApiSettings& settings,
                             const http::Router& router);
    // The same without TLS, so nobody has a role: for loopback, or where something else keeps strangers away.
    base::Result<void> serve_plain(const std::string& name, const PlainSettings& settings,
                                   const http::Router& router);
    // A listener of the daemon's own, for listeners.json.
    void announce(const std::string& name, const http::Bound& bound);

    // What a reload does with a whole, valid, new configuration. Only keys under `keys` (and the frame's own)
    // may differ; for others the reload is refused with the sentence that they need a restart. `apply` comes
    // when everything else is known to be good, and may refuse before it changes anything: a reload is
    // applied as a whole or not at all.
    template <class Config>
    void on_reload(const Loaded<Config>& current, std::vector<std::string> keys,
                   std::function<base::Result<void>(const Config&)> apply) {
        values_ = current.values;
        reload_ = [this, keys = std::move(keys), apply = std::move(apply)] {
            auto loaded = load<Config>(program_, args_);
            if (!loaded) return refuse(loaded.error());
            return swap(loaded->values, keys, loaded->config.frame, [&] { return apply(loaded->config); });
        };
    }
    ReloadReport reload();

    // Until SIGTERM or SIGINT. The answer is the exit code.
    int run(Application& application);

    const Program& program() const { return program_; }
    const Args& args() const { return args_; }
    const Settings& settings() const { return settings_; }
    const Listeners& listeners() const { return listeners_; }
    // Those of the configuration and the command line, without what was lent at run time.
    logs::Levels configured_levels() const;
    base::Instant started_at() const { return started_at_; }

 private:
    struct Listener;  // an http::Server, its TLS context and where they come from
    struct Renewal;   // a listener's certificates, read again and not yet in use

    Frame(Program program, Args args, Settings settings);
    base::Result<void> open_store();
    base::Result<void> open_node_store();
    base::Result<void> start(Application& application);
    base::Result<void> start_cluster();
    base::Result<void> start_listeners();
    base::Result<void> open_listener(const std::string& name, const http::Listen& where,
                                     const http::Limits& limits, const http::Router& router,
                                     std::unique_ptr<Listener> listener);
    void watch_cluster();
    void yield_when_full();
    void watch_leadership(Application& application);
    bool serves() const;  // not a voter
    void watch_signals(Application& application);
    void watch_health();
    void add_metrics();
    void count_requests(http::Server& server, const http::Router& router);
    metrics::Counter requests_of(std::string_view route, std::string_view method, int code_class);
    metrics::Histogram durations_of(std::string_view route);
    void add_store_metrics();
    void watch_capacity();
    void add_alarm_metrics();
    void note_certificate(const std::string& name, const tls::Files& files);
    void watch_certificates();
    void drain(Application& application);
    void drain_service(Application& application);
    void finish();

    ReloadReport refuse(const Problems& problems);
    ReloadReport refuse(std::vector<std::string> lines);
    ReloadReport swap(const config::Flat& values, const std::vector<std::string>& keys,
                      const Settings& settings, const std::function<base::Result<void>()>& apply);
    base::Result<std::vector<Renewal>> prepare_certificates(const Settings& settings) const;
    void renew(std::vector<Renewal> prepared);
    void renew_cluster();

    const Program program_;
    const Args args_;
    Settings settings_;
    base::SystemClock clock_;
    const base::Instant started_at_;
    std::shared_ptr<logs::Sink> sink_;
    logs::Log log_;
    metrics::Registry metrics_;
    Health health_;
    base::Fd state_lock_;
    std::multimap<std::string, base::Fd> passed_sockets_;
    std::unique_ptr<loop::Loop> loop_;
    std::unique_ptr<loop::WorkPool> workers_;
    std::unique_ptr<store::LmdbStore> store_;
    std::unique_ptr<store::DelayingStore> delaying_;  // in front of store_, in tests only
    std::unique_ptr<store::LmdbStore> node_store_;    // on a node of a cluster
    std::optional<store::Blobs> blobs_;
    std::unique_ptr<alarms::Alarms> alarms_;
    std::unique_ptr<Cluster> cluster_;
    std::unique_ptr<ClusterWatch> cluster_watch_;
    Yield yield_;
    http::Router api_;
    http::Router control_;
    std::map<std::string, std::unique_ptr<Listener>> servers_;
    Listeners listeners_;
    std::map<std::string, base::Instant> certificate_ends_;  // by listener
    config::Flat values_;
    std::function<ReloadReport()> reload_;
    std::unique_ptr<SelfCheck> self_check_;
    std::unique_ptr<Capacity> capacity_;
    std::unique_ptr<ClockWatch> clock_watch_;
    std::vector<loop::HandlePtr> handles_;
    std::string status_;  // what systemd was told last
    bool serving_ = false;
    bool draining_ = false;
    int exit_code_ = 0;
};

}  // namespace frame
