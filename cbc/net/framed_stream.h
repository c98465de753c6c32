// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A TCP connection of a link that comes and goes, cut into messages. Lives as long as the link; whatever an
// older connection still says is not heard. On the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cbc/wire/framer.h"
#include "common/loop/loop.h"
#include "common/net/stream.h"

namespace cbc {

class FramedStream {
 public:
    struct Events {
        std::function<void()> on_open;
        std::function<void(base::ByteView)> on_message;  // may call end()
        // The stream has lost its place; end() is to follow.
        std::function<void(const wire::FrameError&)> on_unframed;
        std::function<void(net::CloseReason)> on_closed;
    };
    using MakeFramer = std::function<wire::Framer()>;

    FramedStream(loop::Timers& timers, MakeFramer make_framer, Events events)
        : timers_(timers), make_framer_(std::move(make_framer)), events_(std::move(events)) {}

    void begin(net::StreamPtr stream);
    // Closes the connection, once the callback that may be running has returned.
    void end();
    // Without a connection: nothing happens.
    void send(base::ByteView octets);
    std::string remote() const { return stream_ == nullptr ? "" : stream_->remote(); }

 private:
    void take(base::ByteView octets);

    loop::Timers& timers_;
    MakeFramer make_framer_;
    Events events_;
    net::StreamPtr stream_;
    uint64_t generation_ = 0;
    std::optional<wire::Framer> framer_;
    loop::HandlePtr sweep_;
};

}  // namespace cbc
