// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/log_streams.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "common/net/tcp.h"

namespace replica {
namespace {

constexpr size_t kTheirsMax = 4;  // from one node

}  // namespace

base::Result<base::Fd> LogStreams::join(Connection connection, Origin origin) {
    std::array<int, 2> pair{-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()) != 0)
        return base::io_error("stream of the log with " + connection.node, errno);
    base::Fd ours(pair[0]);
    base::Fd theirs(pair[1]);
    // Whoever holds the other end may be busy with a slow disk: no time limit on this side.
    const net::TcpLimits limits{.unsent_octets = net::kRelayUnsentMax,
                                .connect_timeout = context_.limits.connect_timeout,
                                .send_timeout = std::chrono::milliseconds{0},
                                .dead_after = std::chrono::milliseconds{0}};
    const uint64_t id = ++last_;
    auto relay = std::make_unique<net::Relay>(context_.loop, std::move(connection.stream),
                                              net::adopt(context_.loop, std::move(ours), "log", limits),
                                              [this, id](size_t which, const std::string& why) {
                                                  const auto at = streams_.find(id);
                                                  if (at != streams_.end())
                                                      close(at, which == 0 ? why : "closed here");
                                              });
    net::Relay& started = *relay;
    streams_[id] = {connection.node, origin, connection.vintage, std::move(relay)};
    context_.log.info("links.stream.opened", {{"peer", connection.node}, {"stream", id}});
    if (origin == Origin::kTheirs) keep_newest(connection.node);
    started.start(connection.early);
    return theirs;
}

void LogStreams::keep_newest(const NodeName& node) {
    const auto meant = [&node](const Stream& one) {
        return one.node == node && one.origin == Origin::kTheirs;
    };
    size_t count = 0;
    for (const auto& [id, one] : streams_) count += meant(one) ? 1 : 0;
    for (; count > kTheirsMax; --count) close_one_if(meant, "the node opened newer ones");
}

void LogStreams::close(Map::iterator at, const std::string& why) {
    context_.log.info("links.stream.closed",
                      {{"peer", at->second.node}, {"stream", at->first}, {"why", why}});
    const Stream gone = std::move(at->second);
    streams_.erase(at);
}

size_t LogStreams::close_if(const std::function<bool(const Stream&)>& meant, const std::string& why) {
    size_t closed = 0;
    while (close_one_if(meant, why)) ++closed;
    return closed;
}

bool LogStreams::close_one_if(const std::function<bool(const Stream&)>& meant, const std::string& why) {
    for (auto at = streams_.begin(); at != streams_.end(); ++at) {
        if (!meant(at->second)) continue;
        close(at, why);
        return true;
    }
    return false;
}

bool LogStreams::any(const NodeName& node) const {
    for (const auto& [id, one] : streams_)
        if (one.node == node) return true;
    return false;
}

}  // namespace replica
