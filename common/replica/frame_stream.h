// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Frames over a stream. Part of links.h; loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/net/stream.h"
#include "common/replica/frames.h"

namespace replica {

class FrameStream {
 public:
    // The FrameStream may be destroyed in any of them; nothing comes after on_closed.
    struct Events {
        std::function<void(Frame)> on_frame;
        std::function<void(const std::string& why)> on_closed;
        std::function<void()> on_drained = nullptr;
    };
    FrameStream(net::StreamPtr stream, size_t limit);
    FrameStream(const FrameStream&) = delete;
    FrameStream& operator=(const FrameStream&) = delete;

    // `early`: octets of the stream that were read already.
    void start(Events events, base::ByteView early = {});
    void send(const Frame& frame);
    net::Stream& stream() { return *stream_; }

    // The stream, for somebody else, and what has come behind the last frame.
    struct Rest {
        net::StreamPtr stream;
        base::Bytes early;
    };
    Rest release();

 private:
    void feed(base::ByteView octets);
    void closed(const std::string& why);

    net::StreamPtr stream_;
    FrameReader reader_;
    std::shared_ptr<Events> events_ = std::make_shared<Events>();
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
};

}  // namespace replica
