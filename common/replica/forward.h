// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A follower hands a write to the leader and its outcome back to whoever asked: the four outcomes of the
// store, with what the leader's handler answered.
//
//     follower's main loop ─forward()─▶ links' loop ═══▶ leader's links' loop ─▶ leader's main loop: handler
//                          ◀───── done ─────────── ◀═══                      ◀─ answer
//
//     kNotLeader   no leader is known, the node that was asked is not it, or nothing was sent. With time left
//                  it is tried once more when a leader is known; what was sent is never sent again otherwise
//     kUnknown     it was sent, and no answer came before the deadline or before the connection was lost
//     kRefused     the handler's no; or too much is under way (kUnavailable), or it is too large (kLimit)
//
// What makes a repeat harmless, an idempotency key, is inside the payload: its kind's business. Everything
// here is called on the main loop, `done` too, once and never before forward() has returned. Made before the
// first connection. Calls and both loops outlive it; what is under way when it goes is answered then.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/replica/calls.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace loop {
class Loop;
class Timers;
}  // namespace loop

namespace replica {

struct Forwarded {
    store::Outcome outcome = store::Outcome::kUnknown;
    base::Error error{base::ErrorKind::kUnavailable, {}};  // meaningful unless kOk
    base::Bytes payload;                                   // with any outcome, when the handler ran
};

struct ForwardConfig {
    size_t in_flight_max = 256;  // in each direction
    size_t octets_max = size_t{32} << 20;
    std::chrono::milliseconds patience{3'000};  // for a leader to be found
    std::chrono::milliseconds ask_again{150};   // who leads as far as we know, and says no
};

struct ForwardSide {
    Calls& calls;
    loop::Loop& links_loop;
    loop::Loop& main_loop;
    loop::Timers& timers;  // the main loop itself, but for tests
    const base::Clock& clock;
    NodeName self;
};

class Forwarder {
 public:
    using Done = std::function<void(Forwarded)>;
    // Runs where this node leads. Answers when it likes, once; one that lets go of `answer` instead leaves
    // the caller with kUnknown.
    using Handler = std::function<void(const NodeName& from, base::Bytes payload, Done answer)>;

    Forwarder(const ForwardConfig& config, const ForwardSide& side);
    ~Forwarder();

    void serve(std::string kind, Handler handler);

    // Whom to ask. We ourselves: writes are taken here, and our own handlers are run.
    void leads();
    void follows(std::optional<NodeName> leader);

    // Kind: at most 32 octets; payload: 1 MiB and a half.
    void forward(std::string kind, base::Bytes payload, std::chrono::milliseconds deadline, Done done);

 private:
    struct State;
    std::shared_ptr<State> state_;  // others hold it weakly, and look at it on the main loop alone
};

// On the wire: call "forward"; numbers big endian. Pure.
//     request  kind u8 + octets | payload
//     answer   outcome u8 | kind of error u8 | text u16 + octets | payload
struct ForwardRequest {
    std::string kind;
    base::Bytes payload;
};
base::Bytes encode_forward(const std::string& kind, base::ByteView payload);
base::Result<ForwardRequest> decode_forward(base::ByteView octets);
base::Bytes encode_forwarded(const Forwarded& forwarded);
base::Result<Forwarded> decode_forwarded(base::ByteView octets);

}  // namespace replica
