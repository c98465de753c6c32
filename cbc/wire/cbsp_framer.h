// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cuts the octets of a TCP connection into CBSP messages.
//
// feed() takes what arrived, next() gives the messages one by one. A header that announces more than the
// limit is an error as soon as it is read, before anything is kept for it; the stream has lost its place then
// and the connection must be closed. Take all messages after each feed(): what is kept is never more than one
// message and what was fed last.
#pragma once

#include <optional>
#include <string>

#include "common/base/bytes.h"

namespace cbc::cbsp {

// An answer can hold three lists of up to 64 KiB; nothing in the protocol is longer.
inline constexpr size_t kMaxMessageOctets = 256 * 1024;

struct FrameError {
    size_t announced;
    size_t limit;

    std::string text() const;
};

class CbspFramer {
 public:
    explicit CbspFramer(size_t limit = kMaxMessageOctets) : limit_(limit) {}

    void feed(base::ByteView octets);
    // A whole message with its header; none: more octets are needed. After an error always that error.
    base::Result<std::optional<base::Bytes>, FrameError> next();

    size_t buffered() const { return buffer_.size() - start_; }

 private:
    size_t limit_;
    base::Bytes buffer_;
    size_t start_ = 0;  // octets before it were given out already
    std::optional<FrameError> error_;
};

}  // namespace cbc::cbsp
