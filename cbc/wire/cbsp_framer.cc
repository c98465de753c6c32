// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/cbsp_framer.h"

#include "cbc/wire/cbsp_codec.h"

namespace cbc::cbsp {

std::string FrameError::text() const {
    return "a message of " + std::to_string(announced) + " octets is announced; at most " +
           std::to_string(limit) + " are taken";
}

void CbspFramer::feed(base::ByteView octets) {
    if (error_) return;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
    buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

base::Result<std::optional<base::Bytes>, FrameError> CbspFramer::next() {
    if (error_) return *error_;
    base::Reader in(base::ByteView(buffer_).subspan(start_));
    if (in.remaining() < kHeaderOctets) return std::optional<base::Bytes>{};
    const auto type = in.u8("Message-Type");
    const auto length = in.u24("Length");
    if (!type || !length) return std::optional<base::Bytes>{};
    const size_t whole = kHeaderOctets + *length;
    if (whole > limit_) {
        error_ = FrameError{whole, limit_};
        buffer_ = {};
        start_ = 0;
        return *error_;
    }
    if (buffered() < whole) return std::optional<base::Bytes>{};
    const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(start_);
    std::optional<base::Bytes> message{base::Bytes(begin, begin + static_cast<std::ptrdiff_t>(whole))};
    start_ += whole;
    return message;
}

}  // namespace cbc::cbsp
