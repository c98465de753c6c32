// SPDX-License-Identifier: AGPL-3.0-or-later
//
// cbed: brings together the rules (domain/), the rows (store/), the pages' interface (api/) and the way to
// the broadcast centres (net/).
//
//     browser ─▶ api/gate ─▶ api/alert_routes ─▶ store/alert_changes (rules, one transaction)
//                                                     │ outbox row
//     broadcast centre ◀─ net/cbc_link ◀─ dispatcher ◀┘
//              └─ events ─▶ net/cbc_link ─▶ store/alert_results ─▶ api/event_hub ─▶ browser
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cbe/alarm_watch.h"
#include "cbe/api/event_hub.h"
#include "cbe/config.h"
#include "cbe/dispatcher.h"
#include "cbe/figures.h"
#include "common/frame/frame.h"
#include "common/store/idempotency.h"

namespace cbe {

class Daemon final : public frame::Application, private CbcLink::Listener {
 public:
    // frame outlives the daemon. Fails when the key that seals second factors cannot be opened.
    static base::Result<std::unique_ptr<Daemon>> open(frame::Frame& frame, const Config& config);

    base::Result<void> start() override;
    void drain(std::function<void()> drained) override;
    // Channels, cells, authority's name and phone, and machine clients of a new configuration.
    base::Result<void> reload(const Config& fresh);

 private:
    Daemon(frame::Frame& frame, const Config& config, auth::Sealer sealer);

    void heard(const AlertId& id, const CbcDelivery& delivery) override;
    void link_changed(const CbcStatus& status) override;
    std::vector<AlertId> watched() const override;

    void add_routes();
    void begin_as_writer();
    void take_over_older_people();
    void watch_store();
    void maintain();
    void look_for_alarms();
    Network network() const;

    frame::Frame& frame_;
    const Config config_;
    auth::Sealer sealer_;
    AlertFigures figures_;
    AlarmWatch alarms_;
    Context context_;
    Sessions sessions_;
    Gate gate_;
    http::Router machine_routes_;
    EventHub events_;
    std::optional<http::Client> client_;  // none in a training authority: there is nothing that could connect
    Dispatcher::Links links_;
    std::optional<mail::SmtpMailer> mailer_;  // none: no mail server is configured
    std::optional<Dispatcher> dispatcher_;
    std::optional<store::ResponsePruner> answers_;  // to those who ask again
    std::vector<loop::HandlePtr> timers_;
    bool ending_ = false;  // a change that ends what is over is under way
};

}  // namespace cbe
