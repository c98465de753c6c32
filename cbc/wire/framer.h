// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cuts the octets of a TCP connection into messages, for protocols whose messages say how long they are.
//
// feed() takes what arrived, next() gives the messages one by one. A message that announces more than the
// limit is an error as soon as it is read, before anything is kept for it; the stream has lost its place then
// and the connection must be closed. Take all messages after each feed(): what is kept is never more than one
// message and what was fed last.
#pragma once

#include <optional>
#include <string>

#include "common/base/bytes.h"
#include "common/base/result.h"

namespace cbc::wire {

struct FrameError {
    std::string reason;

    const std::string& text() const { return reason; }
};

class Framer {
 public:
    // How many octets the message has that `in` begins, or at least has: whole only when `in` has as many.
    // None: more octets are needed to tell.
    using Measure = base::Result<std::optional<size_t>, FrameError> (*)(base::ByteView in);

    Framer(Measure measure, size_t limit) : measure_(measure), limit_(limit) {}

    void feed(base::ByteView octets);
    // A whole message; none: more octets are needed. After an error always that error.
    base::Result<std::optional<base::Bytes>, FrameError> next();

    size_t buffered() const { return buffer_.size() - start_; }

 private:
    FrameError lose_place(FrameError error);

    Measure measure_;
    size_t limit_;
    base::Bytes buffer_;
    size_t start_ = 0;  // octets before it were given out already
    std::optional<FrameError> error_;
};

}  // namespace cbc::wire
