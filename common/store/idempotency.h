// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What was answered under an idempotency key, so that a client which never heard the answer can ask again.
//
//     [=](Transaction& txn) -> Result<void> {
//         const auto before = find_response(txn, key, digest);
//         if (!before) return before.error();               // the key stands for another request: kConflict
//         if (*before) { *answer = **before; return {}; }    // done already: the same answer again
//         ... decide, put ...
//         keep_response(txn, key, digest, *answer, now);
//     }
//
// The response is put in the transaction of what it stands for, so a repeat finds either both or neither,
// whichever node it asks. It is kept for a day; forget_responses() erases what is older, in slices.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/loop/loop.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace store {

constexpr std::chrono::hours kResponseKept{24};

struct RequestKey {
    std::string caller;  // keys of two callers are two keys, even if they are alike
    std::string key;     // as the client gave it; of any length
};

// `digest`: of everything in the request that makes it this one. Nothing: not seen, or forgotten.
base::Result<std::optional<std::string>> find_response(const Reader& reader, const RequestKey& key,
                                                       std::string_view digest);
// `response`: UTF-8; it counts towards the size of the change.
void keep_response(Transaction& txn, const RequestKey& key, std::string_view digest,
                   std::string_view response, base::Instant now);
// At most `limit` of those older than a day, oldest first. How many there were.
size_t forget_responses(Transaction& txn, base::Instant now, size_t limit);

// Forgets every ten minutes, as bulk changes, on the node that leads. Lives on the loop's thread.
class ResponsePruner {
 public:
    // All outlive it.
    ResponsePruner(Store& store, loop::Timers& timers, const base::Clock& clock);
    ~ResponsePruner();
    ResponsePruner(const ResponsePruner&) = delete;
    ResponsePruner& operator=(const ResponsePruner&) = delete;

 private:
    struct Alive {
        ResponsePruner* pruner;
    };
    void prune();

    Store& store_;
    const base::Clock& clock_;
    bool is_under_way_ = false;
    std::shared_ptr<Alive> alive_;
    loop::HandlePtr timer_;
};

}  // namespace store
