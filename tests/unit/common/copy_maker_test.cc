// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/copy_maker.h"

#include "common/store/meta.h"
#include "tests/support/fake_sink.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;

replica::CopyOrder order_in(const test::TempDir& dir) {
    replica::CopyOrder order;
    order.directory = dir.path();
    order.chunk_octets = 4096;
    order.octets_per_second = 0;
    order.keep_free = 0;
    return order;
}

bool is_empty(const test::TempDir& dir) { return std::filesystem::is_empty(dir.path()); }

// An environment of a cluster, copied as the store does it.
class RealSink final : public test::FakeSink {
 public:
    explicit RealSink(const test::TempDir& dir) {
        auto opened = store::LmdbEnv::open(dir / "store", uint64_t{64} << 20);
        CHECK_OK(opened);
        env_ = std::move(*opened);
        CHECK_OK(store::open_meta(*env_, 1));
        auto txn = env_->begin_write();
        CHECK(txn);
        CHECK_EQ(store::put_cluster(*txn, "harbour"), 0);
        CHECK_EQ(store::put_journal_index(*txn, 7), 0);
        for (int row = 0; row < 100; ++row)
            CHECK_EQ(txn->put("row", std::to_string(row), std::string(500, 'x')), 0);
        CHECK_EQ(txn->commit(), 0);
    }
    base::Result<uint64_t> copy(const Take& take) override {
        if (auto copied = store::copy_environment(*env_, take); !copied) return copied.error();
        return uint64_t{7};
    }

 private:
    std::unique_ptr<store::LmdbEnv> env_;
};

void an_environment_is_copied_and_opened_before_it_is_named() {
    const test::TempDir dir, source;
    RealSink sink(source);
    replica::CopyTask task;
    const auto manifest = replica::make_copy(sink, order_in(dir), task);
    CHECK_OK(manifest);
    CHECK_EQ(manifest->index, 7u);
    CHECK_EQ(manifest->cluster, "harbour");
    CHECK_EQ(task.octets(), manifest->octets);
    const auto copies = replica::list_copies(dir.path());
    CHECK_EQ(copies.size(), 1u);
    CHECK(copies[0] == *manifest);
    CHECK(store::inspect_copy(replica::copy_path(dir.path(), manifest->id()))->rows >= 100);
}

void what_is_no_environment_is_not_named() {
    const test::TempDir dir;
    test::FakeSink sink;  // its copies are not LMDB's
    replica::CopyTask task;
    CHECK(!replica::make_copy(sink, order_in(dir), task));
    CHECK(is_empty(dir));
}

void one_that_is_told_to_stop_leaves_nothing() {
    const test::TempDir dir;
    test::FakeSink sink;
    replica::CopyTask task;
    task.stop();
    CHECK_EQ(replica::make_copy(sink, order_in(dir), task).error().kind, ErrorKind::kUnavailable);
    CHECK(is_empty(dir));
}

}  // namespace

GROUP(copy_maker, CASE(an_environment_is_copied_and_opened_before_it_is_named),
      CASE(what_is_no_environment_is_not_named), CASE(one_that_is_told_to_stop_leaves_nothing))
