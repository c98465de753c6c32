// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Large imports (a cell table, a price list) in chunks, visible all at once.
//
//     begin_import ─▶ put_chunk 0, 1, 2 ... ─▶ finish_import      one pointer row moves; readers see the new
//     rows
//          │ the same again: goes on where it was                 old rows are erased in slices
//          (collect_imports) └ another token: the unfinished rows are abandoned, and the old importer is
//          refused from then on
//
// The rows of one import lie in one table under its generation: generation number, then the row's key. No
// chunk is larger than an entry of the journal. Every step is idempotent, and so repeated after kUnknown,
// also at another node: whoever knows the token and has the same chunks goes on where begin_import() says.
//
// The functions run inside changes; Importer (importer.h) drives them from one node's loop.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/uuid.h"
#include "common/store/store.h"

namespace store {

constexpr std::string_view kImportTable = "import";

struct ImportName {
    std::string name;   // what it is: "cells"; one import of a name at a time
    std::string table;  // where its rows are, and nobody else's
};

struct ImportedRow {
    std::string key;
    std::string value;
};

// So that a chunk with its book-keeping fits an entry; see chunk_bytes().
constexpr size_t kChunkBytesMax = size_t{512} << 10;
size_t chunk_bytes(const ImportName& import, const std::vector<ImportedRow>& rows);

struct ImportBegun {
    uint64_t generation;
    uint64_t next_chunk;  // 0 unless it goes on
};
// The token tells this import from any other that begins.
base::Result<ImportBegun> begin_import(Transaction& txn, const ImportName& import, const base::Uuid& token);
// kConflict: another import began meanwhile, or this is not the next chunk; kLimit: too large. One that was
// put already is not put again.
base::Result<void> put_chunk(Transaction& txn, const ImportName& import, const base::Uuid& token,
                             uint64_t chunk, const std::vector<ImportedRow>& rows);
// `chunks`: how many there were, all of which must have been put.
base::Result<void> finish_import(Transaction& txn, const ImportName& import, const base::Uuid& token,
                                 uint64_t chunks);
// Erases up to `rows_max` rows of generations that nobody reads any more. False: there are none left.
bool collect_imports(Transaction& txn, size_t rows_max);

// What was imported last, as one reader sees it.
class Imported {
 public:
    Imported(const Reader& reader, const ImportName& import);
    // None: nothing was ever imported.
    const std::optional<uint64_t>& generation() const { return generation_; }
    std::optional<std::string> get(std::string_view key) const;
    // As Reader::scan.
    void scan(std::string_view prefix, std::string_view from,
              const std::function<bool(std::string_view key, std::string_view value)>& each) const;

 private:
    const Reader& reader_;
    const std::string table_;
    std::optional<uint64_t> generation_;
    std::string beginning_;
};

}  // namespace store
