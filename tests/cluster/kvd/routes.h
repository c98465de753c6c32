// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The interface of kvd, JSON over HTTPS for role admin. A read may carry ?consistent=1: it then sees every
// write that was acknowledged before it. Its answer has "age_ms" beside what is shown: how far it may lie
// behind; null when that is not known. Writes may carry an Idempotency-Key of up to 128 octets; the answer is
// kept for a day.
//
//     PUT  /kv/registers/{key}      {"value":7}             {"value":7}
//     POST /kv/registers/{key}/cas  {"from":7,"to":8}       {"swapped":true} or 409 cas-mismatch
//     GET  /kv/registers/{key}                              {"value":7}, null when it is not there
//     POST /kv/counters/{key}/add   {"by":2}                {"value":9}
//     GET  /kv/counters/{key}                               {"value":9}, null when it is not there
//     PUT  /kv/bank                 {"accounts":{"a":5}}    the same
//     POST /kv/bank/transfer        {"from","to","amount"}  {"from":3,"to":2} or 409 insufficient
//     GET  /kv/bank                                         {"accounts":{"a":5}}
//     POST /kv/ids                                          {"id":12}
//     GET  /kv/ids                                          {"count":12,"ids":[1,2]}
//     PUT  /kv/blobs                at most 1 MiB           {"hash"}
//     GET  /kv/blobs/{hash}                                 the octets
//     PUT  /kv/level                {"level":2}             {"level":2} or 409 unknown-level
//     GET  /kv/level                                        {"level":2}
//     GET  /kv/state                                        {"hash","rows","applied_index"}
//
// The state is told on the control socket too: a voter has nothing else. 503 not-leader: nothing was written.
// 503 outcome-unknown: perhaps; repeat with the same key.
#pragma once

#include "common/frame/frame.h"
#include "common/json/object.h"
#include "tests/cluster/kvd/operations.h"

namespace kvd {

inline constexpr size_t kBlobMax = size_t{1} << 20;

class Routes {
 public:
    // frame outlives it.
    Routes(frame::Frame& frame, Level known);

    // It outlives the router's use.
    void add_to(http::Router& router);
    // Of the control socket: a voter has no API.
    void add_state_to(http::Router& router);

 private:
    using Operation = std::function<base::Result<Json>(store::Transaction&)>;
    struct Write {
        Operation run;
        std::string_view conflict = "conflict";  // the code of its 409
    };
    using Read = std::function<base::Result<Json>(const store::Reader&)>;
    // Mistakes in the body are collected by `body`; what is answered then is not run.
    using Decide = std::function<Write(const http::Request&, json::Object& body)>;
    using Choose = std::function<Read(const http::Request&)>;

    void add_write(http::Method method, const char* pattern, Decide decide);
    void add_read(const char* pattern, Choose choose);
    void add_number(const char* pattern, std::string_view table);
    void add_registers();
    void add_counters();
    void add_bank();
    void add_ids();
    void add_level();
    void add_blobs();
    void submit(const http::Request& request, Write write, http::ResponderPtr responder);
    void put_blob(const http::Request& request, http::ResponderPtr responder);
    void get_blob(const http::Request& request, http::ResponderPtr responder);
    void state(http::ResponderPtr responder);

    Json age() const;

    frame::Frame& frame_;
    Operations operations_;
    const bool hasty_;  // a mistake: a change is answered when it was decided, not when it is durable
    http::Router* router_ = nullptr;  // where add_to() adds
};

}  // namespace kvd
