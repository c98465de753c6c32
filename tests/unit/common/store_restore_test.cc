// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Copies, generations and the mark of a cluster.
#include <fstream>

#include "common/store/environment_copy.h"
#include "common/store/store_directory.h"
#include "tests/support/replicated_store.h"

namespace {

using base::ErrorKind;
using store::Outcome;
using test::foreign_entry;
using test::ReplicatedBench;
namespace fs = std::filesystem;

// A copy of the store in a file beside it.
fs::path copy_of(ReplicatedBench& b, const std::string& name = "copy") {
    const auto path = b.bench.directory().parent_path() / name;
    std::ofstream out(path, std::ios::binary);
    const auto copied = b.sink->copy([&](base::ByteView octets) -> base::Result<void> {
        out.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
        return {};
    });
    CHECK_OK(copied);
    return path;
}

// A node with `entries` entries, of the cluster.
struct Node : ReplicatedBench {
    explicit Node(uint64_t entries, const std::string& cluster = "region",
                  const std::function<void(store::StoreConfig&)>& adjust = {})
        : ReplicatedBench(adjust) {
        CHECK_OK(sink->mark(cluster).get());
        apply(entries);
    }
    void apply(uint64_t entries) {
        const uint64_t first = sink->applied_index() + 1;
        for (uint64_t i = first; i < first + entries; ++i)
            sink->committed(i, foreign_entry(std::to_string(i % 50), std::to_string(i)));
        settle();
    }
};

void a_copy_says_what_it_is_and_has_every_row() {
    Node from(200);
    const auto path = copy_of(from);
    const auto facts = store::inspect_copy(path);
    CHECK_OK(facts);
    CHECK_EQ(facts->meta.cluster, "region");
    CHECK_EQ(facts->meta.journal_index, uint64_t{200});
    CHECK_EQ(facts->meta.last_batch, uint64_t{200});
    CHECK_EQ(facts->rows, uint64_t{50 + 5});  // and those of meta
    CHECK_EQ(store::read_copy_meta(path)->journal_index, uint64_t{200});
    CHECK(!fs::exists(path.string() + "-lock"));
}

void a_copy_ends_when_nobody_takes_it() {
    Node from(200);
    int taken = 0;
    const auto copied = from.sink->copy([&](base::ByteView) -> base::Result<void> {
        ++taken;
        return base::refused("enough");
    });
    CHECK(!copied);
    CHECK_EQ(copied.error().text, "enough");
    CHECK_EQ(taken, 1);
}

void a_copy_that_is_cut_or_is_none_is_corrupt() {
    Node from(200);
    const auto path = copy_of(from);
    const auto size = fs::file_size(path);
    for (const auto length :
         {uint64_t{0}, uint64_t{100}, uint64_t{4096}, uint64_t{8192}, size - 4096, size - 1}) {
        const auto cut = path.parent_path() / "cut";
        fs::copy_file(path, cut, fs::copy_options::overwrite_existing);
        fs::resize_file(cut, length);
        const auto facts = store::inspect_copy(cut);
        CHECK(!facts);
        const auto restored = from.sink->restore(cut).get();
        CHECK(!restored);
    }
    std::ofstream(path.parent_path() / "other") << std::string(100'000, 'x');
    CHECK_EQ(store::inspect_copy(path.parent_path() / "other").error().kind, ErrorKind::kCorrupt);
    CHECK(!store::inspect_copy(path.parent_path() / "not-there"));
    CHECK_EQ(from.get("49"), "199");
}

void a_restored_store_goes_on_where_the_copy_ends() {
    Node from(200);
    ReplicatedBench to;
    to.sink->committed(1, foreign_entry("mine", "old"));
    to.settle();
    const auto before = to.bench.store().read();
    int resets = 0;
    to.bench.store().on_reset([&] { ++resets; });
    CHECK_OK(to.sink->restore(copy_of(from)).get());
    to.settle();
    CHECK_EQ(resets, 1);
    CHECK_EQ(before->get("t", "mine").value_or("none"), "old");  // readers keep what they had
    CHECK_EQ(to.get("mine"), "none");
    CHECK_EQ(to.get("49"), "199");
    CHECK_EQ(to.sink->applied_index(), uint64_t{200});
    CHECK_EQ(to.sink->cluster(), "region");
    CHECK_EQ(to.bench.store().applied_index(), uint64_t{200});
    std::string seen;
    to.bench.store().on_applied("t", [&](std::string_view key, const auto&) { seen += key; });
    to.sink->committed(200, foreign_entry("x", "again"));
    to.sink->committed(201, foreign_entry("y", "1"));
    to.settle();
    CHECK_EQ(seen, "y");
    CHECK_EQ(before->get("t", "y").value_or("none"), "none");
}

void a_restored_store_is_found_again_after_a_restart_and_the_old_one_is_gone() {
    Node from(200);
    ReplicatedBench to;
    CHECK_OK(to.sink->restore(copy_of(from)).get());
    const auto directory = to.bench.directory();
    CHECK(!fs::exists(directory / "data.mdb"));
    to.restart();
    CHECK_EQ(to.get("49"), "199");
    from.apply(10);
    CHECK_OK(to.sink->restore(copy_of(from, "second")).get());
    to.restart();
    CHECK_EQ(to.sink->applied_index(), uint64_t{210});
    size_t generations = 0;
    for (const auto& one : fs::directory_iterator(directory)) generations += one.is_directory() ? 1 : 0;
    CHECK_EQ(generations, size_t{1});
}

void a_held_batch_is_unknown_when_the_store_is_replaced() {
    Node from(200);
    ReplicatedBench to;
    to.sink->lead();
    to.submit("a", "1");
    const auto proposed = to.journal.next();
    CHECK_OK(to.sink->restore(copy_of(from)).get());
    CHECK_EQ(to.outcome(0), Outcome::kUnknown);
    to.sink->lost(proposed.batch);
    to.settle();
    CHECK_EQ(to.get("a"), "none");
}

void a_copy_of_another_cluster_or_an_older_one_is_refused() {
    Node old(100);
    Node ours(200);
    Node other(300, "elsewhere");
    const auto of_other = ours.sink->restore(copy_of(other)).get();
    CHECK_EQ(of_other.error().kind, ErrorKind::kConflict);
    CHECK(of_other.error().text.find("elsewhere") != std::string::npos);
    CHECK_EQ(ours.sink->restore(copy_of(old)).get().error().kind, ErrorKind::kConflict);
    CHECK_EQ(ours.sink->applied_index(), uint64_t{200});
    CHECK(fs::exists(old.bench.directory().parent_path() / "copy"));  // it was not moved
}

void a_copy_of_a_newer_release_is_refused() {
    Node newer(10, "region", [](store::StoreConfig& config) { config.schema_level = 2; });
    ReplicatedBench to;
    CHECK_EQ(to.sink->restore(copy_of(newer)).get().error().kind, ErrorKind::kRefused);
}

void what_a_crash_left_of_a_restore_is_removed() {
    Node from(200);
    const auto copy = copy_of(from);
    ReplicatedBench to;
    to.sink->committed(1, foreign_entry("mine", "kept"));
    to.settle();
    const auto directory = to.bench.directory();
    to.sink->detach().get();
    to.bench.close();
    {  // crashed before `current` was renamed
        auto opened = store::StoreDirectory::open(directory);
        CHECK_OK(opened);
        CHECK_OK(opened->prepare(copy));
    }
    to.bench.reopen();
    to.connect();
    CHECK_EQ(to.get("mine"), "kept");
    CHECK(!fs::exists(directory / "gen-1"));
    to.sink->detach().get();
    to.bench.close();
    {  // crashed after it, before the old one was removed
        auto opened = store::StoreDirectory::open(directory);
        CHECK_OK(opened);
        CHECK_OK(opened->prepare(copy_of(from)));
        CHECK_OK(opened->switch_over());
    }
    CHECK(fs::exists(directory / "data.mdb"));
    to.bench.reopen();
    to.connect();
    CHECK_EQ(to.get("mine") + to.get("49"), "none199");
    CHECK(!fs::exists(directory / "data.mdb"));
}

void a_current_that_names_nothing_is_not_taken_for_an_empty_store() {
    ReplicatedBench b;
    const auto directory = b.bench.directory();
    b.sink->detach().get();
    b.sink = nullptr;
    b.bench.close();
    for (const char* text : {"gen-9\n", "", "gen-x", "../elsewhere"}) {
        std::ofstream(directory / "current") << text;
        const auto opened = store::LmdbStore::open(b.bench.config(), b.bench.loop(), logs::Log::discard());
        CHECK(!opened);
        CHECK_EQ(opened.error().kind, ErrorKind::kCorrupt);
    }
}

void a_marked_store_is_refused_alone_and_follows_nobody_without_a_journal() {
    Node b(3);
    b.sink->detach().get();
    b.bench.close();
    b.bench.config().may_be_member = false;
    const auto alone = store::LmdbStore::open(b.bench.config(), b.bench.loop(), logs::Log::discard());
    CHECK(!alone);
    CHECK_EQ(alone.error().kind, ErrorKind::kRefused);
    CHECK(alone.error().text.find("cluster region") != std::string::npos);
    b.bench.config().may_be_member = true;
    b.bench.reopen();
    b.sink = &b.bench.store().sink();
    CHECK(!b.bench.store().leads());
    b.submit("a", "1");
    CHECK_EQ(b.outcome(0), Outcome::kNotLeader);
}

void a_store_joins_and_leaves_without_loss() {
    ReplicatedBench b;
    b.sink->detach().get();
    CHECK_OK(b.bench.commit(test::put_row("t", "alone", "1")));
    CHECK_OK(b.sink->mark("region").get());
    CHECK_EQ(b.sink->mark("other").get().error().kind, ErrorKind::kConflict);
    b.submit("a", "1");
    CHECK_EQ(b.outcome(0), Outcome::kNotLeader);
    b.connect();
    b.sink->committed(1, foreign_entry("together", "2"));
    b.settle();
    CHECK_EQ(b.sink->applied_index(), uint64_t{1});
    CHECK_OK(b.sink->mark("region").get());  // again: nothing changes
    CHECK_EQ(b.sink->applied_index(), uint64_t{1});
    CHECK_OK(b.sink->mark("").get());
    b.sink->detach().get();
    CHECK_OK(b.bench.commit(test::put_row("t", "alone again", "3")));
    CHECK(b.bench.store().leads());
    b.bench.config().may_be_member = false;
    b.bench.reopen();
    b.sink = nullptr;
    CHECK_EQ(b.get("alone") + b.get("together") + b.get("alone again"), "123");
    CHECK_EQ(b.bench.store().sink().applied_index(), uint64_t{0});
    CHECK_EQ(b.bench.store().applied_index(), uint64_t{3});
}

}  // namespace

GROUP(store_restore, CASE(a_copy_says_what_it_is_and_has_every_row), CASE(a_copy_ends_when_nobody_takes_it),
      CASE(a_copy_that_is_cut_or_is_none_is_corrupt), CASE(a_restored_store_goes_on_where_the_copy_ends),
      CASE(a_restored_store_is_found_again_after_a_restart_and_the_old_one_is_gone),
      CASE(a_held_batch_is_unknown_when_the_store_is_replaced),
      CASE(a_copy_of_another_cluster_or_an_older_one_is_refused), CASE(a_copy_of_a_newer_release_is_refused),
      CASE(what_a_crash_left_of_a_restore_is_removed),
      CASE(a_current_that_names_nothing_is_not_taken_for_an_empty_store),
      CASE(a_marked_store_is_refused_alone_and_follows_nobody_without_a_journal),
      CASE(a_store_joins_and_leaves_without_loss))
