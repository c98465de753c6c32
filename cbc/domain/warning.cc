// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/warning.h"

#include <algorithm>
#include <utility>

#include "cbc/domain/cell_states.h"
#include "cbc/domain/message_content.h"

namespace cbc {
namespace {

using warning_fsm::Action;
using State = warning_fsm::State;

bool contains(const PeersUp& up, const PeerName& peer) {
    return std::find(up.begin(), up.end(), peer) != up.end();
}

}  // namespace

Warning::Event Warning::arrival() const {
    const Schedule& schedule = revision_->content.schedule;
    if (revision_->content.mode == Mode::kTraining) return Event::kForTraining;
    if (stop_) return Event::kStop;
    if (now_.civil >= schedule.end) return Event::kOver;
    return now_.civil < schedule.start ? Event::kNotYetDue : Event::kDue;
}

// Admission has made the same choice. If it fails now (memory), no cell is chosen, which the alarm for alerts
// that are not on the air tells; a larger area is never taken instead.
Targets Warning::choose_cells() const {
    auto chosen = targets_of(revision_->content.area, network_->cells());
    return chosen ? std::move(*chosen) : Targets{};
}

Effects Warning::receive(AlertRevision revision, const PeersUp& up, Now now, std::optional<Targets> chosen) {
    now_ = now;
    const auto before = std::exchange(revision_, std::move(revision));
    if (!chosen) chosen = choose_cells();
    targets_ = before ? chosen_after(before->content, targets_, revision_->content, std::move(*chosen))
                      : std::move(*chosen);
    division_ = network_->divide(targets_);
    counts_.reset();
    changed_ = true;
    fire(arrival(), up);
    return take();
}

Effects Warning::stop(Tombstone stop, Now now) {
    now_ = now;
    stop_ = std::move(stop);
    changed_ = true;
    fire(Event::kStop, {});
    return take();
}

Effects Warning::restore(AlertRevision revision, std::optional<Tombstone> stop, DeliveryRecords records,
                         Now now, std::optional<Targets> chosen) {
    now_ = now;
    revision_ = std::move(revision);
    targets_ = chosen ? std::move(*chosen) : choose_cells();
    division_ = network_->divide(targets_);
    counts_.reset();
    stop_ = std::move(stop);
    for (auto& [key, record] : records)
        deliveries_.try_emplace(key, key.message, tuning_, traits_of(network_->protocol_of(key.peer)),
                                std::move(record));
    for (auto& [key, delivery] : deliveries_)
        if (!network_->has(key.peer)) adopt(key, delivery, delivery.peer_gone(now));
    const bool sent_perhaps =
        revision_->content.mode == Mode::kLive && now.civil >= revision_->content.schedule.start;
    if (sent_perhaps)
        each_target([&](const DeliveryKey& key, const Target& target) {
            deliveries_.try_emplace(key, key.message, tuning_, traits_of(network_->protocol_of(key.peer)))
                .first->second.assume_held(target, now);
        });
    fire(arrival(), {});
    if (stop_ && fsm_ == State::kTraining) fire(Event::kStop, {});
    for (const auto& [key, delivery] : deliveries_) tally_.note(key, delivery);
    note_children();
    return take();
}

Effects Warning::receive_stopped(AlertRevision revision, Tombstone stop, Now now) {
    now_ = now;
    revision_ = std::move(revision);
    targets_ = choose_cells();
    division_ = network_->divide(targets_);
    counts_.reset();
    stop_ = std::move(stop);
    changed_ = true;
    fire(arrival(), {});
    if (fsm_ == State::kTraining) fire(Event::kStop, {});
    return take();
}

void Warning::fire(Event event, const PeersUp& up) {
    const auto* row = find_row(warning_fsm::kRows, fsm_, event);
    if (row == nullptr) {
        effects_.emplace_back(Unexpected{"warning", to_string(fsm_), to_string(event)});
        return;
    }
    changed_ = changed_ || fsm_ != row->to;
    fsm_ = row->to;
    switch (row->action) {
        case Action::kNone:
            break;
        case Action::kPutOn:
            put_on(up);
            break;
        case Action::kPutOff:
            put_off();
            break;
    }
}

void Warning::each_target(const std::function<void(const DeliveryKey&, Target)>& visit) const {
    const Content& content = revision_->content;
    for (const auto& [peer, share] : division_->shares) {
        const bool takes_text = traits_of(network_->protocol_of(peer)).emergency_text;
        for (const Message& message : content.messages)
            visit({revision_->id, peer, message.identifier},
                  {revision_->revision,
                   {content.serial, content.schedule, is_primary_alone(message) && takes_text},
                   message,
                   share.area,
                   share.known});
    }
}

void Warning::put_on(const PeersUp& up) {
    std::vector<DeliveryKey> wanted;
    each_target([&](const DeliveryKey& key, Target target) {
        wanted.push_back(key);
        const auto [found, added] =
            deliveries_.try_emplace(key, key.message, tuning_, traits_of(network_->protocol_of(key.peer)));
        Delivery& delivery = found->second;
        adopt(key, delivery, delivery.retarget(std::move(target), now_));
        if (added && contains(up, key.peer))
            adopt(key, delivery, delivery.link_up(Recovery::kDataAvailable, now_));
        if (is_of_twin(key.peer)) adopt(key, delivery, delivery.leave_to_twin(now_));
    });
    std::sort(wanted.begin(), wanted.end());
    for (auto& [key, delivery] : deliveries_)
        if (!std::binary_search(wanted.begin(), wanted.end(), key))
            adopt(key, delivery, delivery.retarget(std::nullopt, now_));
    note_children();
}

void Warning::put_off() {
    for (auto& [key, delivery] : deliveries_) adopt(key, delivery, delivery.retarget(std::nullopt, now_));
    note_children();
}

void Warning::adopt(const DeliveryKey& key, const Delivery& delivery, DeliveryEffects effects) {
    const bool was_settled = tally_.settled();
    counts_.reset();
    tally_.note(key, delivery);
    // Told even when no cell shows anything new (an older message is off the air): somebody may wait for it.
    changed_ = changed_ || (!was_settled && tally_.settled());
    for (DeliveryEffect& effect : effects) {
        if (auto* send = std::get_if<Send>(&effect))
            effects_.emplace_back(SendToPeer{key, std::move(send->request)});
        else if (std::holds_alternative<Persist>(effect))
            effects_.emplace_back(PersistDelivery{key});
        else if (std::holds_alternative<Noticed>(effect))
            changed_ = true;
        else
            effects_.emplace_back(std::get<Unexpected>(effect));
    }
}

// The parent's state follows from what the children really report.
void Warning::note_children() {
    if (fsm_ == State::kSending && tally_.any_accepted()) fire(Event::kFirstAccepted, {});
    if (fsm_ == State::kBroadcasting && !tally_.any_accepted()) fire(Event::kNoneAccepted, {});
    if ((fsm_ == State::kEnding || fsm_ == State::kStopping) && tally_.all_off()) fire(Event::kAllOff, {});
}

Effects Warning::take() {
    if (changed_) effects_.emplace_back(AlertChanged{revision_->id});
    changed_ = false;
    return std::exchange(effects_, {});
}

Effects Warning::tick(const PeersUp& up, Now now) {
    now_ = now;
    const Schedule& schedule = revision_->content.schedule;
    if (fsm_ == State::kScheduled && now.civil >= schedule.start) fire(Event::kStartReached, up);
    const bool on = fsm_ == State::kScheduled || fsm_ == State::kSending || fsm_ == State::kBroadcasting;
    if (on && now.civil >= schedule.end) fire(Event::kEndReached, up);
    for (const DeliveryKey& key : tally_.due(now.ticks)) {
        Delivery& delivery = deliveries_.at(key);
        adopt(key, delivery, delivery.tick(now));
    }
    note_children();
    if (now.civil >= kept_until() && fsm_ != State::kForgotten) {
        fire(Event::kForget, up);
        effects_.emplace_back(ForgetAlert{revision_->id});
    }
    return take();
}

Effects Warning::network_changed(const PeersUp& up, Now now) {
    now_ = now;
    changed_ = true;
    division_ = network_->divide(targets_);
    counts_.reset();
    if (fsm_ == State::kSending || fsm_ == State::kBroadcasting) put_on(up);
    for (auto& [key, delivery] : deliveries_)
        if (delivery.gone() && network_->has(key.peer)) adopt(key, delivery, delivery.peer_back(now));
    note_children();
    return take();
}

Effects Warning::twin_writes(const PeerName& peer, Now now) {
    return at_peer(peer, now, [&](Delivery& delivery) { return delivery.leave_to_twin(now); });
}

Effects Warning::twin_left(const PeerName& peer, Now now) {
    return at_peer(peer, now, [&](Delivery& delivery) { return delivery.twin_left(now); });
}

Effects Warning::learn(const DeliveryKey& key, const DeliveryRecord& theirs, Learning how, const PeersUp& up,
                       Now now) {
    now_ = now;
    if (!network_->has(key.peer)) return {};
    const auto [found, added] =
        deliveries_.try_emplace(key, key.message, tuning_, traits_of(network_->protocol_of(key.peer)));
    Delivery& delivery = found->second;
    adopt(key, delivery, delivery.learn(theirs, how, now));
    if (added && contains(up, key.peer))
        adopt(key, delivery, delivery.link_up(Recovery::kDataAvailable, now));
    if (added && is_of_twin(key.peer)) adopt(key, delivery, delivery.leave_to_twin(now));
    note_children();
    return take();
}

Effects Warning::peer_gone(const PeerName& peer, Now now) {
    return at_peer(peer, now, [&](Delivery& delivery) { return delivery.peer_gone(now); });
}

template <class Call>
Effects Warning::at_peer(const PeerName& peer, Now now, Call&& call) {
    now_ = now;
    const DeliveryKey first{revision_->id, peer, MessageIdentifier{}};
    for (auto at = deliveries_.lower_bound(first); at != deliveries_.end() && at->first.peer == peer; ++at)
        adopt(at->first, at->second, call(at->second));
    note_children();
    return take();
}

template <class Call>
Effects Warning::at_delivery(const DeliveryKey& key, Now now, Call&& call) {
    now_ = now;
    const auto found = deliveries_.find(key);
    if (found != deliveries_.end()) adopt(key, found->second, call(found->second));
    note_children();
    return take();
}

Effects Warning::peer_up(const PeerName& peer, Recovery recovery, Now now) {
    return at_peer(peer, now, [&](Delivery& delivery) { return delivery.link_up(recovery, now); });
}

Effects Warning::peer_down(const PeerName& peer, Now now) {
    return at_peer(peer, now, [&](Delivery& delivery) { return delivery.link_down(now); });
}

Effects Warning::peer_wiped(const PeerName& peer, Now now) {
    return at_peer(peer, now, [&](Delivery& delivery) { return delivery.wiped(now); });
}

Effects Warning::cells_restarted(const PeerName& peer, const std::vector<PlacePattern>& cells,
                                 Recovery recovery, const std::optional<RadioNode>& node, Now now,
                                 MessageKind kind) {
    return at_peer(peer, now, [&](Delivery& delivery) {
        if (!is_of(kind, delivery.identifier())) return DeliveryEffects{};
        return delivery.cells_restarted(cells, recovery, node, now);
    });
}

Effects Warning::reported(const PeerName& peer, const Report& report, Now now) {
    return at_delivery({revision_->id, peer, report.identifier}, now,
                       [&](Delivery& delivery) { return delivery.reported(report, now); });
}

Effects Warning::cells_failed(const PeerName& peer, const std::vector<CellFailure>& cells, Now now,
                              MessageKind kind) {
    return at_peer(peer, now, [&](Delivery& delivery) {
        return is_of(kind, delivery.identifier()) ? delivery.cells_failed(cells, now) : DeliveryEffects{};
    });
}

Effects Warning::answered(const DeliveryKey& key, const PeerAnswer& answer, Now now) {
    return at_delivery(key, now, [&](Delivery& delivery) { return delivery.answered(answer, now); });
}

Effects Warning::timed_out(const DeliveryKey& key, Now now) {
    return at_delivery(key, now, [&](Delivery& delivery) { return delivery.timed_out(now); });
}

const CellCounts& Warning::cell_counts() const {
    if (!counts_) counts_ = count_cells(*this);
    return *counts_;
}

bool Warning::live_at(const PeerName& peer) const {
    const DeliveryKey first{revision_->id, peer, MessageIdentifier{}};
    for (auto at = deliveries_.lower_bound(first); at != deliveries_.end() && at->first.peer == peer; ++at)
        if (at->second.wanted()) return true;
    return false;
}

bool Warning::held_at(const PeerName& peer) const {
    const DeliveryKey first{revision_->id, peer, MessageIdentifier{}};
    for (auto at = deliveries_.lower_bound(first); at != deliveries_.end() && at->first.peer == peer; ++at)
        if (at->second.on_air() != Delivery::OnAir::kNowhere) return true;
    return false;
}

std::optional<base::Instant> Warning::next_civil() const {
    switch (fsm_) {
        case State::kScheduled:
            return revision_->content.schedule.start;
        case State::kSending:
        case State::kBroadcasting:
            return revision_->content.schedule.end;
        case State::kEnding:
        case State::kEnded:
        case State::kStopping:
        case State::kStopped:
        case State::kTraining:
            return kept_until();
        case State::kNew:
        case State::kForgotten:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace cbc
