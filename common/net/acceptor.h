// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A listening TCP socket on the loop. For common/net alone; tcp.h and tls_stream.h make streams of what it
// accepts.
#pragma once

#include <functional>
#include <memory>

#include "common/base/fd.h"
#include "common/base/free_with.h"
#include "common/loop/loop.h"
#include "common/net/tcp.h"

struct evconnlistener;

namespace net {

class Acceptor {
 public:
    using OnAccept = std::function<void(base::Fd, const Endpoint& peer)>;
    static base::Result<std::unique_ptr<Acceptor>> listen(loop::Loop& loop, const Endpoint& where,
                                                          OnAccept on_accept);
    ~Acceptor();
    const Endpoint& bound() const { return bound_; }

 private:
    Acceptor(loop::Loop& loop, OnAccept on_accept) : loop_(loop), on_accept_(std::move(on_accept)) {}
    base::Result<void> open(const Endpoint& where);
    void pause();
    struct Free {
        void operator()(evconnlistener* listener) const;
    };

    loop::Loop& loop_;  // outlives this
    OnAccept on_accept_;
    std::unique_ptr<evconnlistener, Free> listener_;
    loop::HandlePtr paused_;
    Endpoint bound_;
};

}  // namespace net
