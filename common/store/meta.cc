// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/meta.h"

#include <charconv>
#include <optional>
#include <string>

namespace store {
namespace {

constexpr std::string_view kLayoutKey = "layout";
constexpr std::string_view kLevelKey = "schema-level";
constexpr std::string_view kLastBatchKey = "last-batch";
constexpr std::string_view kJournalIndexKey = "journal-index";
constexpr std::string_view kClusterKey = "cluster";
constexpr uint64_t kLayout = 1;  // keys are `table NUL key` in the unnamed database

base::Result<uint64_t> number(std::string_view key, const std::optional<std::string>& text) {
    uint64_t value = 0;
    if (text) {
        const char* end = text->data() + text->size();
        const auto [rest, code] = std::from_chars(text->data(), end, value);
        if (code == std::errc() && rest == end && !text->empty()) return value;
    }
    return base::Error{base::ErrorKind::kCorrupt, "meta/" + std::string(key) + ": no number"};
}

base::Result<Meta> write_new(LmdbEnv& env, uint32_t newest_level) {
    auto txn = env.begin_write();
    if (!txn) return lmdb_error("begin", txn.error());
    int code = txn->put(kMetaTable, kLayoutKey, std::to_string(kLayout));
    if (code == 0) code = txn->put(kMetaTable, kLevelKey, std::to_string(newest_level));
    if (code == 0) code = put_last_batch(*txn, 0);
    if (code == 0) code = txn->commit();
    if (code != 0) return lmdb_error("write the first rows", code);
    return Meta{newest_level, 0};
}

}  // namespace

base::Result<Meta> open_meta(LmdbEnv& env, uint32_t newest_level) {
    const auto txn = env.begin_read();
    if (!txn) return lmdb_error("begin", txn.error());
    if (!txn->get(kMetaTable, kLayoutKey)) return write_new(env, newest_level);
    auto meta = read_meta(*txn);
    if (meta && meta->schema_level > newest_level) {
        return base::refused("written by a newer release (level " + std::to_string(meta->schema_level) +
                             "; this one knows level " + std::to_string(newest_level) +
                             "); install that release again");
    }
    return meta;
}

base::Result<Meta> read_meta(const LmdbTxn& txn) {
    const auto layout = number(kLayoutKey, txn.get(kMetaTable, kLayoutKey));
    if (!layout) return layout.error();
    if (*layout > kLayout) {
        return base::refused("written by a newer release (layout " + std::to_string(*layout) +
                             "; this one knows layout " + std::to_string(kLayout) +
                             "); install that release again");
    }
    const auto level = number(kLevelKey, txn.get(kMetaTable, kLevelKey));
    if (!level) return level.error();
    const auto last_batch = number(kLastBatchKey, txn.get(kMetaTable, kLastBatchKey));
    if (!last_batch) return last_batch.error();
    Meta meta{static_cast<uint32_t>(*level), *last_batch};
    if (const auto row = txn.get(kMetaTable, kJournalIndexKey)) {
        const auto index = number(kJournalIndexKey, row);
        if (!index) return index.error();
        meta.journal_index = *index;
    }
    meta.cluster = txn.get(kMetaTable, kClusterKey).value_or("");
    return meta;
}

base::Result<Meta> read_meta(const LmdbEnv& env) {
    const auto txn = env.begin_read();
    if (!txn) return lmdb_error("begin", txn.error());
    return read_meta(*txn);
}

int put_last_batch(LmdbTxn& txn, uint64_t batch_id) {
    return txn.put(kMetaTable, kLastBatchKey, std::to_string(batch_id));
}

int put_journal_index(LmdbTxn& txn, uint64_t index) {
    return txn.put(kMetaTable, kJournalIndexKey, std::to_string(index));
}

int put_cluster(LmdbTxn& txn, std::string_view cluster) {
    if (!cluster.empty()) {
        const int code = txn.put(kMetaTable, kClusterKey, cluster);
        return code == 0 ? put_journal_index(txn, 0) : code;
    }
    for (const auto key : {kClusterKey, kJournalIndexKey})
        if (const auto erased = txn.erase(kMetaTable, key); !erased) return erased.error();
    return 0;
}

base::Result<uint32_t> schema_level(const Reader& reader) {
    const auto level = number(kLevelKey, reader.get(kMetaTable, kLevelKey));
    if (!level) return level.error();
    return static_cast<uint32_t>(*level);
}

base::Result<void> raise_schema_level(Transaction& txn, uint32_t level) {
    const auto now = schema_level(txn);
    if (!now) return now.error();
    if (level < *now) {
        return base::refused("records are at level " + std::to_string(*now) + " already; level " +
                             std::to_string(level) + " is lower");
    }
    if (level > *now) txn.put(kMetaTable, kLevelKey, std::to_string(level));
    return {};
}

}  // namespace store
