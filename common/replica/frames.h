// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What nodes say to each other on a connection, before a stream of the log takes it over or for as long as
// calls go over it. All numbers big endian:
//
//     frame   = length:u32 type:u8 body          length counts type and body
//     Hello   = 1  magic:u32 version:u8 purpose:u8 node:text8      the one that connects, first
//     Welcome = 2  version:u8                                      the answer; after it octets of the log, or
//     calls Refusal = 3  why:text16                                      the answer; then the connection is
//     closed Request = 4  id:u32 kind:text8 octets                        from the one that connected Reply
//     = 5  id:u32 octets Failure = 6  id:u32 error:u8 why:text16 Cancel  = 7  id:u32 nobody waits for that
//     reply any more Retire  = 8                                                  make a new connection for
//     further calls text8, text16 = length:u8 or u16, octets
//
// Pure. A FrameReader never holds more than its limit and one read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/replica/calls.h"

namespace replica {

inline constexpr uint8_t kLinkVersion = 1;
inline constexpr size_t kKindOctetsMax = 64;
inline constexpr size_t kTextOctetsMax = 1024;          // of a refusal or a failure; longer ones are cut
inline constexpr size_t kIntroductionOctetsMax = 2048;  // a frame before Welcome and Welcome itself
inline constexpr size_t kFrameOctetsMax = kCallOctetsMax + 256;

enum class Purpose : uint8_t { kStream = 1, kCalls = 2 };

struct Hello {
    uint8_t version = kLinkVersion;
    Purpose purpose = Purpose::kCalls;
    NodeName node;
    friend bool operator==(const Hello&, const Hello&) = default;
};
struct Welcome {
    uint8_t version = kLinkVersion;
    friend bool operator==(const Welcome&, const Welcome&) = default;
};
struct Refusal {
    std::string why;
    friend bool operator==(const Refusal&, const Refusal&) = default;
};
struct Request {
    uint32_t id = 0;
    std::string kind;
    base::Bytes octets;
    friend bool operator==(const Request&, const Request&) = default;
};
struct Reply {
    uint32_t id = 0;
    base::Bytes octets;
    friend bool operator==(const Reply&, const Reply&) = default;
};
struct Failure {
    uint32_t id = 0;
    base::ErrorKind kind = base::ErrorKind::kUnavailable;
    std::string why;
    friend bool operator==(const Failure&, const Failure&) = default;
};
struct Cancel {
    uint32_t id = 0;
    friend bool operator==(const Cancel&, const Cancel&) = default;
};
struct Retire {
    friend bool operator==(const Retire&, const Retire&) = default;
};
using Frame = std::variant<Hello, Welcome, Refusal, Request, Reply, Failure, Cancel, Retire>;

// With its length. The caller has kept kKindOctetsMax and kCallOctetsMax.
base::Bytes encode(const Frame& frame);
// Type and body, without the length.
base::Result<Frame, base::DecodeError> decode(base::ByteView octets);

// Octets in, as they come; frames out.
class FrameReader {
 public:
    explicit FrameReader(size_t limit) : limit_(limit) {}
    void set_limit(size_t limit) { limit_ = limit; }
    void feed(base::ByteView octets);
    // The next whole frame, or none yet. After an error nothing more comes.
    base::Result<std::optional<Frame>, base::DecodeError> next();
    // What has come behind the last frame, when frames have ended.
    base::Bytes rest();

 private:
    size_t limit_;
    base::Bytes buffer_;
    size_t at_ = 0;  // of the next frame in the buffer
};

}  // namespace replica
