// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/snapshot_fetch.h"

#include "common/store/file.h"
#include "tests/support/fake_calls.h"
#include "tests/support/fake_sink.h"
#include "tests/support/loop.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using replica::FetchState;
using replica::SnapshotFetch;
using replica::SnapshotSource;
using test::Fate;
using namespace std::chrono_literals;

constexpr size_t kOctets = 40'000;  // ten chunks
const replica::Manifest kWanted{"c1", 100};

struct Node {
    test::FakeSink sink;
    std::unique_ptr<SnapshotSource> source;
};

// Nodes "a" and "b" have copies, "f" fetches.
struct Bench : test::LoopBench {
    test::TempDir dir;
    test::FakeNet net{loop()};
    Node a, b;
    replica::SnapshotFetchConfig config;
    std::unique_ptr<SnapshotFetch> fetch;
    int given_up = 0;

    Bench() {
        config.directory = dir / "incoming";
        config.octets_per_second = 0;
        config.keep_free = 0;
        config.inspect = test::FakeSink::inspect;
        config.on_given_up = [this](const base::Error&) { ++given_up; };
        a.sink.octets = b.sink.octets = kOctets;
        start("a", a);
        start("b", b);
        start_fetch();
    }
    replica::LinksSide side(const std::string& name) {
        return {net.node(name), loop(), timers(), clock(), logs::Log::discard()};
    }
    void start(const std::string& name, Node& node) {
        node.source.reset();
        replica::SnapshotSourceConfig of;
        of.order.directory = dir / name;
        of.order.chunk_octets = 4096;
        of.order.octets_per_second = 0;
        of.order.keep_free = 0;
        of.order.inspect = test::FakeSink::inspect;
        auto opened = SnapshotSource::open(of, node.sink, side(name));
        CHECK_OK(opened);
        node.source = std::move(*opened);
    }
    void start_fetch() {
        fetch.reset();
        auto opened = SnapshotFetch::open(config, side("f"));
        CHECK_OK(opened);
        fetch = std::move(*opened);
    }
    void want(const std::string& from = "a", const replica::Manifest& wanted = kWanted) {
        fetch->want(wanted, from);
    }
    void until_here(const replica::Manifest& wanted = kWanted) {
        run_in_time_until([&] { return fetch->take(wanted).has_value(); });
    }
    void until(FetchState state) {
        run_in_time_until([&] { return fetch->status().state == state; });
    }
    // The connections to "a" go after so many chunks.
    void cut_after(size_t chunks) {
        net.script = [chunks](const test::FakeCall& call) {
            return call.kind == "snapshot/chunk" && call.number > chunks ? Fate::kNoConnection : Fate::kPass;
        };
    }
    size_t chunk_calls() const { return net.calls_of("snapshot/chunk"); }
    void check_it_is_the_copy_of(const Node& node, const replica::Manifest& wanted = kWanted) {
        const auto path = fetch->take(wanted);
        CHECK(path);
        CHECK(base::as_text(*store::read_file(*path, 2 * kOctets)) == node.sink.content());
    }
};

void a_copy_is_made_fetched_and_kept_until_it_is_taken() {
    Bench bench;
    CHECK(!bench.fetch->take(kWanted));
    bench.want();
    bench.until_here();
    bench.check_it_is_the_copy_of(bench.a);
    CHECK_EQ(bench.chunk_calls(), 10u);
    CHECK_EQ(bench.fetch->status().percent(), 100u);
    CHECK(!bench.fetch->take({"c1", 101}));
    CHECK(!bench.fetch->take({"another", 100}));
    bench.start_fetch();  // it outlives a restart
    bench.check_it_is_the_copy_of(bench.a);
    std::filesystem::remove(*bench.fetch->take(kWanted));
    CHECK(!bench.fetch->take(kWanted));
}

