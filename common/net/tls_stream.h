// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Streams over TLS 1.3 with a certificate on both sides: the same Stream as over TCP, open when the handshake
// is over and the other end has proved who it is. A listener whose context takes certificates of a network
// (tls::ClientCertificate) leaves the identity empty, and one that wants none tells nothing of its peer.
//
// connect_timeout holds for the connection, and again for the handshake. An application protocol is agreed on
// when both contexts name some. tls/context.h says what a certificate must be.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/net/tcp.h"
#include "common/time/clock.h"
#include "common/tls/context.h"

namespace net {

struct TlsPeer {
    tls::Identity identity;
    base::Instant not_after;  // the end of its certificate
    std::string protocol;     // empty: none was agreed on
};

// Asked after the handshake, before on_open; an error ends the stream with kHandshake and that text.
using CheckPeer = std::function<base::Result<void>(const TlsPeer&)>;

base::Result<StreamPtr> connect_tls(loop::Loop& loop, const Endpoint& peer, const tls::ClientContext& context,
                                    const TcpLimits& limits, CheckPeer check);

class TlsListener {
 public:
    struct Accepted {
        StreamPtr stream;  // open; start() it before on_accept returns, or nobody hears what comes
        TlsPeer peer;
    };
    using OnAccept = std::function<void(Accepted)>;
    // A connection that came to nothing: the peer's address and why.
    using OnRefused = std::function<void(const std::string& remote, const std::string& why)>;

    virtual ~TlsListener() = default;
    virtual const Endpoint& bound() const = 0;

    // Handshakes under way are bounded, in all and for one address; more are refused. The context is shared
    // with who renews it.
    static base::Result<std::unique_ptr<TlsListener>> listen(loop::Loop& loop, const Endpoint& where,
                                                             std::shared_ptr<tls::ServerContext> context,
                                                             const TcpLimits& limits, OnAccept on_accept,
                                                             OnRefused on_refused);
};

}  // namespace net
