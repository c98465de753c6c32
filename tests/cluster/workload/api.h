// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One operation of a history as a request to the key-value daemon, and what an answer means. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "common/base/result.h"
#include "common/http/client.h"
#include "tests/cluster/checker/history.h"

namespace workload {

// An operation before its outcome: what goes into a line "invoke".
struct Planned {
    checker::Kind kind = checker::Kind::kRegisterRead;
    std::string key;  // of a register or counter
    nlohmann::json args = nlohmann::json::object();
};

enum class Read {
    kConsistent,  // by the leader, linearizable
    kLocal,       // by the node that is asked, as far as it is
};

// Without url's host, certificate role and time-out. `idempotency_key` is for changes.
http::ClientRequest request_of(const Planned& planned, const std::string& base_url, Read read,
                               const std::string& idempotency_key);

struct Answer {
    enum class Kind {
        kOk,
        kRefused,    // decided: nothing changed
        kNotLeader,  // not decided, and nothing changed; also when the request could not be sent
        kUnknown,    // the server doesn't know
        kTimeout,    // no answer, or the connection was lost before it
        kStrange,    // nothing that the API may answer; taken for unknown
    };
    Kind kind = Kind::kStrange;
    std::string reason;
    nlohmann::json result = nlohmann::json::object();
};

Answer answer_of(const Planned& planned, const base::Result<http::Response>& response);

}  // namespace workload
