// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/alarm/alarm.h"

#include <algorithm>
#include <cassert>

#include "common/alarm/record.h"
#include "common/base/uuid.h"
#include "common/store/key.h"

using namespace std::chrono_literals;

namespace alarms {
namespace {

constexpr size_t kChangesKept = 20;   // of one alarm
constexpr size_t kClearedKept = 500;  // alarms that are over
constexpr auto kSaveAgain = 10s;

uint64_t milliseconds(base::Instant instant) {
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(instant.time_since_epoch()).count());
}

bool is_active(const Alarm& alarm) { return alarm.severity != Severity::kCleared; }

std::string key_of(const std::pair<std::string, std::string>& place) {
    return store::Key().text(place.first).text(place.second).octets();
}

}  // namespace

Alarms::Alarms(Parts parts, logs::Log log) : parts_(parts), log_(std::move(log)) { load(); }

void Alarms::load() {
    parts_.store.read()->scan(kTable, "", "", [this](std::string_view key, std::string_view value) {
        auto alarm = decode(value);
        if (!alarm) {
            log_.error("alarm.record.unreadable", {{"key", key}, {"error", alarm.error().text}});
        } else {
            Place place{alarm->object, std::string(alarm->kind->id)};
            entries_[std::move(place)].alarm = std::move(*alarm);
        }
        return true;
    });
}

void Alarms::raise(const Kind& kind, const std::string& object, Severity severity, const std::string& text) {
    assert(find_kind(kind.id) != nullptr);  // a kind belongs into the inventory
    const Place place{object, std::string(kind.id)};
    const auto [at, added] = entries_.try_emplace(place);
    Entry& entry = at->second;
    entry.clearing.reset();
    if (!added && entry.alarm.severity == severity && entry.alarm.text == text) return;
    if (added || !is_active(entry.alarm)) {
        const base::Instant now = parts_.clock.now();
        std::deque<Change> before = std::move(entry.alarm.changes);
        entry.alarm = Alarm{.id = base::new_uuid(milliseconds(now)).text(),
                            .object = object,
                            .kind = find_kind(kind.id),
                            .severity = severity,
                            .text = text,
                            .raised_at = now,
                            .changed_at = now,
                            .cleared_at = {},
                            .acknowledged_by = {},
                            .acknowledged_at = {},
                            .changes = std::move(before)};
    }
    change(entry, severity, text);
    changed(place, entry);
}

void Alarms::clear(const Kind& kind, const std::string& object) {
    const Place place{object, std::string(kind.id)};
    const auto at = entries_.find(place);
    if (at == entries_.end() || !is_active(at->second.alarm) || at->second.clearing != nullptr) return;
    if (kind.clearing == Clearing::kByState) {
        clear_now(place);
    } else {
        at->second.clearing = parts_.timers.after(kDamping, [this, place] { clear_now(place); });
    }
}

void Alarms::clear_now(const Place& place) {
    Entry& entry = entries_.at(place);
    entry.clearing.reset();
    entry.alarm.cleared_at = parts_.clock.now();
    change(entry, Severity::kCleared, entry.alarm.text);
    changed(place, entry);
    forget_old();
}

void Alarms::acknowledge(const std::string& id, const std::string& user, store::Change also,
                         store::OnDone on_done) {
    const auto at = std::find_if(entries_.begin(), entries_.end(),
                                 [&id](const auto& one) { return one.second.alarm.id == id; });
    if (at == entries_.end()) {
        on_done({store::Outcome::kRefused, base::not_found("no alarm has the id " + id.substr(0, 40))});
        return;
    }
    Alarm acknowledged = at->second.alarm;
    if (!acknowledged.acknowledged_by.empty()) {
        on_done({store::Outcome::kOk, {}});
        return;
    }
    acknowledged.acknowledged_by = user;
    acknowledged.acknowledged_at = parts_.clock.now();
    const std::string key = key_of(at->first);
    parts_.store.submit(
        [key, value = encode(acknowledged), also = std::move(also)](store::Transaction& txn) {
            if (auto written = also(txn); !written) return written;
            txn.put(kTable, key, value);
            return base::Result<void>();
        },
        [this, place = at->first, acknowledged, on_done = std::move(on_done),
         alive = std::weak_ptr(alive_)](const store::Done& done) {
            if (!alive.expired() && done.outcome == store::Outcome::kOk)
                note_acknowledged(place, acknowledged);
            on_done(done);
        });
}

