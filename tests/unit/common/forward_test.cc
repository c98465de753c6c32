// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/forward.h"

#include "tests/support/fake_calls.h"
#include "tests/support/loop.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using replica::Forwarded;
using replica::Forwarder;
using store::Outcome;
using test::Fate;
using namespace std::chrono_literals;

base::Bytes octets(std::string_view text) {
    const auto view = base::as_bytes(text);
    return {view.begin(), view.end()};
}

// Two loops, main and links', of nodes "f" (ours), "a" and "b". One thread runs them in turn.
struct Bench : test::LoopBench {
    test::FakeNet net{loop()};
    replica::ForwardConfig config;
    std::map<std::string, std::unique_ptr<Forwarder>> nodes;
    std::optional<Forwarded> answer;
    int answers = 0;
    int handled = 0;
    Outcome outcome = Outcome::kOk;  // of the handlers

    Bench() {
        for (const char* name : {"f", "a", "b"}) start(name);
    }
    void start(const std::string& name) {
        nodes[name].reset();
        nodes[name] = std::make_unique<Forwarder>(
            config, replica::ForwardSide{net.node(name), loop(), loop(), timers(), clock(), name});
        nodes[name]->serve(
            "echo", [this, name](const replica::NodeName& from, base::Bytes payload, Forwarder::Done done) {
                ++handled;
                const std::string text = name + " " + from + " " + std::string(base::as_text(payload));
                done({outcome, {ErrorKind::kConflict, "said no"}, octets(text)});
            });
    }
    Forwarder& f() { return *nodes["f"]; }
    Forwarder::Done done() {
        return [this](Forwarded forwarded) {
            ++answers;
            answer = std::move(forwarded);
        };
    }
    void forward(std::string kind = "echo", std::chrono::milliseconds deadline = 5s) {
        answer.reset();
        f().forward(std::move(kind), octets("hello"), deadline, done());
        CHECK(!answer);
    }
    Forwarded result() {
        run_until([&] { return answer.has_value(); });
        return *answer;
    }
    // Long enough for everything that is on its way to arrive; time stands still.
    void settle() {
        for (int turn = 0; turn < 12; ++turn) {
            bool turned = false;
            loop().post([&] { turned = true; });
            run_until([&] { return turned; });
        }
    }
};

void the_leader_handles_it_and_its_outcome_comes_back() {
    Bench bench;
    bench.nodes["a"]->leads();
    bench.f().follows("a");
    for (const Outcome outcome : {Outcome::kOk, Outcome::kRefused, Outcome::kUnknown}) {
        bench.outcome = outcome;
        bench.forward();
        const Forwarded result = bench.result();
        CHECK_EQ(result.outcome, outcome);
        CHECK_EQ(base::as_text(result.payload), "a f hello");
        CHECK_EQ(result.error.kind, ErrorKind::kConflict);
        CHECK_EQ(result.error.text, "said no");
    }
    CHECK_EQ(bench.handled, 3);
}

void where_we_lead_our_own_handler_runs() {
    Bench bench;
    bench.f().leads();
    bench.forward();
    CHECK_EQ(base::as_text(bench.result().payload), "f f hello");
    CHECK_EQ(bench.net.calls_of("forward"), 0u);
}

void a_node_that_does_not_lead_runs_nothing() {
    Bench bench;
    bench.f().follows("a");
    bench.forward();
    bench.settle();
    CHECK(!bench.answer);  // it may have been elected just now: asked once more
    bench.timers().advance(1s);
    CHECK_EQ(bench.result().outcome, Outcome::kNotLeader);
    CHECK_EQ(bench.net.calls_of("forward"), 2u);
    CHECK_EQ(bench.handled, 0);
}

void without_a_connection_it_is_not_leader_and_tried_once_more() {
    Bench bench;
    bench.nodes["a"]->leads();
    bench.f().follows("a");
    bench.net.set_up("a", false);
    bench.forward();
    bench.settle();
    bench.nodes["b"]->leads();
    bench.f().follows("b");
    CHECK_EQ(base::as_text(bench.result().payload), "b f hello");

    bench.net.set_up("b", false);
    bench.forward();
    bench.settle();
    bench.timers().advance(1s);
    CHECK_EQ(bench.result().outcome, Outcome::kNotLeader);
    CHECK_EQ(bench.net.calls_of("forward"), 4u);
}

void what_was_sent_and_not_answered_is_unknown_and_never_sent_again() {
    for (const Fate fate : {Fate::kLost, Fate::kAnswerLost}) {
        Bench bench;
        bench.nodes["a"]->leads();
        bench.f().follows("a");
        bench.net.script = [fate](const test::FakeCall&) { return fate; };
        bench.forward();
        CHECK_EQ(bench.result().outcome, Outcome::kUnknown);
        bench.timers().advance(10s);
        bench.settle();
        CHECK_EQ(bench.net.calls_of("forward"), 1u);
        CHECK_EQ(bench.handled, fate == Fate::kAnswerLost ? 1 : 0);
        CHECK_EQ(bench.answers, 1);
    }
}

