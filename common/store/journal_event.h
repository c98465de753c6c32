// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What JournalSink's functions put into the store thread's queue.
#pragma once

#include <cstdint>
#include <filesystem>
#include <future>
#include <string>
#include <variant>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/store/journal.h"

namespace store {

struct Replicate {
    Journal* journal;
};
struct Lead {};
struct Follow {};
struct Committed {
    uint64_t index;
    base::Bytes entry;
};
struct NotAppended {
    BatchId batch;
};
struct Lost {
    BatchId batch;
};
struct Sync {
    std::promise<base::Result<uint64_t>> done;
};
struct Restore {
    std::filesystem::path data;
    std::promise<base::Result<void>> done;
};
struct Mark {
    std::string cluster;
    std::promise<base::Result<void>> done;
};
struct Detach {
    std::promise<void> done;
};

using JournalEvent =
    std::variant<Replicate, Lead, Follow, Committed, NotAppended, Lost, Sync, Restore, Mark, Detach>;

}  // namespace store