// The alarm may have changed while its acknowledgement was written: it is saved once more as it is now.
void Alarms::note_acknowledged(const Place& place, const Alarm& acknowledged) {
    const auto at = entries_.find(place);
    if (at == entries_.end() || at->second.alarm.id != acknowledged.id) return;
    at->second.alarm.acknowledged_by = acknowledged.acknowledged_by;
    at->second.alarm.acknowledged_at = acknowledged.acknowledged_at;
    log_.notice("alarm.acknowledged", {{"alarm", acknowledged.id}, {"user", acknowledged.acknowledged_by}});
    changed(place, at->second);
}

std::vector<const Alarm*> Alarms::all() const {
    std::vector<const Alarm*> out;
    for (const auto& [place, entry] : entries_) out.push_back(&entry.alarm);
    std::sort(out.begin(), out.end(), [](const Alarm* a, const Alarm* b) {
        return std::pair(a->raised_at, a->id) < std::pair(b->raised_at, b->id);
    });
    return out;
}

std::vector<const Alarm*> Alarms::active() const {
    std::vector<const Alarm*> out = all();
    std::erase_if(out, [](const Alarm* alarm) { return !is_active(*alarm); });
    return out;
}

size_t Alarms::count(Severity severity) const {
    return static_cast<size_t>(std::count_if(entries_.begin(), entries_.end(), [severity](const auto& one) {
        return one.second.alarm.severity == severity;
    }));
}

void Alarms::change(Entry& entry, Severity severity, const std::string& text) {
    Alarm& alarm = entry.alarm;
    alarm.severity = severity;
    alarm.text = text;
    alarm.changed_at = parts_.clock.now();
    alarm.changes.push_back({alarm.changed_at, severity, text});
    if (alarm.changes.size() > kChangesKept) alarm.changes.pop_front();
    const auto level = is_active(alarm) ? logs::Level::kWarning : logs::Level::kNotice;
    log_.write(level, is_active(alarm) ? "alarm.raised" : "alarm.cleared",
               {{"kind", alarm.kind->id},
                {"problem", alarm.kind->name},
                {"object", alarm.object},
                {"severity", to_string(severity)},
                {"text", text}});
}

void Alarms::changed(const Place& place, Entry& entry) {
    entry.unsaved = true;
    save(place);
    for (const auto& listener : listeners_) listener(entry.alarm);
}

void Alarms::save(const Place& place) {
    Entry& entry = entries_.at(place);
    if (entry.saving || !entry.unsaved) return;
    entry.saving = true;
    entry.unsaved = false;
    const std::string key = key_of(place);
    parts_.store.submit(
        [key, value = encode(entry.alarm)](store::Transaction& txn) {
            txn.put(kTable, key, value);
            return base::Result<void>();
        },
        [this, place, alive = std::weak_ptr(alive_)](const store::Done& done) {
            if (alive.expired()) return;
            const auto at = entries_.find(place);
            if (at == entries_.end()) return;
            at->second.saving = false;
            if (done.outcome == store::Outcome::kOk) {
                save(place);  // when it changed meanwhile
                return;
            }
            at->second.unsaved = true;
            log_.warning("alarm.unsaved", {{"outcome", to_string(done.outcome)}, {"error", done.error.text}});
            if (retry_ == nullptr) retry_ = parts_.timers.after(kSaveAgain, [this] { save_again(); });
        });
}

void Alarms::save_again() {
    retry_.reset();
    for (auto& [place, entry] : entries_) save(place);
}

void Alarms::forget_old() {
    if (count(Severity::kCleared) <= kClearedKept) return;
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
        if (is_active(at->second.alarm)) continue;
        if (oldest == entries_.end() || at->second.alarm.cleared_at < oldest->second.alarm.cleared_at)
            oldest = at;
    }
    const std::string key = key_of(oldest->first);
    entries_.erase(oldest);
    // When this is lost, the row is read at the next start and forgotten then.
    parts_.store.submit(
        [key](store::Transaction& txn) {
            txn.erase(kTable, key);
            return base::Result<void>();
        },
        [](const store::Done&) {});
}

}  // namespace alarms