void a_fetch_that_was_cut_goes_on_where_it_was() {
    Bench bench;
    bench.cut_after(6);
    bench.want();
    bench.until(FetchState::kWaiting);
    bench.run_in_time_until([&] { return bench.fetch->status().octets_here == 6 * 4096; });
    CHECK_EQ(bench.fetch->status().percent(), 61u);
    CHECK(!bench.fetch->status().problem.empty());
    bench.net.script = {};
    const size_t asked = bench.chunk_calls();
    bench.until_here();
    bench.check_it_is_the_copy_of(bench.a);
    CHECK_EQ(bench.chunk_calls() - asked, 4u);
}

void a_restart_of_the_fetching_side_loses_nothing() {
    Bench bench;
    bench.cut_after(6);
    bench.want();
    bench.run_in_time_until([&] { return bench.fetch->status().octets_here == 6 * 4096; });
    bench.net.script = {};
    bench.start_fetch();
    const size_t asked = bench.chunk_calls();
    bench.want();
    bench.until_here();
    bench.check_it_is_the_copy_of(bench.a);
    CHECK_EQ(bench.chunk_calls() - asked, 4u);
}

void a_restart_of_the_giving_side_loses_nothing() {
    Bench bench;
    bench.cut_after(6);
    bench.want();
    bench.run_in_time_until([&] { return bench.fetch->status().octets_here == 6 * 4096; });
    bench.net.script = {};
    bench.start("a", bench.a);
    const size_t asked = bench.chunk_calls();
    bench.until_here();
    CHECK_EQ(bench.chunk_calls() - asked, 4u);
    CHECK_EQ(bench.a.sink.copies.load(), 1);
}

void a_new_leader_with_the_same_copy_goes_on_and_with_another_begins_anew() {
    for (const bool same : {true, false}) {
        Bench bench;
        if (!same) bench.b.sink.index = 130;
        bench.cut_after(6);
        bench.want("a");
        bench.run_in_time_until([&] { return bench.fetch->status().octets_here == 6 * 4096; });
        bench.net.script = {};
        bench.net.set_up("a", false);
        const size_t asked = bench.chunk_calls();
        bench.want("b");
        bench.until_here();
        bench.check_it_is_the_copy_of(bench.b);
        CHECK_EQ(bench.chunk_calls() - asked, same ? 4u : 10u);
    }
}

void what_would_be_too_old_when_it_is_here_is_left() {
    Bench bench;
    bench.net.script = [](const test::FakeCall& call) {
        return call.kind == "snapshot/chunk" && call.number > 3 ? Fate::kHeld : Fate::kPass;
    };
    bench.want();
    bench.run_in_time_until([&] { return bench.fetch->status().octets_here == 3 * 4096; });
    bench.a.sink.index = 200;
    bench.net.script = {};
    bench.want("a", {"c1", 150});
    bench.until_here({"c1", 150});
    bench.net.release();  // late answers of the first attempt
    bench.check_it_is_the_copy_of(bench.a, {"c1", 150});
}

void a_damaged_chunk_is_asked_for_again() {
    Bench bench;
    bench.net.script = [](const test::FakeCall& call) {
        return call.kind == "snapshot/chunk" && call.number <= 2 ? Fate::kDamaged : Fate::kPass;
    };
    bench.want();
    bench.until_here();
    bench.check_it_is_the_copy_of(bench.a);
    CHECK_EQ(bench.chunk_calls(), 12u);
    CHECK_EQ(bench.given_up, 0);
}

void a_chunk_damaged_three_times_gives_the_copy_up() {
    Bench bench;
    bench.config.in_flight = 1;
    bench.start_fetch();
    bench.net.script = [](const test::FakeCall& call) {
        return call.kind == "snapshot/chunk" && call.number >= 2 ? Fate::kDamaged : Fate::kPass;
    };
    bench.want();
    bench.run_in_time_until([&] { return bench.given_up == 1; });
    CHECK_EQ(bench.chunk_calls(), 4u);
    CHECK_EQ(bench.fetch->status().given_up, 1u);
    bench.net.script = {};
    bench.until_here();
    bench.check_it_is_the_copy_of(bench.a);
    CHECK_EQ(bench.chunk_calls(), 14u);
}