void no_leader_is_waited_for_as_long_as_patience_and_deadline_last() {
    Bench bench;
    bench.forward();
    bench.nodes["b"]->leads();
    bench.f().follows("b");
    CHECK_EQ(bench.result().outcome, Outcome::kOk);

    bench.f().follows(std::nullopt);
    bench.forward();
    bench.timers().advance(2900ms);
    bench.settle();
    CHECK(!bench.answer);
    bench.timers().advance(200ms);
    CHECK_EQ(bench.result().outcome, Outcome::kNotLeader);

    bench.forward("echo", 100ms);
    bench.timers().advance(100ms);
    CHECK_EQ(bench.result().outcome, Outcome::kNotLeader);
}

void we_become_the_leader_while_it_waits() {
    Bench bench;
    bench.forward();
    bench.f().leads();
    CHECK_EQ(base::as_text(bench.result().payload), "f f hello");
}

void too_much_at_once_is_refused() {
    Bench bench;
    bench.config.in_flight_max = 1;
    bench.start("f");
    bench.forward();
    bench.f().forward("echo", octets("second"), 5s, bench.done());
    CHECK_EQ(bench.result().outcome, Outcome::kRefused);
    CHECK_EQ(bench.result().error.kind, ErrorKind::kUnavailable);
    bench.answer.reset();
    bench.timers().advance(5s);  // the first one has given up: there is room again
    CHECK_EQ(bench.result().outcome, Outcome::kNotLeader);
    bench.f().leads();
    bench.forward();
    CHECK_EQ(bench.result().outcome, Outcome::kOk);

    bench.answer.reset();
    bench.f().forward("echo", base::Bytes(2 << 20), 5s, bench.done());
    CHECK_EQ(bench.result().error.kind, ErrorKind::kLimit);
}

void the_leader_bounds_what_others_have_under_way() {
    Bench bench;
    bench.config.in_flight_max = 1;
    bench.start("a");
    Forwarder::Done held;
    bench.nodes["a"]->serve("slow", [&](const auto&, base::Bytes, Forwarder::Done done) { held = done; });
    bench.nodes["a"]->leads();
    bench.f().follows("a");
    bench.forward("slow");
    bench.settle();
    bench.forward();
    CHECK_EQ(bench.result().error.kind, ErrorKind::kUnavailable);
    bench.answer.reset();
    held({Outcome::kOk, {ErrorKind::kInvalid, ""}, {}});
    held = nullptr;
    CHECK_EQ(bench.result().outcome, Outcome::kOk);
    bench.forward();
    CHECK_EQ(bench.result().outcome, Outcome::kOk);
}

void an_unknown_kind_is_refused() {
    Bench bench;
    bench.nodes["a"]->leads();
    bench.f().follows("a");
    bench.forward("nothing");
    CHECK_EQ(bench.result().outcome, Outcome::kRefused);
    CHECK_EQ(bench.result().error.kind, ErrorKind::kNotFound);
}

void our_own_handler_that_never_answers_leaves_it_unknown() {
    Bench bench;
    bench.f().serve("silent", [](const auto&, base::Bytes, const Forwarder::Done&) {});
    bench.f().leads();
    bench.forward("silent");
    bench.settle();
    bench.timers().advance(5s);
    CHECK_EQ(bench.result().outcome, Outcome::kUnknown);
}

void what_is_under_way_at_the_end_is_answered() {
    Bench bench;
    bench.forward();
    bench.nodes.erase("f");
    CHECK_EQ(bench.result().outcome, Outcome::kNotLeader);

    Bench other;
    other.nodes["a"]->leads();
    other.f().follows("a");
    other.forward();
    other.nodes.erase("f");
    CHECK_EQ(other.result().outcome, Outcome::kUnknown);
    other.settle();
    CHECK_EQ(other.answers, 1);
}

}  // namespace

GROUP(forward, CASE(the_leader_handles_it_and_its_outcome_comes_back),
      CASE(where_we_lead_our_own_handler_runs), CASE(a_node_that_does_not_lead_runs_nothing),
      CASE(without_a_connection_it_is_not_leader_and_tried_once_more),
      CASE(what_was_sent_and_not_answered_is_unknown_and_never_sent_again),
      CASE(no_leader_is_waited_for_as_long_as_patience_and_deadline_last),
      CASE(we_become_the_leader_while_it_waits), CASE(too_much_at_once_is_refused),
      CASE(the_leader_bounds_what_others_have_under_way), CASE(an_unknown_kind_is_refused),
      CASE(our_own_handler_that_never_answers_leaves_it_unknown),
      CASE(what_is_under_way_at_the_end_is_answered))
