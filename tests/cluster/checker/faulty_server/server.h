// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A server with the key-value daemon's API whose faults are known: what the workload and the checker must
// find.
//
// Correct, it decides each request at some moment between its arrival and its answer, now and then says that
// it does not know the outcome or that it is no leader, or does not answer in time; all that is linearizable.
// Its nodes are ports.
#pragma once

#include <memory>
#include <random>

#include "common/http/server.h"
#include "tests/cluster/checker/faulty_server/state.h"

namespace faulty {

enum class Fault {
    kNone,
    kLostWrite,    // one in a few hundred changes is answered and not made
    kStaleRead,    // one in a hundred consistent reads comes from a copy that is up to half a second old
    kDoubleApply,  // a change repeated with its idempotency key is made again
};

struct Options {
    Fault fault = Fault::kNone;
    unsigned seed = 1;
    int nodes = 3;
    std::string certificate, key, authority;  // none: plain HTTP
};

class Server {
 public:
    Server(loop::Loop& loop, const Options& options);
    // The ports, one a node.
    base::Result<std::vector<uint16_t>> listen();

 private:
    struct Change {
        std::string path;
        nlohmann::json body;
        std::string idempotency_key;
        std::shared_ptr<http::Responder> responder;
    };
    void add_routes();
    void on_change(const http::Request& request, http::ResponderPtr responder);
    void on_read(const http::Request& request, http::ResponderPtr responder);
    void decide(Change change);
    void stall();
    void go_on();
    Result apply(const Change& change);
    void after(std::chrono::microseconds delay, loop::Job job);
    bool one_in(unsigned sides) { return engine_() % sides == 0; }
    std::chrono::microseconds pause() { return std::chrono::microseconds(engine_() % 4000); }

    loop::Loop& loop_;  // outlives the server
    const Options options_;
    std::mt19937 engine_;
    State state_;
    State old_copy_;
    std::map<std::string, Result> answers_;  // by idempotency key
    http::Router router_;
    std::vector<std::unique_ptr<http::Server>> servers_;
    std::map<uint64_t, loop::HandlePtr> timers_;
    uint64_t last_timer_ = 0;
    loop::HandlePtr copying_, stalling_;
    bool is_stalled_ = false;
    std::vector<Change> waiting_;
};

}  // namespace faulty
