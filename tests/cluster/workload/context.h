// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What all clients of one run share. Loop thread only.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "common/http/client.h"
#include "common/loop/loop.h"
#include "tests/cluster/workload/api.h"
#include "tests/cluster/workload/mix.h"
#include "tests/cluster/workload/recorder.h"

namespace workload {

struct NodeAddress {
    std::string name;
    std::string url;  // https://host:port
};

struct Options {
    std::string history;
    std::vector<NodeAddress> nodes;
    std::string certificate, key, authority, server_role;
    size_t clients = 8;
    double seconds = 20;  // 0: until SIGTERM
    double rate = 0;      // operations a second of all clients together; 0: as many as can be
    double repeat = 0.8;  // the share of unknown outcomes that are repeated with the same key
    std::chrono::milliseconds timeout{2'000};
    Read read = Read::kConsistent;  // kLocal: what a node has is taken for true, which is a mistake
    std::chrono::milliseconds settle{30'000};  // for the final reading: until all nodes are in the same state
    MixOptions mix;
};

struct Counts {
    uint64_t operations = 0;
    std::map<std::string, uint64_t> outcomes;
    std::map<std::string, uint64_t> reasons;  // of refusals and of strange answers
    uint64_t repeats = 0;
    int64_t last_acknowledged = 0;
    int64_t longest_gap_ns = 0;  // between two acknowledgements, of whichever clients
};

struct Context {
    loop::Loop& loop;
    http::Client& http;
    Recorder& recorder;
    Mix& mix;
    const Options& options;
    Counts counts;
    bool is_stopping = false;

    // Sends one attempt; `done` comes later.
    void send(const Planned& planned, const NodeAddress& node, Read read, const std::string& idempotency_key,
              std::function<void(Answer)> done);
    void record_invoke(uint64_t id, int64_t process, const std::string& node, const Planned& planned);
    void record_return(uint64_t id, std::string_view outcome, const Answer& answer, int attempts);
};

}  // namespace workload