void a_lost_answer_is_asked_for_again() {
    Bench bench;
    bench.net.script = [](const test::FakeCall& call) {
        return call.number == 1 ? Fate::kAnswerLost : call.number == 5 ? Fate::kLost : Fate::kPass;
    };
    bench.want();
    bench.until_here();
    bench.check_it_is_the_copy_of(bench.a);
}

void a_full_disk_is_said_and_waited_for() {
    Bench bench;
    bench.config.keep_free = uint64_t{1} << 62;
    bench.start_fetch();
    bench.want();
    bench.run_in_time_until([&] { return !bench.fetch->status().problem.empty(); });
    CHECK(bench.fetch->status().problem.find("make room") != std::string::npos);
    CHECK_EQ(bench.chunk_calls(), 0u);
}

void a_copy_that_is_not_what_was_asked_for_is_not_fetched() {
    Bench bench;
    bench.a.sink.name = "another";
    bench.want();
    bench.run_in_time_until([&] { return !bench.fetch->status().problem.empty(); });
    CHECK(bench.fetch->status().problem.find("not what is wanted") != std::string::npos);
    CHECK_EQ(bench.chunk_calls(), 0u);
}

void a_whole_that_is_no_environment_is_given_up() {
    Bench bench;
    bench.config.inspect = [](const std::filesystem::path&) -> base::Result<store::CopyFacts> {
        return base::Error{ErrorKind::kCorrupt, "no environment"};
    };
    bench.start_fetch();
    bench.want();
    bench.run_in_time_until([&] { return bench.given_up == 1; });
    CHECK(!bench.fetch->take(kWanted));
}

void the_pace_is_kept() {
    Bench bench;
    bench.config.octets_per_second = 4096;
    bench.start_fetch();
    bench.want();
    bench.run_in_time_until([&] { return bench.fetch->status().state == FetchState::kFetching; });
    const size_t asked = bench.chunk_calls();
    CHECK(asked <= 2);
    bench.timers().advance(2s);
    bench.run_until([&] { return bench.fetch->status().octets_here >= 2 * 4096; });
    CHECK(bench.chunk_calls() <= asked + 2);
    CHECK(bench.fetch->status().octets_per_second > 0);
    bench.until_here();
}

void forgetting_stops_it_and_removes_what_is_here() {
    Bench bench;
    bench.cut_after(3);
    bench.want();
    bench.run_in_time_until([&] { return bench.fetch->status().octets_here > 0; });
    bench.fetch->forget();
    bench.run_until([&] {
        return bench.fetch->status().state == FetchState::kIdle &&
               std::filesystem::is_empty(bench.dir / "incoming");
    });
    CHECK_EQ(bench.timers().armed(), 2u);  // the sources'
    bench.net.script = {};
    bench.want();
    bench.until_here();
}

}  // namespace

GROUP(snapshot_fetch, CASE(a_copy_is_made_fetched_and_kept_until_it_is_taken),
      CASE(a_fetch_that_was_cut_goes_on_where_it_was), CASE(a_restart_of_the_fetching_side_loses_nothing),
      CASE(a_restart_of_the_giving_side_loses_nothing),
      CASE(a_new_leader_with_the_same_copy_goes_on_and_with_another_begins_anew),
      CASE(what_would_be_too_old_when_it_is_here_is_left), CASE(a_damaged_chunk_is_asked_for_again),
      CASE(a_chunk_damaged_three_times_gives_the_copy_up), CASE(a_lost_answer_is_asked_for_again),
      CASE(a_full_disk_is_said_and_waited_for), CASE(a_copy_that_is_not_what_was_asked_for_is_not_fetched),
      CASE(a_whole_that_is_no_environment_is_given_up), CASE(the_pace_is_kept),
      CASE(forgetting_stops_it_and_removes_what_is_here))
