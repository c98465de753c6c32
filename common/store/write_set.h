// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What one batch wrote, in order: enough to repeat it elsewhere without its domain logic.
//
// A store numbers its batches from 1 and keeps the number of the last one beside the rows, in the same
// transaction. A replicated store sends the write set to the other nodes as an entry (entry.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/store/blobs.h"

namespace store {

struct WrittenRow {
    std::string table;
    std::string key;
    std::optional<std::string> value;  // none: erased
};

class WriteSet {
 public:
    // What an entry takes without rows, and with a row or a blob: not less than entry.h writes.
    static constexpr size_t kOverhead = 32;
    static constexpr size_t kRowOverhead = 12;
    static constexpr size_t kBlobOverhead = 32;
    static constexpr size_t kBlobsMax = 1024;
    static size_t row_bytes(std::string_view table, std::string_view key, std::string_view value) {
        return kRowOverhead + table.size() + key.size() + value.size();
    }

    void put(std::string_view table, std::string_view key, std::string_view value) {
        bytes_ += row_bytes(table, key, value);
        rows_.push_back({std::string(table), std::string(key), std::string(value)});
    }
    void erase(std::string_view table, std::string_view key) {
        bytes_ += row_bytes(table, key, {});
        rows_.push_back({std::string(table), std::string(key), std::nullopt});
    }
    // Named once, however often it is needed.
    void needs(const BlobId& blob) {
        if (std::find(blobs_.begin(), blobs_.end(), blob) != blobs_.end()) return;
        bytes_ += kBlobOverhead;
        blobs_.push_back(blob);
    }

    bool empty() const { return rows_.empty(); }
    size_t bytes() const { return bytes_; }  // at least what it takes as an entry
    const std::vector<WrittenRow>& rows() const { return rows_; }
    const std::vector<BlobId>& blobs() const { return blobs_; }

    uint64_t batch_id = 0;

 private:
    std::vector<WrittenRow> rows_;
    std::vector<BlobId> blobs_;
    size_t bytes_ = kOverhead;
};

}  // namespace store
