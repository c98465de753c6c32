// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Calls that one node makes to us over one connection. Part of links.h; loop thread only.
//
// Bounded: calls under way and their octets (more are refused, surely unexecuted), and what waits to be sent
// (nothing more is read meanwhile). A handler that drops its answer has answered: nobody knows what happened.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/replica/calls.h"
#include "common/replica/dial.h"

namespace replica {

// Which calls are taken, and from whom.
struct Service {
    Calls::Handler handler;
    bool strangers = false;
};
using Services = std::map<std::string, Service, std::less<>>;

class CallServer {
 public:
    struct Owner {
        LinkContext& context;
        const Services& services;
        std::function<bool(const NodeName&)> is_known;
        // It has ended; may destroy the server.
        std::function<void(const std::string& why)> on_closed;
    };
    CallServer(Owner owner, Connection connection);
    ~CallServer();  // unanswered calls are lost
    void start();   // at once; the owner has put it in its place
    CallServer(const CallServer&) = delete;
    CallServer& operator=(const CallServer&) = delete;

    // The other end makes a new connection for further calls, and this one ends.
    void retire();
    const NodeName& node() const { return node_; }
    const Vintage& vintage() const { return vintage_; }
    bool retired() const { return retired_ != nullptr; }

 private:
    class Ticket;  // held by the answer of one call
    void received(Frame frame);
    void take(Request request);
    void refuse(uint32_t id, base::ErrorKind kind, std::string why);
    void answer(uint32_t id, base::Result<base::Bytes> result);
    void send(const Frame& frame);

    Owner owner_;
    NodeName node_;
    Vintage vintage_;
    std::unique_ptr<FrameStream> frames_;
    base::Bytes early_;
    std::map<uint32_t, size_t> calls_;  // under way: octets of the request
    size_t octets_ = 0;
    loop::HandlePtr retired_;
    std::shared_ptr<CallServer*> self_;  // what tickets hold weakly
};

}  // namespace replica
