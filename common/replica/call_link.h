// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Our calls to one node, and the connection that they go over: made, kept, made again with back-off. Part of
// links.h; loop thread only.
//
//   connecting ──▶ up ──▶ waiting (back-off) ──▶ connecting …
//
// A call made while connecting waits for the connection; one made while waiting fails at once, so that its
// caller can turn to another node. When a certificate was renewed a second connection takes over the new
// calls, and the first is closed as soon as its own are answered.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "common/net/backoff.h"
#include "common/replica/calls.h"
#include "common/replica/dial.h"

namespace replica {

class CallLink {
 public:
    enum class Life { kLasting, kOneCall };
    // `peer.node` may be empty with kOneCall, which connects once and logs nothing.
    CallLink(LinkContext& context, net::Endpoint endpoint, NodeName node, Life life);
    ~CallLink();  // answers what is under way
    CallLink(const CallLink&) = delete;
    CallLink& operator=(const CallLink&) = delete;

    void call(std::string_view kind, base::Bytes request, std::chrono::milliseconds deadline,
              Calls::Answer answer);
    // Another connection takes over, soon; false when one is being made already.
    bool remake();
    // Closes the connections whose certificate has ended by then; whether there was one.
    bool end_at(base::Ticks now);

    const net::Endpoint& endpoint() const { return endpoint_; }
    bool up() const { return current_ != nullptr; }
    uint64_t connects() const { return connects_; }
    const Vintage* vintage() const;                 // null when it is not up
    const NodeName& node() const { return node_; }  // learnt from the connection where it was not given
    const std::string& last_error() const { return last_error_; }

 private:
    struct Carrier {
        std::unique_ptr<FrameStream> frames;
        Vintage vintage;
        size_t calls = 0;
        loop::HandlePtr retired;  // until when it may stay
    };
    struct Call {
        std::string kind;
        base::Bytes request;  // until it is sent
        Calls::Answer answer;
        loop::HandlePtr deadline;
        Carrier* carrier = nullptr;  // null: not sent yet
    };
    using CallMap = std::map<uint32_t, Call>;

    void connect();
    void connected(base::Result<Connection> result);
    void adopt(Connection connection);
    void lost(Carrier* carrier, const std::string& why);
    void drop(Carrier* carrier);
    void received(Carrier* carrier, Frame frame);
    void send(uint32_t id, Call& call);
    void deadline_passed(uint32_t id);
    void finish(CallMap::iterator at, base::Result<base::Bytes> result);
    void finish_later(Calls::Answer answer, base::Error error);
    void fail_if(const std::function<bool(const Call&)>& meant, const base::Error& error);
    void retry();
    uint32_t new_id();
    std::string name() const { return node_.empty() ? endpoint_.text() : node_; }

    LinkContext& context_;
    net::Endpoint endpoint_;
    NodeName node_;
    Life life_;
    net::Backoff backoff_;
    std::unique_ptr<Dial> dial_;
    loop::HandlePtr retry_;
    Carrier* current_ = nullptr;  // one of carriers_
    std::list<std::unique_ptr<Carrier>> carriers_;
    CallMap calls_;
    uint64_t connects_ = 0;
    size_t waiting_octets_ = 0;
    uint32_t last_id_ = 0;
    std::string last_error_;
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
};

}  // namespace replica
