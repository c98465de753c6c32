// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A connection that another node made, until it has said hello and was welcomed or refused. Part of links.h;
// loop thread only.
#pragma once

#include <functional>
#include <memory>

#include "common/net/tls_stream.h"
#include "common/replica/dial.h"

namespace replica {

class Arrival {
 public:
    struct Owner {
        LinkContext& context;
        // Whether this node may have that: an error's text is told to it.
        std::function<base::Result<void>(const NodeName&, Purpose)> judge;
        // One of the two, once; both may destroy the Arrival. After a refusal the other end was told, too.
        std::function<void(Connection, Purpose)> welcomed;
        std::function<void(const std::string& why)> refused;
    };
    Arrival(Owner owner, net::TlsListener::Accepted accepted);
    Arrival(const Arrival&) = delete;
    Arrival& operator=(const Arrival&) = delete;

    const tls::Identity& identity() const { return peer_.identity; }
    std::string remote() const { return remote_; }

 private:
    void introduced(const Frame& frame);
    base::Result<void> check(const Hello& hello);
    void refuse(const std::string& why);
    void gone();

    Owner owner_;
    net::TlsPeer peer_;
    std::string remote_;
    std::string refused_;  // why; it is still being told
    std::unique_ptr<FrameStream> frames_;
    loop::HandlePtr deadline_;
};

}  // namespace replica
