// SPDX-License-Identifier: AGPL-3.0-or-later
//
// SCTP (RFC 9260) on the loop: associations that carry whole messages, each with a stream number and a
// payload protocol identifier, between hosts that may have several addresses.
//
// Two back ends behind one interface, with the same tests: the kernel's, and libusrsctp's in our own process
// for machines whose kernel has none. Packets go over IP, or inside UDP (RFC 6951). common/net/README.md says
// what an operator sets for which.
//
// One-to-one style: an association is an object, a listener hands out one for each peer. All on the loop's
// thread. Sizes are octets. Hosts are numeric addresses. PPIDs are numbers as the standards print them (24
// for SBc-AP): network order is made here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/loop/loop.h"
#include "common/net/stream.h"
#include "common/net/tcp.h"

namespace net {

enum class SctpTransport { kAuto, kKernel, kUserland };
std::string_view to_string(SctpTransport transport);
std::optional<SctpTransport> sctp_transport_from(std::string_view name);  // "auto", "kernel", "userland"

// Of one association. The defaults are RFC 9260's §16, with a shorter way to "this path is down".
struct SctpSettings {
    std::chrono::milliseconds heartbeat{10'000};  // on an idle path
    std::chrono::milliseconds rto_initial{1'000};
    std::chrono::milliseconds rto_min{500};
    std::chrono::milliseconds rto_max{10'000};
    uint16_t path_retransmissions = 3;         // more than these in a row: the path is inactive
    uint16_t association_retransmissions = 8;  // more than these, over all paths: the association is over
    uint16_t streams = 2;                      // each way; the peer may have fewer
    std::chrono::milliseconds init_timeout{10'000};  // until the association is up
    bool nodelay = true;
    uint16_t udp_port = 0;  // where the peer takes SCTP in UDP; 0: over IP. An accepted peer's is learned.
    size_t message_octets = 1024 * 1024;     // the largest message taken from the peer or sent
    size_t unsent_octets = 4 * 1024 * 1024;  // what may wait for the peer; above it the peer is given up
    // The same when it takes nothing for so long (its window stays shut), or leaves a shutdown unanswered.
    std::chrono::milliseconds send_timeout{30'000};
};

struct SctpMessage {
    uint16_t stream = 0;
    uint32_t ppid = 0;
    base::ByteView octets;
};

enum class SctpPathState {
    kActive,
    kPotentiallyFailed,  // RFC 7829; only the kernel tells it
    kInactive,
    kUnconfirmed,  // not yet heard from
    kRemoved,      // the peer took the address away
};
std::string_view to_string(SctpPathState state);

// A way to the peer: one of its addresses.
struct SctpPath {
    std::string host;
    SctpPathState state = SctpPathState::kUnconfirmed;
    bool primary = false;
    std::chrono::milliseconds smoothed_round_trip{0};
    std::chrono::milliseconds retransmission_timeout{0};
    friend bool operator==(const SctpPath&, const SctpPath&) = default;
};

struct SctpUp {
    std::vector<Endpoint> local, remote;  // all addresses of each side
    uint16_t streams_in = 0, streams_out = 0;
    // The peer began anew without an end: what it knew of us is gone. on_up comes a second time then.
    bool restarted = false;
};

// Counted since the beginning.
struct SctpFigures {
    uint64_t messages_in = 0, messages_out = 0;
    uint64_t octets_in = 0, octets_out = 0;  // of messages
    uint64_t retransmissions = 0;  // chunks; 0 for one association in userland, which counts for all
};

class SctpAssociation {
 public:
    // None is called after on_closed or from within a call to the association, which may be destroyed in any.
    struct Events {
        std::function<void(const SctpUp&)> on_up;  // of an accepted one too
        std::function<void(const SctpMessage&)> on_message;
        std::function<void(const SctpPath&)> on_path = nullptr;  // its state changed, or which one is primary
        std::function<void(CloseReason)> on_closed;
        std::function<void()> on_drained = nullptr;  // all that was sent has left for the back end
    };

    virtual ~SctpAssociation() = default;  // aborts: the peer hears it at once, what is unsent is lost
    virtual void start(Events events) = 0;
    // kClosed: not up, too long, or it has ended; or it ends now because too much waits (on_closed follows
    // then).
    virtual Sent send(const SctpMessage& message) = 0;
    // In order: what was sent is delivered first, then on_closed(kShutDown); nothing may be sent any more.
    virtual void shut_down() = 0;
    virtual void read(Reading reading) = 0;  // back pressure; paused, the end of the peer goes unseen
    virtual size_t unsent() const = 0;
    virtual std::vector<SctpPath> paths() const = 0;
    virtual SctpFigures figures() const = 0;
    virtual std::string remote() const = 0;  // "192.0.2.7:29168", the first of its addresses
    virtual std::string detail() const = 0;  // beside the reason in on_closed; mostly empty
};
using SctpAssociationPtr = std::unique_ptr<SctpAssociation>;

class SctpListener {
 public:
    // The association is to be started; its on_up tells the peer's addresses.
    using OnAccept = std::function<void(SctpAssociationPtr)>;
    virtual ~SctpListener() = default;  // associations that it handed out live on
    virtual const Endpoint& bound() const = 0;
};
using SctpListenerPtr = std::unique_ptr<SctpListener>;

// Several addresses with one port. No address: all of the machine.
struct SctpEndpoint {
    std::vector<std::string> hosts;
    uint16_t port = 0;  // ours: 0 lets the system choose
};

// The back end of this process. Outlives its listeners and associations; libusrsctp allows one at a time.
class Sctp {
 public:
    struct Settings {
        SctpTransport transport = SctpTransport::kAuto;
        // Where we take SCTP in UDP. 0: nowhere. The kernel has one for all, sysctl net.sctp.udp_port, which
        // must be this; with kAuto another value there means userland.
        uint16_t udp_port = 0;
    };
    // kUnavailable: the kernel has no SCTP, or userland may not use IP without UDP. kConflict: the kernel's
    // UDP port is another, or ours is taken.
    static base::Result<std::unique_ptr<Sctp>> create(loop::Loop& loop, const Settings& settings);

    virtual ~Sctp() = default;  // userland: waits, up to two seconds, for the last packets to leave
    virtual SctpTransport transport() const = 0;  // kKernel or kUserland
    // Fails at once for what is wrong on our side (addresses); everything else is told by on_closed.
    virtual base::Result<SctpAssociationPtr> connect(const SctpEndpoint& local, const SctpEndpoint& remote,
                                                     const SctpSettings& settings) = 0;
    virtual base::Result<SctpListenerPtr> listen(const SctpEndpoint& local, const SctpSettings& settings,
                                                 SctpListener::OnAccept on_accept) = 0;
    virtual uint64_t retransmissions() const = 0;  // chunks, of all associations so far
};

}  // namespace net
