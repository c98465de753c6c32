// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The connections that carry the log: each is one end of a socket pair, joined with TLS. Part of links.h;
// loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/base/fd.h"
#include "common/net/relay.h"
#include "common/replica/dial.h"

namespace replica {

enum class Origin { kOurs, kTheirs };

class LogStreams {
 public:
    explicit LogStreams(LinkContext& context) : context_(context) {}

    // The other end of the pair. Of the streams that one node opened only the newest few are kept: older ones
    // are those that it lost and whose end we have not seen yet.
    base::Result<base::Fd> join(Connection connection, Origin origin);
    // Closes those that are meant, and says how many.
    struct Stream {
        NodeName node;
        Origin origin;
        Vintage vintage;
        std::unique_ptr<net::Relay> relay;
    };
    size_t close_if(const std::function<bool(const Stream&)>& meant, const std::string& why);
    // The oldest that is meant, closed: false when there is none.
    bool close_one_if(const std::function<bool(const Stream&)>& meant, const std::string& why);
    bool any(const NodeName& node) const;
    size_t size() const { return streams_.size(); }

 private:
    using Map = std::map<uint64_t, Stream>;
    void close(Map::iterator at, const std::string& why);
    void keep_newest(const NodeName& node);

    LinkContext& context_;
    Map streams_;  // the oldest first
    uint64_t last_ = 0;
};

}  // namespace replica
