// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which operation comes next: registers, counters, transfers and ids, from a seed.
//
// What makes a history easy to judge is arranged here: every value written to a register is written once,
// amounts added to counters differ, and a key is left for a fresh one after some use, or after some changes
// of unknown outcome, which stay open for ever.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/cluster/workload/api.h"
#include "tests/cluster/workload/recorder.h"

namespace workload {

struct Shares {  // of 100
    int registers = 45;
    int counters = 25;
    int bank = 18;
    int ids = 12;
};

struct MixOptions {
    uint64_t seed = 1;
    Shares shares;
    size_t keys = 8;  // registers in use at a time, and as many counters
};

inline constexpr int64_t kBalance = 1000;  // of each account at first
std::vector<std::string> account_names();
Planned bank_creation();

class Mix {
 public:
    Mix(const MixOptions& options, Recorder& recorder);

    Planned next();
    // What became known: guides the next cas, and when a key is left.
    void learned(const Planned& planned, const Answer& answer);

    bool chance(double probability) { return std::uniform_real_distribution<>(0, 1)(engine_) < probability; }
    size_t below(size_t bound) { return std::uniform_int_distribution<size_t>(0, bound - 1)(engine_); }

 private:
    struct InUse {
        std::string key;
        int uses = 0;
        int unknown = 0;
        std::optional<int64_t> value;  // of a register, when last seen
    };
    InUse& pick(std::vector<InUse>& keys, const char* letter);
    InUse* find(const Planned& planned);
    Planned of_register();
    Planned of_counter();
    Planned of_bank();
    Planned of_ids();

    Recorder& recorder_;  // outlives the mix
    const MixOptions options_;
    std::mt19937_64 engine_;
    std::vector<InUse> registers_, counters_;
};

}  // namespace workload
