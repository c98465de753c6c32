// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A session on its stream: reads, writes with back pressure, gives requests to their handlers. For
// common/http2 alone.
#pragma once

#include <map>

#include "common/http2/server.h"
#include "common/net/stream.h"

namespace http2 {

class Connection;

// What all connections of one server have in common. Outlives them.
struct Service {
    const base::Clock& clock;
    const http::Router& router;
    const Limits limits;
    const logs::Log log;
    http::OnServed on_served;
    Counters counters;
    std::function<void(Connection&)> closed;  // the server forgets it
};

// Shared with its own callbacks, in which it may be closed; responders hold it weakly.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
    Connection(Service& service, net::StreamPtr stream, http::Peer peer, std::string host);

    void start();
    void tick();
    void drain();
    void respond(int32_t stream, http::Response response);
    const std::string& host() const { return host_; }

 private:
    class ResponderImpl;
    struct Asked {
        http::Method method;
        const http::Route* route;
        base::Ticks began;
    };

    void on_octets(base::ByteView octets);
    void dispatch(Arrived arrived);
    void flush();
    void close();

    Service& service_;
    const std::string host_;
    Session session_;
    net::StreamPtr stream_;  // none: closed
    std::map<int32_t, Asked> asked_;
    bool busy_ = false;  // inside a read: what is to be written is written at its end
};

}  // namespace http2
