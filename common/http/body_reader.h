// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The body of a request, by its length or in chunks (RFC 9112 §6, §7.1), never longer than the route allows.
//
//     chunked:  size line ──▶ data ──▶ line end ──▶ size line …          size 0 ──▶ trailer ──▶ done
//
// Pure, and indifferent to how the octets are cut. Chunk extensions and trailer fields are read over; both
// are bounded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/http/head_parser.h"
#include "common/http/refusal.h"

namespace http {

class BodyReader {
 public:
    BodyReader() = default;  // no body
    // The caller has compared a Content-Length with the limit already; chunks are counted here.
    BodyReader(const Head& head, size_t limit);

    // Takes what belongs to the body and answers how many octets that was.
    base::Result<size_t, Refusal> feed(std::string_view octets);
    bool done() const { return state_ == State::kDone; }
    std::string take() { return std::move(body_); }

 private:
    enum class State { kLength, kSize, kData, kDataEnd, kTrailer, kDone };

    size_t take_data(std::string_view octets);
    base::Result<size_t, Refusal> take_line(std::string_view octets);
    base::Result<void, Refusal> end_line();
    base::Result<void, Refusal> begin_chunk();

    State state_ = State::kDone;
    uint64_t left_ = 0;  // octets of the body, or of this chunk, still to come
    size_t limit_ = 0;
    size_t line_octets_ = 0;  // of size lines and trailer, against endless ones
    std::string line_;        // the line being read
    std::string body_;
};

}  // namespace http
