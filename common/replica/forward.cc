// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/forward.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "common/loop/loop.h"

namespace replica {
namespace {

using store::Outcome;

constexpr std::string_view kForward = "forward";
constexpr size_t kKindMax = 32;
constexpr size_t kPayloadMax = size_t{3} << 19;

Forwarded none(Outcome outcome, base::ErrorKind kind, std::string text) {
    return {outcome, {kind, std::move(text)}, {}};
}
Forwarded no_leader() {
    return none(Outcome::kNotLeader, base::ErrorKind::kUnavailable, "no node that takes writes is known");
}

// How much is under way, in one direction. Any thread.
class Gate : public std::enable_shared_from_this<Gate> {
 public:
    explicit Gate(const ForwardConfig& config)
        : count_max_(config.in_flight_max), octets_max_(config.octets_max) {}

    // Counts until it is let go; null: too much is under way.
    std::shared_ptr<void> enter(size_t octets) {
        const size_t count = ++count_;
        const size_t sum = octets_ += octets;
        std::shared_ptr<void> ticket(this, [gate = shared_from_this(), octets](void*) {
            --gate->count_;
            gate->octets_ -= octets;
        });
        if (count > count_max_ || sum > octets_max_) return nullptr;
        return ticket;
    }

 private:
    const size_t count_max_;
    const size_t octets_max_;
    std::atomic<size_t> count_ = 0;
    std::atomic<size_t> octets_ = 0;
};

// What became of a call, as an outcome.
Forwarded outcome_of(const base::Result<base::Bytes>& answer) {
    if (answer) {
        auto forwarded = decode_forwarded(*answer);
        if (forwarded) return std::move(*forwarded);
        return {Outcome::kUnknown, forwarded.error(), {}};
    }
    switch (answer.error().kind) {
        case base::ErrorKind::kUnavailable:  // nothing was sent
            return {Outcome::kNotLeader, answer.error(), {}};
        case base::ErrorKind::kNotFound:  // nobody there takes forwarded writes,
        case base::ErrorKind::kInvalid:   // or not in this form,
        case base::ErrorKind::kRefused:   // or not from us,
        case base::ErrorKind::kLimit:     // or it was too large to be sent
            return {Outcome::kRefused, answer.error(), {}};
        case base::ErrorKind::kConflict:
        case base::ErrorKind::kTimeout:
        case base::ErrorKind::kIo:
        case base::ErrorKind::kCorrupt:
            break;
    }
    return {Outcome::kUnknown, answer.error(), {}};
}

// One write of ours that is handed on.
struct Pending {
    std::string kind;
    base::Bytes payload;
    base::Ticks deadline;
    Forwarder::Done done;
    std::shared_ptr<void> ticket;
    bool sent = false;      // under way now
    bool tried = false;     // once; the next NotLeader is the last word
    Forwarded last_answer;  // while it waits for a leader
    loop::HandlePtr timer;  // until when it waits
};

}  // namespace

struct Forwarder::State : std::enable_shared_from_this<State> {
    State(const ForwardConfig& the_config, const ForwardSide& the_side)
        : config(the_config), side(the_side), given(std::make_shared<Gate>(config)) {}

    // Main loop, all of it. --------------------------------------------------------------------------------

    void forward(std::string kind, base::Bytes payload, std::chrono::milliseconds deadline, Done done) {
        if (kind.size() > kKindMax || payload.size() > kPayloadMax)
            return later(std::move(done),
                         none(Outcome::kRefused, base::ErrorKind::kLimit, "too large to be handed on"));
        auto ticket = given->enter(payload.size());
        if (ticket == nullptr)
            return later(std::move(done), none(Outcome::kRefused, base::ErrorKind::kUnavailable,
                                               "too many writes wait for the leader"));
        const uint64_t id = ++last_id;
        Pending& one = pending[id];
        one.kind = std::move(kind);
        one.payload = std::move(payload);
        one.deadline = side.clock.ticks() + deadline;
        one.done = std::move(done);
        one.ticket = std::move(ticket);
        if (is_leader || leader) return send(id, one);
        one.tried = true;
        one.last_answer = no_leader();
        wait(id, one, config.patience);
    }

    void later(Done done, Forwarded what) {
        side.main_loop.post(
            [done = std::move(done), what = std::move(what)]() mutable { done(std::move(what)); });
    }

    void send(uint64_t id, Pending& one) {
        one.timer.reset();
        one.sent = true;
        if (is_leader) return send_to_ourselves(id, one);
        const auto left = std::chrono::floor<std::chrono::milliseconds>(one.deadline - side.clock.ticks());
        auto answered = [weak = weak_from_this(), main = &side.main_loop,
                         id](base::Result<base::Bytes> answer) {
            main->post([weak, id, answer = std::move(answer)] {
                if (const auto self = weak.lock()) self->answered(id, outcome_of(answer));
            });
        };
        side.links_loop.post([calls = &side.calls, to = *leader, left, answered = std::move(answered),
                              request = encode_forward(one.kind, one.payload)]() mutable {
            calls->call(to, kForward, std::move(request), left, std::move(answered));
        });
    }

    void send_to_ourselves(uint64_t id, Pending& one) {
        one.timer = side.timers.after(one.deadline - side.clock.ticks(), [this, id] {
            finish(id, none(Outcome::kUnknown, base::ErrorKind::kTimeout, "not decided in time"));
        });
        side.main_loop.post([weak = weak_from_this(), id, kind = one.kind, payload = one.payload] {
            const auto self = weak.lock();
            if (!self) return;
            self->run(self->side.self, {kind, payload}, [weak, id](Forwarded answer) {
                if (const auto still = weak.lock()) still->answered(id, std::move(answer));
            });
        });
    }

