// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/membership.h"

#include <list>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/json/parse.h"
#include "common/replica/membership_server.h"

namespace replica {
namespace {

constexpr std::chrono::milliseconds kPause{200};
constexpr std::chrono::seconds kCallPatience{5};

base::Bytes octets_of(const nlohmann::json& value) {
    const std::string text = json::dump(value);
    return {text.begin(), text.end()};
}

base::Result<nlohmann::json> json_of(const base::Result<base::Bytes>& octets) {
    if (!octets) return octets.error();
    return json::parse(base::as_text(*octets), {.depth = 4, .values = 1000});
}

}  // namespace

struct Membership::Shared : std::enable_shared_from_this<Shared> {
    struct Question {
        std::string kind;
        nlohmann::json request;
        std::optional<net::Endpoint> first;   // whom it was asked at first
        std::optional<net::Endpoint> where;   // whom it is asked now
        std::optional<net::Endpoint> leader;  // who was last said to lead
        std::chrono::steady_clock::time_point until;
        Answer answer;
        loop::HandlePtr pause;
    };

    Shared(const MembershipParts& p, logs::Log l) : parts(p), log(std::move(l)) {}

    MembershipParts parts;
    logs::Log log;
    std::list<std::shared_ptr<Question>> asked;  // main loop
    base::Guarded<bool> open{true};              // while it is, the raft thread and the node are there

    void serve();
    void answer_call(const std::string& kind, const NodeName& from, base::Bytes request,
                     Calls::Answer answer);
    void ask(const std::shared_ptr<Question>& question);
    void ask_self(const std::shared_ptr<Question>& question);
    void answered(const std::shared_ptr<Question>& question, base::Result<nlohmann::json> answer);
    template <class Job>
    bool on_raft(Job job) {
        return open.with([&](bool is_open) {
            if (is_open) parts.thread.post(std::move(job));
            return is_open;
        });
    }
};

void Membership::Shared::serve() {
    for (const char* kind : {"cluster.join", "cluster.leave", "cluster.switchover", "cluster.nodes"}) {
        auto handler = [weak = weak_from_this(), name = std::string(kind)](
                           const NodeName& from, base::Bytes request, Calls::Answer answer) {
            if (const auto self = weak.lock())
                return self->answer_call(name, from, std::move(request), std::move(answer));
            answer(base::Error{base::ErrorKind::kUnavailable, "the cluster's log is closed"});
        };
        const std::string_view name = kind;
        if (name == "cluster.join" || name == "cluster.leave")
            parts.links.serve_strangers(kind, std::move(handler));
        else
            parts.links.serve(kind, std::move(handler));
    }
}

// Links' loop. The answer goes back to it.
void Membership::Shared::answer_call(const std::string& kind, const NodeName& from, base::Bytes request,
                                     Calls::Answer answer) {
    auto value = json_of(std::move(request));
    if (!value) return answer(value.error());
    const bool posted = on_raft([self = shared_from_this(), kind, from, answer, value = std::move(*value)] {
        serve_membership(self->parts.node, {kind, from, value},
                         [self, answer](base::Result<nlohmann::json> result) {
                             auto out = result ? base::Result<base::Bytes>(octets_of(*result))
                                               : base::Result<base::Bytes>(result.error());
                             self->parts.links_loop.post([answer, out = std::move(out)] { answer(out); });
                         });
    });
    if (!posted) answer(base::Error{base::ErrorKind::kUnavailable, "the cluster's log is closed"});
}

void Membership::Shared::ask(const std::shared_ptr<Question>& question) {
    question->pause = nullptr;
    if (!question->where) return ask_self(question);
    auto self = shared_from_this();
    parts.links_loop.post([self, question, kind = question->kind, request = octets_of(question->request),
                           where = *question->where] {
        self->parts.links.call_address(
            where, kind, request, kCallPatience,
            [self, question](const NodeName&, const base::Result<base::Bytes>& octets) {
                auto value = json_of(octets);
                self->parts.main.post(
                    [self, question, value = std::move(value)] { self->answered(question, value); });
            });
    });
}

void Membership::Shared::ask_self(const std::shared_ptr<Question>& question) {
    auto self = shared_from_this();
    MembershipRequest request{question->kind, parts.links.self(), question->request};
    on_raft([self, question, request = std::move(request)] {
        serve_membership(self->parts.node, request, [self, question](base::Result<nlohmann::json> result) {
            self->parts.main.post(
                [self, question, result = std::move(result)] { self->answered(question, result); });
        });
    });
}

// Main loop. Goes to the leader when it was named, and tries again while that can help.
void Membership::Shared::answered(const std::shared_ptr<Question>& question,
                                  base::Result<nlohmann::json> answer) {
    if (!open.with([](bool is_open) { return is_open; })) return;
    std::optional<net::Endpoint> leader;
    if (answer && answer->is_object() && answer->contains("leader") && (*answer)["leader"].is_string()) {
        const auto address = RaftAddress::parse((*answer)["leader"].get<std::string>());
        if (address) leader = address->at.endpoint;
        answer =
            base::Error{base::ErrorKind::kUnavailable, "the leader of the cluster was not reached in time"};
    }
    const bool may_help = !answer && (answer.error().kind == base::ErrorKind::kUnavailable ||
                                      answer.error().kind == base::ErrorKind::kTimeout);
    if (!may_help || std::chrono::steady_clock::now() >= question->until) {
        asked.remove(question);
        return question->answer(std::move(answer));
    }
    // Without a better idea in turns: a leader that has just removed this node cuts it off before it answers.
    const bool was_leader = question->where && question->where == question->leader;
    if (leader) question->leader = leader;
    question->where = leader || (!was_leader && question->leader) ? question->leader : question->first;
    question->pause =
        parts.main.after(kPause, [self = shared_from_this(), question] { self->ask(question); });
}

Membership::Membership(const MembershipParts& parts, logs::Log log)
    : shared_(std::make_shared<Shared>(parts, std::move(log))) {
    parts.links_loop.post([shared = shared_] { shared->serve(); });
}

Membership::~Membership() {
    shared_->open.with([](bool& is_open) { is_open = false; });
    for (const auto& question : std::exchange(shared_->asked, {})) question->pause = nullptr;
}

void Membership::ask(const std::string& kind, nlohmann::json request, std::optional<net::Endpoint> where,
                     std::chrono::milliseconds deadline, Answer answer) {
    auto question = std::make_shared<Shared::Question>();
    question->kind = kind;
    question->request = std::move(request);
    question->first = where;
    question->where = std::move(where);
    question->until = std::chrono::steady_clock::now() + deadline;
    question->answer = std::move(answer);
    shared_->asked.push_back(question);
    shared_->ask(question);
}

}  // namespace replica
