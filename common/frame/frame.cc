// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/frame.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "common/frame/notify.h"
#include "common/frame/routes.h"
#include "common/frame/version.h"
#include "common/tls/authority.h"

using namespace std::chrono_literals;

namespace frame {
namespace {

// Without a watchdog the self-check still runs, for /readyz.
constexpr std::chrono::microseconds kSelfCheckPeriod = 5s;
constexpr auto kCapacityPeriod = 5s;
constexpr size_t kBlobOctetsMax = size_t{64} << 20;

logs::SinkOptions sink_options(const Program& program, const Args& args, const Settings& settings) {
    return {.daemon = program.daemon, .format = args.log_format.value_or(settings.log_format)};
}

double seconds_since_1970(base::Instant instant) {
    return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

}  // namespace

struct Frame::Listener {
    std::unique_ptr<http::Server> server;
    tls::Files files;                         // none for the control socket
    std::shared_ptr<tls::ServerContext> tls;  // shared with the server; none for the control socket
};

struct Frame::Renewal {
    std::string name;
    Listener* listener;  // lives as long as the frame serves
    tls::Files files;
    tls::ServerContext::Prepared context;
};

Frame::Frame(Program program, Args args, Settings settings)
    : program_(std::move(program)),
      args_(std::move(args)),
      settings_(std::move(settings)),
      started_at_(clock_.now()),
      sink_(std::make_shared<logs::Sink>(sink_options(program_, args_, settings_), clock_)),
      log_(sink_),
      health_(clock_) {
    sink_->set_levels(configured_levels());
}

Frame::~Frame() = default;

logs::Levels Frame::configured_levels() const {
    logs::Levels levels = settings_.log_levels;
    if (args_.log_level) levels.standard = *args_.log_level;
    return levels;
}

base::Result<std::unique_ptr<Frame>> Frame::open(const Program& program, const Args& args,
                                                 const Settings& settings) {
    std::unique_ptr<Frame> frame{new Frame(program, args, settings)};
    std::signal(SIGPIPE, SIG_IGN);
    frame->passed_sockets_ = notify::take_sockets();
    if (auto made = make_folder(args.runtime, 0750); !made) return made.error();
    if (auto made = make_folder(args.state, 0700); !made) return made.error();
    auto lock = lock_state(args.state);
    if (!lock) return lock.error();
    frame->state_lock_ = std::move(*lock);
    auto loop = loop::Loop::create();
    if (!loop) return loop.error();
    frame->loop_ = std::move(*loop);
    frame->workers_ =
        std::make_unique<loop::WorkPool>(*frame->loop_, settings.workers, settings.worker_queue);
    if (auto opened = frame->open_store(); !opened) return opened.error();
    auto blobs = store::Blobs::open(args.state + "/blobs", kBlobOctetsMax);
    if (!blobs) return blobs.error();
    frame->blobs_ = std::move(*blobs);
    if (settings.cluster.wanted)
        if (auto opened = frame->open_node_store(); !opened) return opened.error();
    frame->alarms_ = std::make_unique<alarms::Alarms>(
        alarms::Alarms::Parts{frame->node_store(), *frame->loop_, frame->clock_}, frame->log_);
    frame->add_metrics();
    frame->add_store_metrics();
    frame->add_alarm_metrics();
    add_routes(*frame);
    return frame;
}

base::Result<void> Frame::open_store() {
    store::StoreConfig config;
    config.directory = args_.state + "/store";
    config.schema_level = program_.schema_level;
    config.quota.bytes = settings_.store_quota;
    config.quota.reserve = settings_.store_reserve;
    config.quota.essential_tables = program_.essential_tables;
    for (const std::string_view table : {alarms::Alarms::kTable, audit::kTable, audit::kHeadTable})
        config.quota.essential_tables.emplace_back(table);
    config.may_be_member = settings_.cluster.wanted;
    config.on_stalled = [this](const std::optional<base::Error>& error) {
        const std::string object = program_.daemon + "/store/apply";
        if (!error) return alarms_->clear(alarms::kStoreUnavailable, object);
        alarms_->raise(alarms::kStoreUnavailable, object, alarms::Severity::kCritical, error->text);
    };
    config.on_commit = [commits =
                            metrics_.histogram("farol_store_commit_duration_seconds",
                                               "Of a batch, from its beginning until it was durable.",
                                               {{"daemon", program_.daemon}}, metrics::commit_buckets())](
                           std::chrono::microseconds duration) { commits.observe(duration); };
    config.on_broken = [this](const base::Error& error) {
        log_.error("frame.store.broken", {{"error", error.text}});
        health_.set("store", Status::kDown, error.text);
        alarms_->raise(alarms::kStoreUnavailable, program_.daemon + "/store", alarms::Severity::kCritical,
                       error.text);
        exit_code_ = EXIT_FAILURE;  // systemd starts us again
        finish();
    };
    auto opened = store::LmdbStore::open(config, *loop_, log_);
    if (!opened) return opened.error().within("store " + config.directory.string());
    store_ = std::move(*opened);
    if (settings_.store_delaying_seed != 0) {
        const auto seed = static_cast<uint64_t>(settings_.store_delaying_seed);
        log_.warning("frame.store.delaying", {{"seed", seed}});
        delaying_ =
            std::make_unique<store::DelayingStore>(*store_, *loop_, store::DelayingConfig{.seed = seed});
    }
    return {};
}

void Frame::add_metrics() {
    const Version built = version();
    metrics_
        .gauge("farol_build_info", "1; the build is in the labels.",
               {{"daemon", program_.daemon},
                {"version", std::string(built.version)},
                {"commit", std::string(built.commit)}})
        .set(1);
    metrics::add_process_metrics(metrics_);
    metrics_.gauge("farol_config_last_reload_successful", "1 when the last reload was applied.").set(1);
    metrics_
        .gauge("farol_config_last_reload_success_timestamp_seconds", "When a configuration was last applied.")
        .set(seconds_since_1970(started_at_));
    const auto jobs =
        metrics_.gauge("farol_jobs_queue_depth", "Jobs that wait for a thread.", {{"queue", "workers"}});
    const auto lost = metrics_.counter("farol_log_dropped_total", "Log lines that nobody took.",
                                       {{"daemon", program_.daemon}});
    metrics_.before_text([=, this] {
        jobs.set(static_cast<double>(workers_->waiting()));
        lost.add(static_cast<double>(sink_->dropped()) - lost.value());
        for (const auto& [name, listener] : servers_)
            metrics_
                .gauge("farol_http_connections", "Open connections.",
                       {{"daemon", program_.daemon}, {"state", "open"}, {"listener", name}})
                .set(static_cast<double>(listener->server->connections()));
    });
}

void Frame::add_store_metrics() {
    const metrics::Labels daemon{{"daemon", program_.daemon}};
    const auto size = metrics_.gauge("farol_store_size_bytes", "Pages of the store in use.", daemon);
    const auto most = metrics_.gauge("farol_store_max_size_bytes", "The store's quota.", daemon);
    const auto waiting = metrics_.gauge("farol_store_waiting_changes", "Changes not yet in a batch.", daemon);
    const auto ended = [this](const char* kind, const char* result) {
        return metrics_.counter("farol_store_transactions_total", "Batches and changes by their result.",
                                {{"daemon", program_.daemon}, {"kind", kind}, {"result", result}});
    };
    const auto batches = ended("batch", "ok"), good = ended("change", "ok"),
               refused = ended("change", "refused"), unknown = ended("change", "unknown");
    metrics_.before_text([=, this] {
        const store::StoreFigures figures = store_->figures();
        size.set(static_cast<double>(figures.space.used));
        most.set(static_cast<double>(settings_.store_quota));
        waiting.set(static_cast<double>(figures.waiting));
        batches.add(static_cast<double>(figures.batches) - batches.value());
        good.add(static_cast<double>(figures.changes) - good.value());
        refused.add(static_cast<double>(figures.refused) - refused.value());
        unknown.add(static_cast<double>(figures.unknown) - unknown.value());
    });
}

void Frame::add_alarm_metrics() {
    using alarms::Severity;
    constexpr std::array kSeverities{Severity::kCritical, Severity::kMajor, Severity::kMinor,
                                     Severity::kWarning, Severity::kIndeterminate};
    std::vector<std::pair<Severity, metrics::Gauge>> gauges;
    for (const Severity severity : kSeverities)
        gauges.emplace_back(severity, metrics_.gauge("farol_alarms_active", "Alarms not cleared.",
                                                     {{"severity", std::string(to_string(severity))}}));
    const auto events =
        metrics_.counter("farol_audit_events_total", "Records of the audit log.", {{"app", program_.daemon}});
    metrics_.gauge("farol_audit_chain_valid", "1 unless the last verification found it broken.").set(1);
    metrics_.before_text([=, this] {
        for (const auto& [severity, gauge] : gauges) gauge.set(static_cast<double>(alarms_->count(severity)));
        events.add(static_cast<double>(audit::last_sequence(*store_->read())) - events.value());
    });
}

void Frame::audit(const audit::Entry& entry, std::function<void()> then) {
    node_store().submit(
        [entry](store::Transaction& txn) {
            audit::append(txn, entry);
            return base::Result<void>();
        },
        [this, action = entry.action, then = std::move(then)](const store::Done& done) {
            if (done.outcome != store::Outcome::kOk)
                log_.error(
                    "audit.unwritten",
                    {{"action", action}, {"outcome", to_string(done.outcome)}, {"error", done.error.text}});
            then();
        });
}

audit::Entry Frame::audit_entry(const http::Request& request, std::string action, std::string object,
                                std::string after) const {
    return {.time = clock_.now(),
            .actor = "unix:" + std::to_string(request.peer.uid),
            .action = std::move(action),
            .object = std::move(object),
            .before = {},
            .after = std::move(after),
            .request_id = request.request_id};
}

metrics::Counter Frame::requests_of(std::string_view route, std::string_view method, int code_class) {
    return metrics_.counter("farol_http_requests_total", "Answered requests.",
                            {{"daemon", program_.daemon},
                             {"route", std::string(route)},
                             {"method", std::string(method)},
                             {"code_class", std::to_string(code_class) + "xx"}});
}

metrics::Histogram Frame::durations_of(std::string_view route) {
    return metrics_.histogram("farol_http_request_duration_seconds", "From the whole request to its answer.",
                              {{"daemon", program_.daemon}, {"route", std::string(route)}},
                              metrics::request_buckets());
}

void Frame::count_requests(http::Server& server, const http::Router& router) {
    using http::Method;
    // Every series is there from the start. What fits no route was refused, whatever its method.
    for (const http::Route& route : router.routes()) {
        durations_of(route.pattern);
        for (const int code_class : {2, 3, 4, 5})
            requests_of(route.pattern, http::to_string(route.method), code_class);
    }
    durations_of("none");
    for (const Method method : {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete})
        for (const int code_class : {4, 5}) requests_of("none", http::to_string(method), code_class);
    server.on_served([this](const http::Served& served) {
        const std::string_view route = served.route.empty() ? "none" : served.route;
        // A HEAD is answered by the route of GET, and counted there.
        const Method method = served.method == Method::kHead ? Method::kGet : served.method;
        requests_of(route, http::to_string(method), served.status / 100).add();
        durations_of(route).observe(served.duration);
    });
}

void Frame::note_certificate(const std::string& name, const tls::Files& files) {
    const auto info = tls::read_certificate(files.certificate);
    if (!info) return;  // whoever loads it reports why
    certificate_ends_[name] = info->not_after;
    metrics_
        .gauge("farol_tls_certificate_not_after_timestamp_seconds", "When a certificate ends.",
               {{"use", "server"}, {"name", name}})
        .set(seconds_since_1970(info->not_after));
}

// At 30, 14, 7, 3 and 1 days before the end the alarm grows.
void Frame::watch_certificates() {
    using alarms::Severity;
    constexpr std::array<std::pair<int, Severity>, 5> kSteps{{{1, Severity::kCritical},
                                                              {3, Severity::kCritical},
                                                              {7, Severity::kMajor},
                                                              {14, Severity::kMinor},
                                                              {30, Severity::kWarning}}};
    for (const auto& [name, end] : certificate_ends_) {
        const std::string object = program_.daemon + "/certificates/" + name;
        const auto left = end - clock_.now();
        const auto step = std::find_if(kSteps.begin(), kSteps.end(), [left](const auto& one) {
            return left < std::chrono::days{one.first};
        });
        if (step == kSteps.end()) {
            alarms_->clear(alarms::kCertificateExpiring, object);
        } else {
            alarms_->raise(alarms::kCertificateExpiring, object, step->second,
                           "the certificate of listener " + name + " ends at " + base::to_rfc3339(end));
        }
    }
}

void Frame::watch_capacity() { capacity_->look({store_->figures(), workers_->oldest()}); }

base::Result<void> Frame::serve(const std::string& name, const ApiSettings& settings,
                                const http::Router& router) {
    auto context = tls::ServerContext::create(settings.files, settings.client);
    if (!context) return context.error().within("listener " + name);
    auto listener = std::make_unique<Listener>();
    listener->tls = *context;
    listener->files = settings.files;
    const http::Listen where{settings.host, settings.port};
    if (auto opened = open_listener(name, where, settings.limits, router, std::move(listener)); !opened)
        return opened;
    note_certificate(name, settings.files);
    return {};
}

base::Result<void> Frame::serve_plain(const std::string& name, const PlainSettings& settings,
                                      const http::Router& router) {
    return open_listener(name, {settings.host, settings.port}, settings.limits, router,
                         std::make_unique<Listener>());
}

base::Result<void> Frame::open_listener(const std::string& name, const http::Listen& where,
                                        const http::Limits& limits, const http::Router& router,
                                        std::unique_ptr<Listener> listener) {
    listener->server =
        std::make_unique<http::Server>(*loop_, router, limits, log_.with({{"listener", name}}));
    count_requests(*listener->server, router);
    if (cluster_) listener->server->dispatch_by(cluster_->http().dispatch_for(name, router));
    const auto [begin, end] = passed_sockets_.equal_range(name);
    for (auto at = begin; at != end; ++at) {
        auto bound = listener->server->adopt(at->second.release(), listener->tls);
        if (!bound) return bound.error().within("listener " + name + ", socket from systemd");
        announce(name, *bound);
    }
    if (begin == end) {
        auto bound = listener->server->listen(where, listener->tls);
        if (!bound) return bound.error().within("listener " + name);
        announce(name, *bound);
    }
    passed_sockets_.erase(begin, end);
    servers_[name] = std::move(listener);
    return {};
}

void Frame::announce(const std::string& name, const http::Bound& bound) {
    listeners_[name].push_back(bound);
    log_.notice("frame.listening", {{"listener", name}, {"host", bound.host}, {"port", bound.port}});
    if (!serving_) return;
    if (auto written = write_listeners(args_.runtime, listeners_); !written)
        log_.warning("frame.listeners.unwritten", {{"error", written.error().text}});
}

base::Result<void> Frame::start(Application& application) {
    if (settings_.cluster.wanted)
        if (auto started = start_cluster(); !started) return started.error().within("cluster");
    if (serves()) {
        if (auto started = application.start(); !started) return started.error();
        watch_leadership(application);
    }
    if (cluster_) watch_cluster();
    return start_listeners();
}

base::Result<void> Frame::start_listeners() {
    if (serves())
        if (auto served = serve("api", settings_.api, api_); !served) return served.error();
    auto control = std::make_unique<Listener>();
    control->server = std::make_unique<http::Server>(*loop_, control_, http::Limits{},
                                                     log_.with({{"listener", "control"}}));
    count_requests(*control->server, control_);
    if (auto bound = control->server->listen_unix(args_.runtime + "/control.sock"); !bound)
        return bound.error().within("control socket");
    servers_["control"] = std::move(control);
    for (const auto& [name, socket] : passed_sockets_) log_.warning("frame.socket.unused", {{"name", name}});
    passed_sockets_.clear();
    return write_listeners(args_.runtime, listeners_);
}

void Frame::watch_signals(Application& application) {
    for (const int number : {SIGTERM, SIGINT})
        handles_.push_back(loop_->on_signal(number, [this, &application] { drain(application); }));
    handles_.push_back(loop_->on_signal(SIGHUP, [this] { (void)reload(); }));
}

void Frame::watch_health() {
    const auto interval = notify::watchdog_interval();
    const std::chrono::microseconds period = interval ? *interval / 4 : kSelfCheckPeriod;
    self_check_ = std::make_unique<SelfCheck>(
        SelfCheck::Parts{*loop_, clock_, *store_, health_, *alarms_, metrics_, program_.daemon}, log_, period,
        2 * period, [] { notify::watchdog(); });
    watch_certificates();
    handles_.push_back(loop_->every(1h, [this] { watch_certificates(); }));
    capacity_ = std::make_unique<Capacity>(
        Capacity::Parts{*alarms_, metrics_, clock_, program_.daemon, settings_.store_quota});
    watch_capacity();
    handles_.push_back(loop_->every(kCapacityPeriod, [this] { watch_capacity(); }));
    metrics_.before_text([this] { watch_capacity(); });
    clock_watch_ =
        std::make_unique<ClockWatch>(ClockWatch::Parts{*alarms_, metrics_, clock_, program_.daemon});
    handles_.push_back(loop_->every(1min, [this] { clock_watch_->look(); }));
    handles_.push_back(loop_->every(1s, [this] {
        sink_->tick();
        if (cluster_watch_) cluster_watch_->look(cluster_->status());
        if (cluster_ && !draining_) yield_when_full();
        const std::string now = health_.sentence();
        if (now != status_ && serving_ && !draining_) notify::status(now);
        status_ = now;
    }));
}

int Frame::run(Application& application) {
    watch_signals(application);
    if (auto started = start(application); !started) {
        log_.error("frame.start.failed", {{"error", started.error().text}});
        exit_code_ = EXIT_FAILURE;
    } else {
        watch_health();
        serving_ = true;
        health_.enter(Phase::kServing);
        log_.notice("frame.ready", {{"version", version().version}, {"commit", version().commit}});
        notify::ready(health_.sentence());
        loop_->run();
    }
    self_check_.reset();
    capacity_.reset();
    clock_watch_.reset();
    handles_.clear();
    servers_.clear();
    workers_.reset();
    cluster_.reset();
    cluster_watch_.reset();
    alarms_.reset();
    delaying_.reset();
    node_store_.reset();
    store_.reset();  // what was submitted is committed and answered while the daemon still stands
    log_.notice("frame.ended", {{"exit_code", exit_code_}});
    return exit_code_;
}

void Frame::drain(Application& application) {
    if (draining_) {  // a second signal: somebody is in a hurry
        finish();
        return;
    }
    draining_ = true;
    health_.enter(Phase::kDraining);
    notify::stopping();
    log_.notice("frame.draining", {{"timeout_ms", settings_.shutdown_timeout.count()}});
    handles_.push_back(loop_->after(settings_.shutdown_timeout, [this] {
        log_.warning("frame.drain.timeout");
        finish();
    }));
    // Another node leads before our clients are sent away.
    if (cluster_) return cluster_->stop([this, &application] { drain_service(application); });
    drain_service(application);
}

void Frame::drain_service(Application& application) {
    const auto left = std::make_shared<size_t>(servers_.size() + 1);  // shared by the callbacks of all
    const auto one_less = [this, left] {
        if (--*left == 0) finish();
    };
    for (const auto& [name, listener] : servers_) listener->server->drain(one_less);
    if (!serves()) return one_less();
    application.drain(one_less);
}

void Frame::finish() { loop_->stop(); }

ReloadReport Frame::reload() {
    if (!reload_ || draining_) return refuse({"the daemon is " + std::string(to_string(health_.phase()))});
    notify::reloading(clock_.ticks());
    ReloadReport report = reload_();
    notify::ready(health_.sentence());
    const bool applied = report.outcome == ReloadReport::Outcome::kApplied;
    metrics_.gauge("farol_config_last_reload_successful", "").set(applied ? 1 : 0);
    if (applied)
        metrics_.gauge("farol_config_last_reload_success_timestamp_seconds", "")
            .set(seconds_since_1970(clock_.now()));
    for (const std::string& line : report.lines) {
        if (applied) {
            log_.notice("config.changed", {{"what", line}});
        } else {
            log_.error("config.rejected", {{"why", line}});
        }
    }
    if (applied) log_.notice("config.reloaded", {{"changes", report.lines.size()}});
    const std::string object = program_.daemon + "/configuration";
    if (applied) {
        alarms_->clear(alarms::kConfigRejected, object);
        watch_certificates();
    } else {
        alarms_->raise(alarms::kConfigRejected, object, alarms::Severity::kWarning, report.lines.front());
    }
    return report;
}

ReloadReport Frame::refuse(const Problems& problems) {
    std::vector<std::string> lines;
    lines.reserve(problems.size());
    for (const config::Problem& problem : problems) lines.push_back(problem.message());
    return refuse(std::move(lines));
}

ReloadReport Frame::refuse(std::vector<std::string> lines) {
    return {ReloadReport::Outcome::kRefused, std::move(lines)};
}

ReloadReport Frame::swap(const config::Flat& values, const std::vector<std::string>& keys,
                         const Settings& settings, const std::function<base::Result<void>()>& apply) {
    std::vector<std::string> reloadable(std::begin(kReloadable), std::end(kReloadable));
    reloadable.insert(reloadable.end(), keys.begin(), keys.end());
    const std::vector<Change> changes = compare(values_, values);
    std::vector<std::string> lines;
    for (const std::string& key : fixed_keys(changes, reloadable))
        lines.push_back(key + ": a change of it needs a restart; nothing was changed");
    if (!lines.empty()) return refuse(std::move(lines));
    auto certificates = prepare_certificates(settings);
    if (!certificates) return refuse({certificates.error().text});
    if (auto applied = apply(); !applied) return refuse({applied.error().text});
    renew(*std::move(certificates));
    renew_cluster();
    settings_ = settings;
    values_ = values;
    sink_->set_levels(configured_levels());
    for (const Change& change : changes) lines.push_back(change.sentence());
    return {ReloadReport::Outcome::kApplied, std::move(lines)};
}

base::Result<std::vector<Frame::Renewal>> Frame::prepare_certificates(const Settings& settings) const {
    std::vector<Renewal> out;
    for (const auto& [name, listener] : servers_) {
        if (!listener->tls) continue;
        // The files of other listeners are where they were: their paths need a restart.
        tls::Files files = name == "api" ? settings.api.files : listener->files;
        auto prepared = listener->tls->prepare(files);
        if (!prepared) return prepared.error().within("listener " + name);
        out.push_back({name, listener.get(), std::move(files), *std::move(prepared)});
    }
    return out;
}

void Frame::renew(std::vector<Renewal> prepared) {
    for (Renewal& one : prepared) {
        one.listener->tls->adopt(std::move(one.context));
        one.listener->files = std::move(one.files);
        note_certificate(one.name, one.listener->files);
    }
}

}  // namespace frame
