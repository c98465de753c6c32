// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/centre.h"

#include <algorithm>
#include <set>

namespace cbc {
namespace {

void append(Effects& all, Effects more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

template <class Call>
Effects Centre::at(Warning& warning, Call&& call) {
    Effects effects = call(warning);
    const AlertId id = warning.revision().id;
    civil_.set(id, warning.next_civil());
    ticks_.set(id, warning.next_ticks());
    return effects;
}

template <class Call>
Effects Centre::at_all(Call&& call) {
    Effects effects;
    for (auto& [id, warning] : warnings_) append(effects, at(*warning, call));
    return effects;
}

Effects Centre::received(AlertRevision revision, Now now, std::optional<Targets> chosen) {
    auto& warning = warnings_[revision.id];
    if (warning == nullptr) {
        warning = std::make_unique<Warning>(network_, tuning_, &of_twin_);
    } else {
        const bool newer = revision.revision > warning->revision().revision;
        if (!newer || warning->tombstone()) return {};
    }
    return at(*warning,
              [&](Warning& one) { return one.receive(std::move(revision), up_, now, std::move(chosen)); });
}

Effects Centre::stopped(Tombstone stop, Now now) {
    const auto found = warnings_.find(stop.id);
    if (found == warnings_.end() || found->second->tombstone()) return {};
    return at(*found->second, [&](Warning& warning) { return warning.stop(std::move(stop), now); });
}

Effects Centre::restored(AlertRevision revision, std::optional<Tombstone> stop, DeliveryRecords records,
                         Now now, std::optional<Targets> chosen) {
    const AlertId id = revision.id;
    auto& warning = warnings_[id];
    warning = std::make_unique<Warning>(network_, tuning_, &of_twin_);
    return at(*warning, [&](Warning& one) {
        return one.restore(std::move(revision), std::move(stop), std::move(records), now, std::move(chosen));
    });
}

Effects Centre::received_stopped(AlertRevision revision, Tombstone stop, Now now) {
    auto& warning = warnings_[revision.id];
    if (warning != nullptr) return {};  // the stop follows
    warning = std::make_unique<Warning>(network_, tuning_, &of_twin_);
    return at(*warning,
              [&](Warning& one) { return one.receive_stopped(std::move(revision), std::move(stop), now); });
}

Effects Centre::twin_writes(const PeerName& peer, Now now) {
    Effects effects = peer_down(peer, now);
    if (of_twin_.insert(peer).second)
        append(effects, at_all([&](Warning& warning) { return warning.twin_writes(peer, now); }));
    return effects;
}

Effects Centre::twin_left(const PeerName& peer, Now now) {
    if (of_twin_.erase(peer) == 0) return {};
    return at_all([&](Warning& warning) { return warning.twin_left(peer, now); });
}

Effects Centre::learned(const DeliveryKey& key, const DeliveryRecord& theirs, Learning how, Now now) {
    const auto found = warnings_.find(key.alert);
    if (found == warnings_.end()) return {};
    return at(*found->second, [&](Warning& warning) { return warning.learn(key, theirs, how, up_, now); });
}

Effects Centre::tick(Now now) {
    std::set<AlertId> due;
    for (const AlertId alert : civil_.due(now.civil)) due.insert(alert);
    for (const AlertId alert : ticks_.due(now.ticks)) due.insert(alert);
    Effects effects;
    for (const AlertId alert : due) {
        const auto found = warnings_.find(alert);
        append(effects, at(*found->second, [&](Warning& warning) { return warning.tick(up_, now); }));
        if (found->second->state() != warning_fsm::State::kForgotten) continue;
        civil_.set(alert, std::nullopt);
        ticks_.set(alert, std::nullopt);
        warnings_.erase(found);
    }
    return effects;
}

Effects Centre::network_changed(Now now) {
    return at_all([&](Warning& warning) { return warning.network_changed(up_, now); });
}

Effects Centre::peer_gone(const PeerName& peer, Now now) {
    Effects effects = peer_down(peer, now);
    append(effects, at_all([&](Warning& warning) { return warning.peer_gone(peer, now); }));
    return effects;
}

Effects Centre::peer_up(const PeerName& peer, Recovery recovery, Now now) {
    if (!is_up(peer)) up_.push_back(peer);
    return at_all([&](Warning& warning) { return warning.peer_up(peer, recovery, now); });
}

Effects Centre::peer_down(const PeerName& peer, Now now) {
    if (std::erase(up_, peer) == 0) return {};
    return at_all([&](Warning& warning) { return warning.peer_down(peer, now); });
}

Effects Centre::peer_wiped(const PeerName& peer, Now now) {
    return at_all([&](Warning& warning) { return warning.peer_wiped(peer, now); });
}

Effects Centre::cells_restarted(const PeerName& peer, const std::vector<PlacePattern>& cells,
                                Recovery recovery, const std::optional<RadioNode>& node, Now now,
                                MessageKind kind) {
    return at_all(
        [&](Warning& warning) { return warning.cells_restarted(peer, cells, recovery, node, now, kind); });
}

Effects Centre::reported(const PeerName& peer, const Report& report, Now now) {
    return at_all([&](Warning& warning) { return warning.reported(peer, report, now); });
}

Effects Centre::cells_failed(const PeerName& peer, const std::vector<CellFailure>& cells, Now now,
                             MessageKind kind) {
    return at_all([&](Warning& warning) { return warning.cells_failed(peer, cells, now, kind); });
}

Effects Centre::answered(const DeliveryKey& key, const PeerAnswer& answer, Now now) {
    const auto found = warnings_.find(key.alert);
    if (found == warnings_.end()) return {};
    return at(*found->second, [&](Warning& warning) { return warning.answered(key, answer, now); });
}

Effects Centre::timed_out(const DeliveryKey& key, Now now) {
    const auto found = warnings_.find(key.alert);
    if (found == warnings_.end()) return {};
    return at(*found->second, [&](Warning& warning) { return warning.timed_out(key, now); });
}

const Warning* Centre::find(AlertId alert) const {
    const auto found = warnings_.find(alert);
    return found == warnings_.end() ? nullptr : found->second.get();
}

void Centre::each(const std::function<void(const Warning&)>& visit) const {
    for (const auto& [id, warning] : warnings_) visit(*warning);
}

Held Centre::held(AlertId alert) const {
    const Warning* warning = find(alert);
    if (warning == nullptr) return {};
    return {&warning->revision(), warning->tombstone() ? &*warning->tombstone() : nullptr};
}

const AlertRevision* Centre::user_of_code(SerialNumber serial, MessageIdentifier identifier,
                                          AlertId self) const {
    const uint16_t code = message_code(serial, identifier);
    const bool etws = cbs::is_etws(identifier);
    for (const auto& [id, warning] : warnings_) {
        if (id == self) continue;
        const Content& content = warning->revision().content;
        for (const Message& message : content.messages)
            if (cbs::is_etws(message.identifier) == etws &&
                message_code(content.serial, message.identifier) == code)
                return &warning->revision();
    }
    return nullptr;
}

bool Centre::live_at(const PeerName& peer) const {
    return std::any_of(warnings_.begin(), warnings_.end(),
                       [&](const auto& entry) { return entry.second->live_at(peer); });
}

bool Centre::held_at(const PeerName& peer) const {
    return std::any_of(warnings_.begin(), warnings_.end(),
                       [&](const auto& entry) { return entry.second->held_at(peer); });
}

std::chrono::microseconds Centre::until_next(Now now) const {
    std::chrono::microseconds wait = std::chrono::minutes{1};
    const auto sooner = [&](std::chrono::microseconds other) {
        wait = std::min(wait, std::max(other, std::chrono::microseconds{0}));
    };
    if (const auto civil = civil_.earliest()) sooner(*civil - now.civil);
    if (const auto ticks = ticks_.earliest()) sooner(*ticks - now.ticks);
    return wait;
}

}  // namespace cbc
