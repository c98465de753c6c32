// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/body_reader.h"

#include <algorithm>
#include <charconv>

namespace http {
namespace {

constexpr size_t kLineLimit = 1024;         // one size line with its extensions, or one trailer field
constexpr size_t kTrailerLimit = 8 * 1024;  // the trailer section

Refusal bad_chunk(std::string text) { return {400, "bad-chunk", std::move(text)}; }

}  // namespace

BodyReader::BodyReader(const Head& head, size_t limit) : limit_(limit) {
    switch (head.body) {
        case BodyKind::kNone:
            break;
        case BodyKind::kLength:
            state_ = State::kLength;
            left_ = head.content_length;
            break;
        case BodyKind::kChunked:
            state_ = State::kSize;
            break;
    }
}

base::Result<size_t, Refusal> BodyReader::feed(std::string_view octets) {
    size_t used = 0;
    while (used < octets.size() && state_ != State::kDone) {
        const std::string_view rest = octets.substr(used);
        if (state_ == State::kLength || state_ == State::kData) {
            used += take_data(rest);
            continue;
        }
        auto taken = take_line(rest);
        if (!taken) return taken.error();
        used += *taken;
    }
    return used;
}

size_t BodyReader::take_data(std::string_view octets) {
    const auto count = static_cast<size_t>(std::min<uint64_t>(left_, octets.size()));
    body_.append(octets.substr(0, count));
    left_ -= count;
    if (left_ == 0) state_ = state_ == State::kLength ? State::kDone : State::kDataEnd;
    return count;
}

base::Result<size_t, Refusal> BodyReader::take_line(std::string_view octets) {
    const size_t newline = octets.find('\n');
    const size_t count = newline == std::string_view::npos ? octets.size() : newline + 1;
    if (count > kLineLimit - std::min(line_.size(), kLineLimit))
        return bad_chunk("A chunk's size line or a trailer field is longer than 1024 octets.");
    line_.append(octets.substr(0, count));
    if (newline == std::string_view::npos) return count;
    if (!line_.ends_with("\r\n")) return bad_chunk("A line between chunks does not end with CR LF.");
    line_.resize(line_.size() - 2);
    auto ended = end_line();
    line_.clear();
    if (!ended) return ended.error();
    return count;
}

base::Result<void, Refusal> BodyReader::end_line() {
    switch (state_) {
        case State::kSize:
            return begin_chunk();
        case State::kDataEnd:
            if (!line_.empty()) return bad_chunk("A chunk is longer than its size.");
            state_ = State::kSize;
            return {};
        case State::kTrailer:
            line_octets_ += line_.size();
            if (line_octets_ > kTrailerLimit) return bad_chunk("The trailer is longer than 8 KiB.");
            if (line_.empty()) state_ = State::kDone;
            return {};
        case State::kLength:
        case State::kData:
        case State::kDone:
            break;
    }
    return bad_chunk("A line where none belongs.");
}

base::Result<void, Refusal> BodyReader::begin_chunk() {
    uint64_t size = 0;
    const std::string_view digits = std::string_view(line_).substr(0, line_.find_first_of("; \t"));
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    const size_t after = line_.find_first_not_of(" \t", digits.size());
    const bool extension_follows = after == std::string::npos || line_[after] == ';';
    if (error != std::errc() || end != digits.data() + digits.size() || !extension_follows)
        return bad_chunk("A chunk's size is not a hexadecimal number.");
    if (size > limit_ - body_.size()) {
        return Refusal{413, "body-too-large",
                       "The body is larger than the " + std::to_string(limit_) + " octets taken here."};
    }
    left_ = size;
    state_ = size == 0 ? State::kTrailer : State::kData;
    return {};
}

}  // namespace http
