// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One attempt to connect to a node: TCP, TLS, who it is, hello and welcome. Part of links.h; loop thread
// only.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "common/net/tls_stream.h"
#include "common/replica/frame_stream.h"
#include "common/replica/link_context.h"

namespace replica {

// A connection on which both ends have said who they are.
struct Connection {
    net::StreamPtr stream;
    base::Bytes early;  // came right behind the introduction
    NodeName node;
    Vintage vintage;
};

class Dial {
 public:
    struct Target {
        net::Endpoint endpoint;
        NodeName node;  // empty: whichever answers there
        Purpose purpose;
    };
    // May destroy the Dial. Never called from within the constructor.
    using OnDone = std::function<void(base::Result<Connection>)>;
    Dial(LinkContext& context, Target target, OnDone on_done);
    Dial(const Dial&) = delete;
    Dial& operator=(const Dial&) = delete;

 private:
    void opened();
    void answered(Frame frame);
    void failed(base::ErrorKind kind, const std::string& why);
    void done(base::Result<Connection> result);

    LinkContext& context_;
    Target target_;
    OnDone on_done_;
    net::StreamPtr stream_;                // until it is open
    std::unique_ptr<FrameStream> frames_;  // from then on
    std::optional<net::TlsPeer> peer_;
    Vintage vintage_;
    loop::HandlePtr deadline_;
};

}  // namespace replica
