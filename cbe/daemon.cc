// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/daemon.h"

#include <algorithm>
#include <cstdlib>

#include "cbe/api/account_routes.h"
#include "cbe/api/alert_routes.h"
#include "cbe/api/audit_routes.h"
#include "cbe/api/crm_routes.h"
#include "cbe/api/other_routes.h"
#include "cbe/api/people_routes.h"
#include "cbe/api/reset_mail.h"
#include "cbe/demo.h"
#include "cbe/people_control.h"
#include "cbe/store/alert_record.h"
#include "cbe/store/alert_results.h"
#include "cbe/store/idempotency.h"
#include "cbe/store/older_people.h"
#include "cbe/store/tables.h"
#include "cbe/store/went_live.h"
#include "common/http/static_files.h"
#include "common/store/key.h"

namespace cbe {

using namespace std::chrono_literals;

namespace {

constexpr auto kAlarmPeriod = 5s;

std::shared_ptr<const Terms> terms_of(const Config& config) {
    auto reference = std::make_shared<Reference>();
    reference->channels = config.channels;
    reference->cells = config.cells;
    reference->allowed_channels = config.channels_allowed;
    auto terms = std::make_shared<Terms>();
    terms->mode = config.authority.mode;
    terms->reference = std::move(reference);
    terms->codes = config.codes;
    for (const CbcAddress& cbc : config.cbcs) terms->cbcs.push_back(cbc.name);
    return terms;
}

std::vector<Machine> machines_of(const Config& config) {
    std::vector<Machine> machines;
    for (const MachineSettings& one : config.machine_clients)
        machines.push_back({one.certificate,
                            {UserId{"machine:" + one.certificate},
                             one.name,
                             one.name,
                             {Permission::kView, Permission::kCreate}}});
    return machines;
}

std::string seal_key_of(const Config& config, const std::string& state) {
    if (!config.seal_key.empty()) return config.seal_key;
    if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"))
        if (const std::string file = std::string(credentials) + "/seal.key"; auth::Sealer::open(file))
            return file;
    return state + "/seal.key";
}

}  // namespace

base::Result<std::unique_ptr<Daemon>> Daemon::open(frame::Frame& frame, const Config& config) {
    auto sealer = auth::Sealer::open_or_create(seal_key_of(config, frame.args().state));
    if (!sealer) return sealer.error();
    return std::unique_ptr<Daemon>(new Daemon(frame, config, *std::move(sealer)));
}

Daemon::Daemon(frame::Frame& frame, const Config& config, auth::Sealer sealer)
    : frame_(frame),
      config_(config),
      sealer_(std::move(sealer)),
      figures_(frame.metrics(), config.authority.mode, frame.log(), [this] { look_for_alarms(); }),
      alarms_(frame.alarms()),
      context_{.store = frame.store(),
               .clock = frame.clock(),
               .timers = frame.loop(),
               .workers = frame.workers(),
               .sealer = sealer_,
               .figures = figures_,
               .log = frame.log(),
               .authority = config.authority,
               .sign_in_rate = config.sign_in,
               .machines = machines_of(config),
               .terms = terms_of(config),
               .people = std::make_shared<const auth::Policy>(config.people),
               .network = [this] { return network(); }},
      sessions_(context_),
      gate_(context_, sessions_),
      events_(gate_, frame.api()) {
    if (!config.cbcs.empty()) client_.emplace(frame.loop(), config.client);
    for (const CbcAddress& cbc : config.cbcs)
        links_.push_back(std::make_unique<CbcLink>(
            CbcLink::Parts{
                .timers = frame.loop(), .clock = frame.clock(), .client = *client_, .listener = *this},
            cbc, frame.log()));
    dispatcher_.emplace(context_, links_,
                        [this](const AlertId&, const std::string&) { events_.network_changed(); });
    if (!config.mail.server.empty()) {
        mailer_.emplace(frame.loop(), config.mail);
        dispatcher_->add(kMailEffect, letters(context_, *mailer_));
    }
    add_routes();
}

void Daemon::add_routes() {
    add_session_routes(frame_.api(), gate_);
    add_alert_routes(frame_.api(), gate_);
    add_reference_routes(frame_.api(), gate_);
    add_people_routes(frame_.api(), gate_);
    add_account_routes(frame_.api(), gate_);
    add_audit_route(frame_.api(), gate_);
    add_reset_route(frame_.api(), gate_,
                    {mailer_ ? ResetMail::Mail::kSetUp : ResetMail::Mail::kNone, config_.public_url});
    add_crm_routes(frame_.api(), gate_);
    add_crm_routes(machine_routes_, gate_);
    add_people_control(frame_.control(), context_);
    if (config_.demo == Config::Demo::kOn) add_demo_route(frame_.control(), context_);
}

base::Result<void> Daemon::start() {
    auto pages = http::StaticFiles::load(config_.web);
    if (pages) {
        pages->add_to(frame_.api(), {"/api/", "/crm/"});
    } else {
        // The interface works without its pages; who installs only the daemon still gets a daemon.
        frame_.log().warning("web.missing", {{"error", pages.error().text}});
        frame_.health().set("web", frame::Status::kDegraded,
                            "the web application is not there: " + pages.error().text);
    }
    if (config_.machines)
        if (auto served = frame_.serve("machines", *config_.machines, machine_routes_); !served)
            return served.error();
    watch_store();
    begin_as_writer();
    context_.store.on_leads([this](bool leads) {
        if (leads) begin_as_writer();
    });
    dispatcher_->start();
    answers_.emplace(context_.store, frame_.loop(), context_.clock);
    for (const auto& link : links_) link->start();
    timers_.push_back(frame_.loop().every(1s, [this] { maintain(); }));
    timers_.push_back(frame_.loop().every(kAlarmPeriod, [this] { look_for_alarms(); }));
    look_for_alarms();
    timers_.push_back(frame_.loop().every(60s, [this] {
        sessions_.forget_ended();
        context_.store.submit(
            [now = context_.now()](store::Transaction& txn) -> base::Result<void> {
                forget_done(txn, now, 1000);
                return {};
            },
            [](const store::Done&) {}, store::Urgency::kBulk);
    }));
    return {};
}

// Before the first request is answered: changes are done in the order in which they come.
void Daemon::begin_as_writer() {
    take_over_older_people();
    const Mode mode = config_.authority.mode;
    if (!context_.store.leads() || !mode_changed(*context_.store.read(), mode)) return;
    context_.store.submit(
        [mode, now = context_.now()](store::Transaction& txn) -> base::Result<void> {
            note_mode(txn, mode, now);
            return {};
        },
        [](const store::Done&) {});
}

void Daemon::take_over_older_people() {
    if (!context_.store.leads() || !has_older_people(*context_.store.read())) return;
    context_.store.submit(
        [now = context_.now()](store::Transaction& txn) { return cbe::take_over_older_people(txn, now); },
        [this](const store::Done& done) {
            if (done.outcome == store::Outcome::kOk)
                frame_.log().notice("people.taken-over");
            else
                frame_.log().error("people.not-taken-over", {{"error", done.error.text}});
        });
}

void Daemon::watch_store() {
    context_.store.read()->scan(tables::kAlerts, "", "", [this](std::string_view, std::string_view value) {
        if (const auto alert = decode_alert(value)) figures_.alert_written(*alert);
        return true;
    });
    context_.store.on_applied(
        tables::kAlerts, [this](std::string_view, const std::optional<std::string>& value) {
            const auto alert = value ? decode_alert(*value) : base::Result<Alert>(base::not_found("erased"));
            if (!alert) return;
            figures_.alert_written(*alert);
            events_.alert_changed(alert->id);
        });
    for (const std::string_view table : {tables::kDeliveries, tables::kSendings})
        context_.store.on_applied(table, [this](std::string_view key, const std::optional<std::string>&) {
            if (const auto id = store::KeyReader(key).uuid()) events_.alert_changed(*id);
        });
    context_.store.on_applied(
        tables::kSendings, [this](std::string_view, const std::optional<std::string>& value) {
            const auto sending =
                value ? decode_sending(*value) : base::Result<Sending>(base::not_found("erased"));
            if (sending && sending->state == SendingState::kRefused) look_for_alarms();
        });
}

// Ends what is over. Pages compute it too, so nothing is wrong when this comes late.
void Daemon::maintain() {
    figures_.streams(events_.streams());
    if (ending_) return;
    const base::Instant now = context_.now();
    bool due = false;
    const auto reader = context_.store.read();
    for (const AlertId& id : live_alerts(*reader)) {
        const auto alert = find_alert(*reader, id);
        due = due || !alert || !is_live(alert->status) || status_at(*alert, now) != alert->status;
    }
    if (!due) return;
    ending_ = true;
    context_.store.submit(
        [now](store::Transaction& txn) -> base::Result<void> {
            end_what_is_over(txn, now);
            return {};
        },
        [this](const store::Done&) { ending_ = false; }, store::Urgency::kBulk);
}

void Daemon::look_for_alarms() { alarms_.look(*context_.store.read(), network(), context_.now()); }

void Daemon::heard(const AlertId& id, const CbcDelivery& delivery) {
    context_.store.submit(
        [id, delivery, now = context_.now()](store::Transaction& txn) -> base::Result<void> {
            put_picture(txn, id, delivery, now);
            return {};
        },
        [this, id, cbc = delivery.cbc](const store::Done& done) {
            // What is not stored is asked for again: the centre still knows it.
            if (done.outcome == store::Outcome::kOk) return;
            for (const auto& link : links_)
                if (link->name() == cbc) link->refresh(id);
        });
}

void Daemon::link_changed(const CbcStatus& status) {
    if (status.state == CbcState::kDown)
        frame_.health().set("cbc-" + status.name, frame::Status::kDegraded,
                            "broadcast centre does not answer: " + status.text);
    else
        frame_.health().set("cbc-" + status.name, frame::Status::kOk);
    alarms_.look_at_cbcs(network());
    events_.network_changed();
}

std::vector<AlertId> Daemon::watched() const {
    std::vector<AlertId> chains;  // as the centres know them
    const auto reader = context_.store.read();
    for (const AlertId& id : live_alerts(*reader))
        if (const auto alert = find_alert(*reader, id)) chains.push_back(alert->chain);
    std::sort(chains.begin(), chains.end());
    chains.erase(std::unique(chains.begin(), chains.end()), chains.end());
    return chains;
}

Network Daemon::network() const {
    Network network;
    network.clock_synchronised = frame_.clock_synchronised();
    for (const auto& link : links_) network.cbcs.push_back(link->status());
    if (config_.authority.mode == Mode::kTraining)
        network.cbcs.push_back({"training",
                                CbcState::kNotUsedTraining,
                                {},
                                "Training: nothing is connected, nothing is sent.",
                                {}});
    return network;
}

base::Result<void> Daemon::reload(const Config& fresh) {
    if (fresh.authority.mode != context_.authority.mode || fresh.authority.id != context_.authority.id)
        return base::refused("authority.mode and authority.id need a restart");
    context_.authority = fresh.authority;
    context_.machines = machines_of(fresh);
    context_.terms = terms_of(fresh);
    return {};
}

void Daemon::drain(std::function<void()> drained) {
    timers_.clear();
    for (const auto& link : links_) link->stop_listening();
    events_.close_all();
    // What is under way is a row of the outbox; it is sent again, by the same identity, after the next start.
    dispatcher_.reset();
    answers_.reset();
    drained();
}

}  // namespace cbe
