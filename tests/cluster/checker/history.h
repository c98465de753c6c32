// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A recorded history of client operations on the key-value daemon: one JSON object a line (README.md has the
// format).
//
// A line "invoke" is written before the request is sent, a line "return" when its outcome is known. An
// operation without a return has an unknown outcome: it may have happened at any time after its invocation,
// or never. Times are CLOCK_MONOTONIC nanoseconds of the one machine on which all clients run. Pure; threads
// do not matter.
#pragma once

#include <cstdint>
#include <istream>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace checker {

inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

enum class Kind {
    kRegisterWrite,
    kRegisterCas,
    kRegisterRead,
    kCounterAdd,
    kCounterRead,
    kBankCreate,
    kBankTransfer,
    kBankRead,
    kIdsNew,
    kIdsRead,
};
std::string_view to_string(Kind kind);  // "register.write"
std::optional<Kind> kind_of(std::string_view word);
// Which kind of object it is about: "register", "counter", "bank", "ids".
std::string_view object_type(Kind kind);
bool is_read(Kind kind);

enum class Outcome {
    kOk,
    kRefused,    // decided, and nothing changed
    kNotLeader,  // nobody decided, and nothing changed
    kUnknown,    // words "unknown" and "timeout"
};

struct Operation {
    uint64_t id = 0;
    int64_t process = 0;
    std::string node;
    Kind kind = Kind::kRegisterRead;
    std::string key;  // of a register or counter
    int64_t invoked = 0;
    int64_t returned = kNever;
    Outcome outcome = Outcome::kUnknown;
    std::string reason;  // of a refusal: "cas-mismatch", "insufficient"

    int64_t value = 0;            // written; "to" of a cas; "by" of an add; "amount" of a transfer
    std::optional<int64_t> from;  // of a cas; none: it wanted an empty register
    std::string payer, payee;     // of a transfer
    std::map<std::string, int64_t> accounts;  // created, or read
    std::optional<int64_t> result;            // of reads, adds and new ids; none: the register was empty
    std::vector<int64_t> ids;                 // read
};

// What a node said about its whole state when everything had come to rest.
struct NodeState {
    std::string node;
    std::string hash;
    uint64_t applied = 0;
};

struct History {
    std::vector<Operation> operations;  // by time of invocation
    std::vector<std::string>
        final_nodes;  // that were to be read at the end; empty: there was no final reading
    std::vector<NodeState> states;
    std::vector<std::string> read_failures;  // final reads that were not answered
    bool torn = false;                       // the last line was cut off: its writer was killed
};

// kInvalid, with the number of the line, for anything but a torn last line.
base::Result<History> read_history(std::istream& input);

// "write r1 5 -> ok": one operation as a person reads it.
std::string describe(const Operation& operation);

}  // namespace checker
