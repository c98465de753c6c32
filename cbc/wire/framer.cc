// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/framer.h"

namespace cbc::wire {

void Framer::feed(base::ByteView octets) {
    if (error_) return;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
    buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

FrameError Framer::lose_place(FrameError error) {
    buffer_ = {};
    start_ = 0;
    error_ = std::move(error);
    return *error_;
}

base::Result<std::optional<base::Bytes>, FrameError> Framer::next() {
    if (error_) return *error_;
    const auto measured = measure_(base::ByteView(buffer_).subspan(start_));
    if (!measured) return lose_place(measured.error());
    if (!*measured) return std::optional<base::Bytes>{};
    const size_t whole = **measured;
    if (whole > limit_)
        return lose_place({"a message of " + std::to_string(whole) + " octets is announced; at most " +
                           std::to_string(limit_) + " are taken"});
    if (buffered() < whole) return std::optional<base::Bytes>{};
    const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(start_);
    std::optional<base::Bytes> message{base::Bytes(begin, begin + static_cast<std::ptrdiff_t>(whole))};
    start_ += whole;
    return message;
}

}  // namespace cbc::wire
