// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A journal of one node, for the proofs of durability: entries appended to files and synced before they are
// committed, all of them handed over again at the next start, cut only behind JournalSink::sync().
//
// Files `journal-<index of the first entry, 20 digits>` of about 256 KiB. An entry: octets u32, index u64,
// check sum u64, octets. What follows the first entry that is not whole was never committed.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "common/base/fd.h"
#include "common/store/journal.h"

class FileJournal final : public store::Journal {
 public:
    // Ends the process when the directory cannot be used: this is a test's journal.
    FileJournal(std::filesystem::path directory, bool cuts_unsynced);
    ~FileJournal() override;

    // Hands over what is there, and leads from then on.
    void start(store::JournalSink& sink);
    void propose(store::BatchId batch, base::Bytes entry) override;

 private:
    uint64_t replay(const std::filesystem::path& file, uint64_t expected);
    void run();
    void append(const base::Bytes& entry);
    void open_file();
    void cut();

    const std::filesystem::path directory_;
    const bool cuts_unsynced_;  // a mistake to be found: cuts without asking the store
    store::JournalSink* sink_ = nullptr;
    uint64_t next_ = 1;
    base::Fd file_;
    size_t in_file_ = 0;

    std::mutex mutex_;
    std::condition_variable something_;
    std::optional<base::Bytes> proposed_;
    bool is_over_ = false;
    std::thread thread_;
};