    void answered(uint64_t id, Forwarded answer) {
        const auto at = pending.find(id);
        if (at == pending.end() || !at->second.sent) return;
        Pending& one = at->second;
        one.sent = false;
        one.timer.reset();
        const bool again = answer.outcome == Outcome::kNotLeader && !one.tried;
        if (!again) return finish(id, std::move(answer));
        one.tried = true;
        one.last_answer = std::move(answer);
        // Who we asked may just not know yet that it leads.
        wait(id, one, is_leader || leader ? config.ask_again : config.patience);
    }

    void wait(uint64_t id, Pending& one, std::chrono::milliseconds time) {
        const auto left = one.deadline - side.clock.ticks();
        if (left.count() <= 0) return finish(id, std::move(one.last_answer));
        one.timer =
            side.timers.after(std::min<std::chrono::microseconds>(time, left), [this, id] { waited(id); });
    }

    void waited(uint64_t id) {
        Pending& one = pending.at(id);
        if (one.deadline > side.clock.ticks() && (is_leader || leader)) return send(id, one);
        finish(id, std::move(one.last_answer));
    }

    // Those that wait are sent at once: somebody new is known.
    void leader_changed() {
        if (!is_leader && !leader) return;
        for (auto& [id, one] : pending) {
            if (!one.sent) send(id, one);
        }
    }

    void finish(uint64_t id, Forwarded answer) {
        Done done = std::move(pending.at(id).done);
        pending.erase(id);
        later(std::move(done), std::move(answer));
    }

    // The leader's side
    // --------------------------------------------------------------------------------------

    void run(const NodeName& from, ForwardRequest request, Done answer) {
        if (!is_leader)
            return answer(none(Outcome::kNotLeader, base::ErrorKind::kUnavailable,
                               side.self + " does not take writes"));
        const auto handler = handlers.find(request.kind);
        if (handler == handlers.end())
            return answer(
                none(Outcome::kRefused, base::ErrorKind::kNotFound, "nobody takes \"" + request.kind + "\""));
        handler->second(from, std::move(request.payload), std::move(answer));
    }

    const ForwardConfig config;
    const ForwardSide side;
    std::map<std::string, Handler> handlers;
    bool is_leader = false;
    std::optional<NodeName> leader;  // another node
    std::map<uint64_t, Pending> pending;
    uint64_t last_id = 0;
    const std::shared_ptr<Gate> given;  // shared with what is under way
};

namespace {

// Links' loop. The answer finds its way back there from the main loop.
Forwarder::Done way_back(loop::Loop& links_loop, Calls::Answer answer, std::shared_ptr<void> ticket) {
    return [&links_loop, answer = std::move(answer), ticket = std::move(ticket)](Forwarded forwarded) {
        if (forwarded.payload.size() > kPayloadMax) {
            forwarded.payload.clear();
            forwarded.error = {base::ErrorKind::kLimit, "the answer is too large to be handed back"};
        }
        links_loop.post([answer, octets = encode_forwarded(forwarded)] { answer(octets); });
    };
}

}  // namespace

Forwarder::Forwarder(const ForwardConfig& config, const ForwardSide& side)
    : state_(std::make_shared<State>(config, side)) {
    side.calls.serve(
        std::string(kForward), [weak = std::weak_ptr(state_), main = &side.main_loop,
                                links = &side.links_loop, taken = std::make_shared<Gate>(config)](
                                   const NodeName& from, base::Bytes octets, Calls::Answer answer) {
            auto request = decode_forward(octets);
            if (!request) return answer(request.error());
            auto ticket = taken->enter(octets.size());
            if (ticket == nullptr)
                return answer(encode_forwarded(none(Outcome::kRefused, base::ErrorKind::kUnavailable,
                                                    "the leader has too many writes of others under way")));
            main->post([weak, from, request = std::move(*request),
                        back = way_back(*links, std::move(answer), std::move(ticket))]() mutable {
                if (const auto self = weak.lock())
                    return self->run(from, std::move(request), std::move(back));
                back(none(Outcome::kNotLeader, base::ErrorKind::kUnavailable, "the daemon stops"));
            });
        });
}

Forwarder::~Forwarder() {
    for (auto& [id, one] : std::exchange(state_->pending, {})) {
        auto what = one.sent ? none(Outcome::kUnknown, base::ErrorKind::kTimeout, "the daemon stops")
                             : std::move(one.last_answer);
        one.timer.reset();
        state_->later(std::move(one.done), std::move(what));
    }
}

void Forwarder::serve(std::string kind, Handler handler) {
    state_->handlers[std::move(kind)] = std::move(handler);
}

void Forwarder::leads() {
    state_->is_leader = true;
    state_->leader.reset();
    state_->leader_changed();
}

void Forwarder::follows(std::optional<NodeName> leader) {
    const bool changed = state_->is_leader || state_->leader != leader;
    state_->is_leader = false;
    state_->leader = std::move(leader);
    if (changed) state_->leader_changed();
}

void Forwarder::forward(std::string kind, base::Bytes payload, std::chrono::milliseconds deadline,
                        Done done) {
    state_->forward(std::move(kind), std::move(payload), deadline, std::move(done));
}

}  // namespace replica
