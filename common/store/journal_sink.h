// SPDX-License-Identifier: AGPL-3.0-or-later
//
// JournalSink as the store's users see it: events for the store thread's queue, and answers from its figures.
#pragma once

#include "common/store/commit_queue.h"
#include "common/store/env_slot.h"
#include "common/store/journal.h"
#include "common/store/replication.h"

namespace store {

class QueueSink final : public JournalSink {
 public:
    // All outlive it.
    QueueSink(CommitQueue& queue, EnvSlot& env, ReplicationFigures& figures)
        : queue_(queue), env_(env), figures_(figures) {}

    void lead() override;
    void follow() override;
    void committed(uint64_t index, base::Bytes entry) override;
    void not_appended(BatchId batch) override;
    void lost(BatchId batch) override;
    std::future<base::Result<uint64_t>> sync() override;
    std::future<base::Result<void>> restore(const std::filesystem::path& data) override;
    base::Result<uint64_t> copy(const Take& take) override;
    std::future<base::Result<void>> mark(std::string cluster) override;
    std::future<void> detach() override;
    uint64_t applied_index() const override { return figures_.applied_index; }
    uint64_t waiting_octets() const override { return figures_.waiting_octets; }
    std::string cluster() const override;
    base::Result<void> state() const override;

 private:
    CommitQueue& queue_;
    EnvSlot& env_;
    ReplicationFigures& figures_;
};

}  // namespace store
