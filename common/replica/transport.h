// SPDX-License-Identifier: AGPL-3.0-or-later
//
// libraft's connections over streams that somebody else made secure: raft_uv_transport on socket pairs.
//
// A stream begins with what the side that opened it says: which cluster, which life of which node it is (its
// raft id and address), and which life of the other node it means. A node that was emptied and joined anew
// has another id, so nobody takes it for what it was before; without that it could vote twice in one term.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/fd.h"
#include "common/base/result.h"
#include "common/log/log.h"
#include "common/replica/calls.h"
#include "common/replica/raft_thread.h"

struct raft_uv_transport;

namespace replica {

// Streams to the other nodes, by name. `opened` is called once, on any thread.
class Streams {
 public:
    virtual ~Streams() = default;
    using Opened = std::function<void(base::Result<base::Fd>)>;
    virtual void open(const NodeName& to, Opened opened) = 0;
    // Streams that others opened go to `accepted`, on any thread; nullptr: they are closed.
    using Accepted = std::function<void(const NodeName& from, base::Fd)>;
    virtual void on_stream(Accepted accepted) = 0;
};

// What a stream begins with.
struct StreamHead {
    uint64_t from = 0;
    uint64_t to = 0;
    std::string cluster;
    std::string address;  // RaftAddress of the side that opened it
};
inline constexpr size_t kStreamHeadOctetsMax = 512;
base::Bytes encode(const StreamHead& head);
// nullopt: more octets are needed. An error: nothing that could become one.
base::Result<std::optional<StreamHead>> decode_stream_head(base::ByteView octets);

// One per life of the log. Made, used and destroyed on the raft thread; destroyed after libraft closed it.
class Transport {
 public:
    Transport(RaftThread& thread, Streams& streams, std::string cluster, logs::Log log);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    raft_uv_transport* raw();

 private:
    struct State;
    std::shared_ptr<State> state_;  // shared with openings that have not been answered
};

}  // namespace replica
