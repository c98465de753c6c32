// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/framed_stream.h"

namespace cbc {

void FramedStream::begin(net::StreamPtr stream) {
    stream_ = std::move(stream);
    framer_ = make_framer_();
    const uint64_t mine = ++generation_;
    stream_->start({.on_open =
                        [this, mine] {
                            if (mine == generation_) events_.on_open();
                        },
                    .on_octets =
                        [this, mine](base::ByteView octets) {
                            if (mine == generation_) take(octets);
                        },
                    .on_closed =
                        [this, mine](net::CloseReason reason) {
                            if (mine == generation_) events_.on_closed(reason);
                        }});
}

void FramedStream::take(base::ByteView octets) {
    const uint64_t mine = generation_;
    framer_->feed(octets);
    while (mine == generation_) {  // a message may end the connection
        const auto message = framer_->next();
        if (!message) return events_.on_unframed(message.error());
        if (!message->has_value()) return;
        events_.on_message(**message);
    }
}

void FramedStream::end() {
    ++generation_;
    // The stream may be the caller: it goes after its callback.
    sweep_ = timers_.after(std::chrono::microseconds{0},
                           [old = std::make_shared<net::StreamPtr>(std::move(stream_))] { old->reset(); });
}

void FramedStream::send(base::ByteView octets) {
    // kClosed needs nothing here: on_closed follows.
    if (stream_ != nullptr) (void)stream_->send(octets);
}

}  // namespace cbc
