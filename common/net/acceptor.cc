// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/acceptor.h"

#include <event2/event.h>
#include <event2/listener.h>

#include <cerrno>

#include "common/net/address.h"

namespace net {
namespace {

// After accept() failed, most often for want of descriptors: without a pause the loop would spin.
constexpr std::chrono::milliseconds kPause{100};

}  // namespace

void Acceptor::Free::operator()(evconnlistener* listener) const { evconnlistener_free(listener); }

Acceptor::~Acceptor() = default;

base::Result<std::unique_ptr<Acceptor>> Acceptor::listen(loop::Loop& loop, const Endpoint& where,
                                                         OnAccept on_accept) {
    std::unique_ptr<Acceptor> acceptor(new Acceptor(loop, std::move(on_accept)));
    if (const auto opened = acceptor->open(where); !opened) return opened.error();
    return acceptor;
}

base::Result<void> Acceptor::open(const Endpoint& where) {
    const auto address = resolve(where);
    if (!address) return address.error();
    const auto accepted = [](evconnlistener*, evutil_socket_t fd, sockaddr* from, int length, void* self) {
        base::Fd owned(fd);
        const Endpoint peer = endpoint_of(from, static_cast<socklen_t>(length));
        static_cast<Acceptor*>(self)->on_accept_(std::move(owned), peer);
    };
    listener_.reset(evconnlistener_new_bind(loop_.raw(), accepted, this,
                                            LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
                                            -1, address->get(), static_cast<int>(address->length)));
    if (!listener_) return base::io_error("listen on " + where.text(), EVUTIL_SOCKET_ERROR());
    evconnlistener_set_error_cb(listener_.get(), [](evconnlistener*, void* self) {
        const int why = errno;
        if (why != EAGAIN && why != EINTR && why != ECONNABORTED) static_cast<Acceptor*>(self)->pause();
    });
    Address mine;
    mine.length = sizeof mine.storage;
    getsockname(evconnlistener_get_fd(listener_.get()), mine.get(), &mine.length);
    bound_ = endpoint_of(mine.get(), mine.length);
    return {};
}

void Acceptor::pause() {
    evconnlistener_disable(listener_.get());
    paused_ = loop_.after(kPause, [this] { evconnlistener_enable(listener_.get()); });
}

}  // namespace net
