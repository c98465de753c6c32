// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What lies on the loop's side of a store: who listens, and what the store thread has settled on its way to
// them. Shared by the store and by the jobs it posted, which may still be in the loop's inbox when the store
// is gone.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "common/store/store.h"
#include "common/store/write_set.h"

namespace store {

// One thing that happened on the store thread: a batch with its answers, mostly.
struct Settled {
    WriteSet writes;
    std::vector<std::string> faults;
    struct Answer {
        OnDone on_done;
        Done done;
    };
    std::vector<Answer> answers;
    std::optional<base::Error> broken;  // the disk failed; nothing more is written in this life

    struct Reset {
        uint64_t last_batch;
    };
    std::optional<Reset> reset;  // another environment took the place of ours
    std::optional<bool> leads;
    struct Stall {
        std::optional<base::Error> why;  // none: over
    };
    std::optional<Stall> stall;
};

class LoopSide {
 public:
    struct Callbacks {
        std::function<void(const base::Error&)> on_broken;
        std::function<void(const std::optional<base::Error>&)> on_stalled;
    };
    LoopSide(logs::Log log, uint64_t applied, bool leads, Callbacks callbacks);

    // Any thread. True: nothing else was waiting, so the loop is to be told.
    bool add(Settled settled);
    // Store thread: while very much waits for the loop, waits too, a fifth of a second at most. Entries that
    // are read from a journal come faster than listeners may take them.
    void wait_for_room();

    // Loop thread.
    void deliver_all();
    void listen(std::string_view table, Store::Applied applied);
    void listen_reset(std::function<void()> reset) { reset_listeners_.push_back(std::move(reset)); }
    void listen_leads(std::function<void(bool)> changed) { leads_listeners_.push_back(std::move(changed)); }
    uint64_t applied() const { return applied_; }
    bool leads() const { return leads_; }

 private:
    void deliver(const Settled& settled);
    void deliver_rows(const WriteSet& writes);
    void deliver_state(const Settled& settled);
    void report_broken(const base::Error& error);

    logs::Log log_;
    uint64_t applied_;
    bool leads_;
    Callbacks callbacks_;
    std::map<std::string, std::vector<Store::Applied>, std::less<>> listeners_;
    std::vector<std::function<void()>> reset_listeners_;
    std::vector<std::function<void(bool)>> leads_listeners_;
    std::mutex mutex_;
    std::condition_variable taken_;
    std::vector<Settled> arrived_;  // with the mutex
    size_t octets_ = 0;             // of rows that arrived and are not yet delivered; with the mutex
};

}  // namespace store
