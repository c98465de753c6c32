// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/frame_stream.h"

#include <utility>

namespace replica {

FrameStream::FrameStream(net::StreamPtr stream, size_t limit) : stream_(std::move(stream)), reader_(limit) {}

void FrameStream::start(Events events, base::ByteView early) {
    *events_ = std::move(events);
    stream_->start(
        {.on_open = nullptr,
         .on_octets = [this](base::ByteView octets) { feed(octets); },
         .on_closed = [this](net::CloseReason reason) { closed(describe(reason, stream_->detail())); },
         .on_drained =
             [this] {
                 const auto now = events_;
                 if (now->on_drained) now->on_drained();
             }});
    if (!early.empty()) feed(early);
}

void FrameStream::send(const Frame& frame) {
    (void)stream_->send(encode(frame));  // kClosed: on_closed follows or has come
}

FrameStream::Rest FrameStream::release() {
    alive_.reset();  // feed() below goes no further
    return {std::move(stream_), reader_.rest()};
}

void FrameStream::feed(base::ByteView octets) {
    const std::weak_ptr<const char> alive = alive_;
    reader_.feed(octets);
    while (!alive.expired()) {
        auto frame = reader_.next();
        if (!frame) return closed("it sent what is no frame: " + frame.error().text());
        if (!*frame) return;
        const auto events = events_;
        if (events->on_frame) events->on_frame(*std::move(*frame));
    }
}

void FrameStream::closed(const std::string& why) {
    const auto events = std::exchange(events_, std::make_shared<Events>());
    if (events->on_closed) events->on_closed(why);
}

}  // namespace replica
