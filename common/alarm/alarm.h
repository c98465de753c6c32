// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The daemon's list of alarms: raised, changed, cleared, acknowledged, and kept over restarts.
//
// Same object and same kind is one alarm, whatever happens to it; its last changes are kept with it. Whoever
// sees the condition calls raise() and clear() as often as it likes. The list in memory is what counts: a
// store that does not answer (one of the things alarms are about) delays only the copy on disk.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "common/alarm/kind.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace alarms {

struct Change {
    base::Instant time;
    Severity severity;
    std::string text;
};

struct Alarm {
    std::string id;      // UUID of this list's entry
    std::string object;  // managed object: "cbc/peers/bsc-1"
    const Kind* kind;    // of the inventory
    Severity severity;   // kCleared: it is history
    std::string text;
    base::Instant raised_at;
    base::Instant changed_at;
    base::Instant cleared_at;     // epoch: it has not been
    std::string acknowledged_by;  // empty: nobody
    base::Instant acknowledged_at;
    std::deque<Change> changes;  // the last ones, oldest first
};

nlohmann::ordered_json to_json(const Alarm& alarm);

class Alarms {
 public:
    struct Parts {  // all outlive it
        store::Store& store;
        loop::Timers& timers;
        const base::Clock& clock;
    };
    // Reads the list from the store.
    Alarms(Parts parts, logs::Log log);
    Alarms(const Alarms&) = delete;
    Alarms& operator=(const Alarms&) = delete;

    // Names the condition anew at each call; only a difference changes anything.
    void raise(const Kind& kind, const std::string& object, Severity severity, const std::string& text);
    // The condition is over. Damped kinds are cleared when it has stayed so for 30 s.
    void clear(const Kind& kind, const std::string& object);
    // Durable together with what `also` writes (the audit record) before anybody is told. kRefused with
    // kNotFound: no alarm has that id. Acknowledging twice keeps the first.
    void acknowledge(const std::string& id, const std::string& user, store::Change also,
                     store::OnDone on_done);

    std::vector<const Alarm*> active() const;  // oldest first; valid until the next change
    std::vector<const Alarm*> all() const;     // with the cleared ones that are still kept
    size_t count(Severity severity) const;     // of active alarms
    // Called after each change, for event streams and metrics.
    void on_change(std::function<void(const Alarm&)> changed) { listeners_.push_back(std::move(changed)); }

    static constexpr std::string_view kTable = "alarm";
    static constexpr std::chrono::seconds kDamping{30};

 private:
    using Place = std::pair<std::string, std::string>;  // object, id of the kind
    struct Entry {
        Alarm alarm;
        loop::HandlePtr clearing;  // armed while the good state is young
        bool unsaved = false;
        bool saving = false;
    };

    void load();
    void change(Entry& entry, Severity severity, const std::string& text);
    void clear_now(const Place& place);
    void note_acknowledged(const Place& place, const Alarm& acknowledged);
    void changed(const Place& place, Entry& entry);
    void save(const Place& place);
    void save_again();
    void forget_old();

    Parts parts_;
    logs::Log log_;
    std::map<Place, Entry> entries_;
    std::vector<std::function<void(const Alarm&)>> listeners_;
    loop::HandlePtr retry_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();  // the store's late answers look at it
};

}  // namespace alarms
