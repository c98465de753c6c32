// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/fake_calls.h"

#include <utility>

namespace test {

using replica::Calls;

class FakeNet::Node final : public Calls {
 public:
    Node(FakeNet& net, std::string name) : net_(net), name_(std::move(name)) {}

    void call(const replica::NodeName& to, std::string_view kind, base::Bytes request,
              std::chrono::milliseconds, Answer answer) override {
        const size_t number = ++net_.counts_[std::string(kind)];
        net_.call({name_, to, std::string(kind), number}, std::move(request), std::move(answer));
    }
    void serve(std::string kind, Handler handler) override {
        net_.handlers_[name_][std::move(kind)] = std::move(handler);
    }

 private:
    FakeNet& net_;
    std::string name_;
};

Calls& FakeNet::node(const std::string& name) {
    auto& node = nodes_[name];
    if (node == nullptr) node = std::make_unique<Node>(*this, name);
    return *node;
}

void FakeNet::set_up(const std::string& name, bool up) {
    if (up) {
        down_.erase(name);
    } else {
        down_.insert(name);
    }
}

void FakeNet::release() {
    for (auto& one : std::exchange(held_, {})) loop_.post(std::move(one));
}

size_t FakeNet::calls_of(const std::string& kind) const {
    const auto at = counts_.find(kind);
    return at == counts_.end() ? 0 : at->second;
}

void FakeNet::call(const FakeCall& call, base::Bytes request, Calls::Answer answer) {
    const Fate fate = script ? script(call) : Fate::kPass;
    const auto fail = [this, answer](base::ErrorKind kind, std::string text) {
        loop_.post([answer, error = base::Error{kind, std::move(text)}] { answer(error); });
    };
    if (fate == Fate::kNoConnection || down_.contains(call.to))
        return fail(base::ErrorKind::kUnavailable, call.to + " is not connected");
    if (fate == Fate::kLost) return fail(base::ErrorKind::kTimeout, call.to + " did not answer");
    const auto handler = handlers_[call.to].find(call.kind);
    if (handler == handlers_[call.to].end()) return fail(base::ErrorKind::kNotFound, "nobody serves that");
    Calls::Answer back = [this, fate, answer, fail](base::Result<base::Bytes> result) {
        if (fate == Fate::kAnswerLost) return fail(base::ErrorKind::kTimeout, "the connection was lost");
        if (fate == Fate::kDamaged && result && !result->empty()) result->back() ^= 1;
        auto deliver = [answer, result = std::move(result)] { answer(result); };
        if (fate == Fate::kHeld) return held_.push_back(std::move(deliver));
        loop_.post(std::move(deliver));
    };
    loop_.post([serve = handler->second, from = call.from, request = std::move(request), back] {
        serve(from, request, back);
    });
}

}  // namespace test
