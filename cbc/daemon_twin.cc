// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the daemon does for the pair of twins (twin/twin_pair.h).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cbc/daemon.h"
#include "cbc/store/warning_store.h"
#include "common/json/parse.h"

namespace cbc {

// Empty without a twin, or when the certificate cannot be read: that is told where the API begins to listen.
std::string Daemon::own_uri(const Config& config) {
    if (!config.twin.present()) return {};
    const auto identity = tls::own_identity(config.frame.api.files);
    return identity ? identity->uri : std::string{};
}

// Of the authorities whose certificates may call us, those that may name a CBC.
tls::Files Daemon::files_for_twin(const Config& config) {
    tls::Files files = config.frame.api.files;
    std::erase_if(files.trusted, [](const tls::Trust& one) {
        return !one.roles.empty() && std::find(one.roles.begin(), one.roles.end(), "cbc") == one.roles.end();
    });
    return files;
}

TwinPair::Calls Daemon::twin_calls() {
    return {.call =
                [this](http::ClientRequest request, http::Client::OnResponse on_response) {
                    twin_client_->call(std::move(request), std::move(on_response));
                },
            .perform =
                [this](Effects effects) {
                    perform(std::move(effects));
                    arm_tick();
                },
            .busy = [this](const PeerName& peer) { return is_busy(peer); },
            .admission =
                [this] {
                    return AdmissionContext{
                        .cbes = cbes_,
                        .cells = network_.cells(),
                        .held = [this](AlertId alert) { return centre_.held(alert); },
                        .user_of_code = [](SerialNumber, MessageIdentifier, AlertId) { return nullptr; },
                        .now = now()};
                },
            .store = [this](const std::vector<TwinAlert>& alerts,
                            std::function<void(bool)> done) { store_of_twin(alerts, std::move(done)); },
            .writer_changed =
                [this](const PeerName& peer) {
                    routes_.peer_changed(peer.value());
                    peer_routes_.peer_changed(peer);
                }};
}

bool Daemon::is_busy(const PeerName& peer) const {
    for (const PeerGroup* group : groups_) {
        if (!group->has(peer)) continue;
        const auto all = group->status();
        return std::any_of(all.begin(), all.end(), [&](const PeerStatus& one) {
            return one.profile.name == peer && one.requests_waiting > 0;
        });
    }
    return false;
}

void Daemon::store_of_twin(const std::vector<TwinAlert>& alerts, std::function<void(bool)> done) {
    if (alerts.empty()) return frame_.loop().post([done = std::move(done)] { done(true); });
    std::vector<store::Change> changes;
    std::vector<audit::Entry> entries;
    for (const auto& [revision, stop] : alerts) {
        changes.push_back(put_of_twin(revision, stop));
        const nlohmann::json after{{"revision", revision.revision.value()},
                                   {"digest", revision.digest.value()},
                                   {"cbe", revision.cbe.value()},
                                   {"stopped_by", stop ? stop->stopped_by.value() : ""}};
        entries.push_back({.time = now(),
                           .actor = config_.twin.certificate,
                           .action = "alert.from_twin",
                           .object = "alert/" + revision.id.value().text(),
                           .before = {},
                           .after = json::dump(after),
                           .request_id = {}});
    }
    frame_.store().submit(
        [changes = std::move(changes),
         entries = std::move(entries)](store::Transaction& txn) -> base::Result<void> {
            for (size_t i = 0; i < changes.size(); ++i)
                if (changes[i](txn)) audit::append(txn, entries[i]);
            return {};
        },
        [done = std::move(done)](const store::Done& outcome) {
            done(outcome.outcome == store::Outcome::kOk);
        });
}

}  // namespace cbc
