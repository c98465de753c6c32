// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Drives one import (import.h) from a node's loop: reads rows, puts them chunk by chunk as bulk changes, and
// makes them visible at the end.
//
// One chunk is under way at a time. A step that is answered kUnknown, kNotLeader, or refused for a reason
// that passes is asked again, with a back-off, until `patience` is over for it; then the import ends with
// that error. It is not lost: with the same token and the same rows in the same order it goes on, here or on
// another node. After it ended well, old rows are collected in slices. Lives on the loop's thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "common/loop/loop.h"
#include "common/store/import.h"

namespace store {

class Importer {
 public:
    struct Setup {
        Store& store;          // outlive the importer
        loop::Timers& timers;  //
        ImportName import;
        base::Uuid token;
        // The next row; none: that was all. Called on the loop: from memory, or in short reads.
        std::function<base::Result<std::optional<ImportedRow>>()> next;
        // Once: the number of rows, or why not. May destroy the importer.
        std::function<void(const base::Result<uint64_t>&)> on_end;
        std::chrono::milliseconds first_back_off{100};  // doubled at each failure
        std::chrono::milliseconds patience{60'000};     // for one step
    };
    explicit Importer(Setup setup);
    // What is not under way any more is abandoned.
    ~Importer();
    Importer(const Importer&) = delete;
    Importer& operator=(const Importer&) = delete;

    void start();

 private:
    struct Alive {
        Importer* importer;
    };
    enum class Step { kBegin, kChunk, kFinish, kCollect };
    void submit();
    Change change() const;
    void answered(const Done& done);
    void went_well();
    void try_again();
    void next_chunk();
    base::Result<std::vector<ImportedRow>> read_chunk();
    void end(const base::Result<uint64_t>& result);

    Setup setup_;
    Step step_ = Step::kBegin;
    uint64_t chunk_ = 0;  // the one under way, or that comes next
    uint64_t skip_ = 0;   // chunks that an earlier attempt has put
    uint64_t rows_ = 0;
    std::shared_ptr<const std::vector<ImportedRow>> rows_under_way_;
    std::optional<ImportedRow> left_over_;  // of the last chunk: it had no room
    // What the change found out, handed over by its answer.
    struct Found {
        uint64_t next_chunk = 0;
        bool has_more = false;
    };
    std::shared_ptr<Found> found_;
    std::chrono::milliseconds waited_{0};
    std::chrono::milliseconds back_off_{0};
    loop::HandlePtr timer_;
    std::shared_ptr<Alive> alive_;
};

}  // namespace store
