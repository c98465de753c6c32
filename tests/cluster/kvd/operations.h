// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What kvd can do to its rows, each a decision and its writes in one transaction. A refusal comes before the
// first write. The answer is the body for the client.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "common/store/blobs.h"
#include "tests/cluster/kvd/records.h"

namespace kvd {

using Json = nlohmann::ordered_json;
using Accounts = std::map<std::string, int64_t>;

struct Swap {
    std::optional<int64_t> from;  // none: only when there is no register of that name
    int64_t to = 0;
};

struct Transfer {
    std::string from;
    std::string to;
    int64_t amount = 0;
};

class Operations {
 public:
    // `known`: the newest form of rows that this node reads.
    explicit Operations(Level known) : known_(known) {}

    base::Result<Json> set_register(store::Transaction& txn, const std::string& key, int64_t value) const;
    // kConflict when the register is something else.
    base::Result<Json> swap_register(store::Transaction& txn, const std::string& key, const Swap& swap) const;
    base::Result<Json> add(store::Transaction& txn, const std::string& key, int64_t by) const;
    // The accounts that are named, and no others from then on.
    base::Result<Json> set_accounts(store::Transaction& txn, const Accounts& accounts) const;
    // kConflict when there is not so much in it.
    base::Result<Json> transfer(store::Transaction& txn, const Transfer& transfer) const;
    base::Result<Json> take_id(store::Transaction& txn) const;
    base::Result<Json> name_blob(store::Transaction& txn, const store::BlobId& id, size_t octets) const;
    // kConflict when this node does not know the form, or the level would fall.
    base::Result<Json> raise_level(store::Transaction& txn, Level level) const;

    // {"value": 7} or {"value": null}.
    base::Result<Json> number(const store::Reader& reader, std::string_view table,
                              std::string_view key) const;
    base::Result<Json> accounts(const store::Reader& reader) const;
    base::Result<Json> ids(const store::Reader& reader) const;

 private:
    Level known_;
};

}  // namespace kvd
