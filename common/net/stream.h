// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A byte stream to a peer, as links see it: octets in, octets out, and one reason when it ends.
//
// An interface, so that a link is tested with a stream that is no socket. tcp.h and tls_stream.h have the
// real ones.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/bytes.h"

namespace net {

enum class CloseReason {
    kPeerClosed,     // the peer ended it in order
    kShutDown,       // we did, and it agreed (SCTP)
    kReset,          // the peer, or something between, cut it
    kRefused,        // nobody listens there
    kUnreachable,    // no way to the peer's network
    kTimedOut,       // connecting, or sending, took too long
    kSendQueueFull,  // the peer does not read what we send
    kHandshake,      // TLS did not come about: detail() says why
    kError,          // something else; detail() has the system's own words
};
std::string_view to_string(CloseReason reason);

enum class Sent { kQueued, kClosed };
enum class Reading { kOn, kPaused };

class Stream {
 public:
    // Called on the loop's thread. None is called after on_closed, after close(), or from within send(). The
    // stream may be destroyed in any of them.
    struct Events {
        std::function<void()> on_open;  // of a stream that connects; an accepted one is open already
        std::function<void(base::ByteView)> on_octets;
        std::function<void(CloseReason)> on_closed;
        std::function<void()> on_drained = nullptr;  // all that was sent has left for the system
    };

    virtual ~Stream() = default;  // closes; what is unsent is lost
    // Once more later, when the stream changes hands: the new events replace the old ones.
    virtual void start(Events events) = 0;
    // kClosed: it has ended already, or ends now because too much waits to be sent; on_closed follows then.
    virtual Sent send(base::ByteView octets) = 0;
    virtual std::string remote() const = 0;  // "192.0.2.7:48049"

    // For back pressure: what waits to be sent, and whether we want to hear more. While it is paused, the end
    // of the peer may go unseen.
    virtual size_t unsent() const { return 0; }
    virtual void read(Reading) {}
    // What is to be said beside the reason, in on_closed; mostly empty.
    virtual std::string detail() const { return {}; }
};
using StreamPtr = std::unique_ptr<Stream>;

// "connection refused", "TLS handshake failed: certificate has expired"
std::string describe(CloseReason reason, const std::string& detail);

}  // namespace net
