// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The store's side of the journal as far as copies go: a "copy" is a line that says what it is, and octets
// that follow from it. Two sinks with the same cluster, index and size give the same octets.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "common/store/environment_copy.h"
#include "common/store/journal.h"

namespace test {

class FakeSink : public store::JournalSink {
 public:
    std::atomic<uint64_t> index = 100;
    std::string name = "c1";
    size_t octets = 20'000;
    std::atomic<int> copies = 0;
    std::function<base::Result<void>()> before_copy = [] { return base::Result<void>(); };

    std::string content() const;
    static base::Result<store::CopyFacts> inspect(const std::filesystem::path& data);

    base::Result<uint64_t> copy(const Take& take) override;
    uint64_t applied_index() const override { return index; }
    std::string cluster() const override { return name; }

    void lead() override {}
    void follow() override {}
    void committed(uint64_t, base::Bytes) override {}
    void not_appended(store::BatchId) override {}
    void lost(store::BatchId) override {}
    std::future<base::Result<uint64_t>> sync() override { return {}; }
    std::future<base::Result<void>> restore(const std::filesystem::path&) override { return {}; }
    std::future<base::Result<void>> mark(std::string) override { return {}; }
    std::future<void> detach() override { return {}; }
    uint64_t waiting_octets() const override { return 0; }
    base::Result<void> state() const override { return {}; }
};

}  // namespace test
