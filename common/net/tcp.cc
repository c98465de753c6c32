// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/tcp.h"

#include "common/net/acceptor.h"
#include "common/net/address.h"
#include "common/net/socket_stream.h"

namespace net {
namespace {

class Listener final : public TcpListener {
 public:
    base::Result<void> open(loop::Loop& loop, const Endpoint& where, const TcpLimits& limits,
                            OnAccept on_accept) {
        auto made = Acceptor::listen(
            loop, where,
            [&loop, limits, on_accept = std::move(on_accept)](base::Fd connected, const Endpoint& peer) {
                on_accept({net::adopt(loop, std::move(connected), peer.text(), limits), peer.host});
            });
        if (!made) return made.error();
        acceptor_ = std::move(*made);
        return {};
    }
    const Endpoint& bound() const override { return acceptor_->bound(); }

 private:
    std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace

base::Result<StreamPtr> connect_tcp(loop::Loop& loop, const Endpoint& peer, const TcpLimits& limits) {
    const auto address = resolve(peer);
    if (!address) return address.error();
    auto stream = std::make_unique<SocketStream>(loop, peer.text(), limits, nullptr);
    stream->connect_to(*address);
    return StreamPtr{std::move(stream)};
}

StreamPtr adopt(loop::Loop& loop, base::Fd connected, std::string name, const TcpLimits& limits) {
    auto stream = std::make_unique<SocketStream>(loop, std::move(name), limits, nullptr);
    stream->take(std::move(connected));
    return stream;
}

base::Result<std::unique_ptr<TcpListener>> TcpListener::listen(loop::Loop& loop, const Endpoint& where,
                                                               const TcpLimits& limits, OnAccept on_accept) {
    auto listener = std::make_unique<Listener>();
    if (const auto opened = listener->open(loop, where, limits, std::move(on_accept)); !opened)
        return opened.error();
    return std::unique_ptr<TcpListener>{std::move(listener)};
}

}  // namespace net
