// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Calls between nodes of one process, over a loop that the test runs; faults come from a script.
//
//     test::FakeNet net(loop);
//     replica::Calls& a = net.node("a");
//     net.script = [](const test::FakeCall& call) {
//         return call.kind == "snapshot/chunk" && call.number == 2 ? test::Fate::kLost : test::Fate::kPass;
//     };
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/loop/loop.h"
#include "common/replica/calls.h"

namespace test {

struct FakeCall {
    std::string from, to, kind;
    size_t number;  // of this kind, from 1
};

enum class Fate {
    kPass,
    kNoConnection,  // never sent: kUnavailable
    kLost,          // never arrived, but the caller cannot know: kTimeout
    kAnswerLost,    // done, and the caller does not hear of it: kTimeout
    kDamaged,       // the last octet of the answer is changed
    kHeld,          // the answer waits for release()
};

class FakeNet {
 public:
    explicit FakeNet(loop::Loop& loop) : loop_(loop) {}

    replica::Calls& node(const std::string& name);
    // The node is there, or it is as if it had been switched off: kNoConnection.
    void set_up(const std::string& name, bool up);
    void release();  // what was held
    size_t calls_of(const std::string& kind) const;
    // Forgets what a node serves, as when it starts anew.
    void restart(const std::string& name) { handlers_[name].clear(); }

    std::function<Fate(const FakeCall&)> script;

 private:
    class Node;
    void call(const FakeCall& call, base::Bytes request, replica::Calls::Answer answer);

    loop::Loop& loop_;
    std::map<std::string, std::unique_ptr<replica::Calls>> nodes_;
    std::map<std::string, std::map<std::string, replica::Calls::Handler>> handlers_;  // by node and kind
    std::map<std::string, size_t> counts_;                                            // by kind
    std::set<std::string> down_;
    std::vector<std::function<void()>> held_;
};

}  // namespace test
