// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An SCTP socket as sctp_association.cc needs it, without the types of either library (whose headers cannot
// be seen together). For common/net alone.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/net/sctp.h"

namespace net {

// One thing that came out of a socket.
struct SctpIncoming {
    enum class Kind {
        kNothing,    // for now
        kPart,       // of a message
        kUp,         // the association stands
        kRestarted,  // the peer began it anew
        kNotUp,      // it did not come about
        kPath,       // something about `host` changed
        kBroken,     // the message under way will not be finished
        kClosing,    // the peer wants to end it in order
        kEnded,      // in order
        kLost,       // not in order
        kFailed,     // the call failed, see `error`
        kOther,
    };
    Kind kind = Kind::kNothing;
    size_t octets = 0;  // of the part
    bool last = false;  // the part ends its message
    uint16_t stream = 0;
    uint32_t ppid = 0;
    std::string host;
    bool removed = false;  // the path is no more
    int error = 0;
};

enum class SctpTaken { kYes, kLater, kNo };

class SctpSocket {
 public:
    virtual ~SctpSocket() = default;   // aborts the association, unless:
    virtual void part_in_order() = 0;  // it then ends in the background, and what was sent is still delivered

    // From now on `ready` is called when there may be something to read or write. A call too many does no
    // harm.
    virtual void watch(std::function<void()> ready) = 0;
    virtual void want(Reading reading, bool writing) = 0;
    virtual void look_again() = 0;  // calls `ready` soon, whatever the socket says

    virtual int connect() = 0;  // 0 or errno; what follows comes out of receive()
    virtual SctpIncoming receive(std::span<uint8_t> into) = 0;
    virtual SctpTaken send(const SctpMessage& message) = 0;  // kNo: see errno
    virtual size_t largest() const = 0;                      // message that send() can take
    virtual void shut_down() = 0;
    virtual int pending_error() = 0;  // errno's of the socket, and clears it

    virtual SctpUp addresses() const = 0;
    virtual std::vector<SctpPath> paths() const = 0;
    virtual uint64_t retransmissions() const = 0;
};
using SctpSocketPtr = std::unique_ptr<SctpSocket>;

}  // namespace net
