// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A link's connection without a socket: what the link sends is decoded and kept, what the peer says is given
// in by the case.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/net/stream.h"
#include "tests/support/test.h"

namespace test {

// What the peer's end of a connection sees; outlives the stream.
template <class Message>
struct Wire {
    net::Stream::Events events;
    std::vector<Message> sent;
    bool open = true;
};

// Decode is the protocol's decode(): octets of one PDU to a Result with `message`.
template <class Message, auto Decode>
class FakeStream final : public net::Stream {
 public:
    FakeStream(std::shared_ptr<Wire<Message>> wire, std::string remote)
        : wire_(std::move(wire)), remote_(std::move(remote)) {}
    ~FakeStream() override { wire_->open = false; }
    void start(Events events) override { wire_->events = std::move(events); }
    net::Sent send(base::ByteView octets) override {
        auto decoded = Decode(octets);
        CHECK_OK(decoded);
        wire_->sent.push_back(std::move(decoded->message));
        return net::Sent::kQueued;
    }
    std::string remote() const override { return remote_; }

 private:
    std::shared_ptr<Wire<Message>> wire_;
    std::string remote_;
};

}  // namespace test
