// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/plain_streams.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace kvd {
namespace {

constexpr uint16_t kPortsAbove = 1'000;
constexpr int kBacklog = 16;
constexpr timeval kPatience{0, 300'000};  // the links' loop waits meanwhile
using Name = std::array<char, 33>;        // ends with a zero octet

sockaddr_in address_of(const net::Endpoint& where) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(where.port + kPortsAbove));
    inet_pton(AF_INET, where.host.c_str(), &address.sin_addr);
    return address;
}

base::Fd tcp_socket() {
    base::Fd made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    return made;
}

// As LinkStreams hands them out.
base::Fd ready(base::Fd stream) {
    const int on = 1;
    setsockopt(stream.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(stream.get(), F_SETFL, O_NONBLOCK);
    return stream;
}

}  // namespace

base::Result<std::unique_ptr<replica::Links>> PlainStreams::open(const replica::LinksConfig& config,
                                                                 loop::Loop& loop, logs::Log log) {
    auto inner = replica::Links::open(config, loop, std::move(log));
    if (!inner) return inner.error();
    std::unique_ptr<PlainStreams> made(new PlainStreams(std::move(*inner), loop));
    if (auto listening = made->listen(made->bound()); !listening) return listening.error();
    return std::unique_ptr<replica::Links>(std::move(made));
}

base::Result<void> PlainStreams::listen(const net::Endpoint& where) {
    listener_ = tcp_socket();
    const sockaddr_in address = address_of(where);
    const int on = 1;
    setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_.get(), kBacklog) != 0)
        return base::io_error("listen for plain streams", errno);
    watch_ = loop_.watch(listener_.get(), loop::Interest::kRead, [this](loop::Readiness) { accept_one(); });
    return {};
}

void PlainStreams::accept_one() {
    base::Fd stream(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    setsockopt(stream.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    Name name{};
    if (!stream || recv(stream.get(), name.data(), name.size(), MSG_WAITALL) != ssize_t{name.size()}) return;
    name.back() = '\0';
    if (accepted_) accepted_(name.data(), ready(std::move(stream)));
}

void PlainStreams::set_nodes(std::vector<replica::NodeAddress> nodes) {
    nodes_.clear();
    for (const replica::NodeAddress& one : nodes) nodes_[one.node] = one.endpoint;
    inner_->set_nodes(std::move(nodes));
}

void PlainStreams::open_stream(const replica::NodeName& to, OnStream on_stream) {
    loop_.post([this, to, on_stream = std::move(on_stream)] { on_stream(connect(to)); });
}

base::Result<base::Fd> PlainStreams::connect(const replica::NodeName& to) const {
    const auto known = nodes_.find(to);
    if (known == nodes_.end()) return base::Error{base::ErrorKind::kUnavailable, to + " is not known"};
    base::Fd stream = tcp_socket();
    const sockaddr_in address = address_of(known->second);
    Name name{};
    self().copy(name.data(), name.size() - 1);
    if (::connect(stream.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        send(stream.get(), name.data(), name.size(), MSG_NOSIGNAL) != ssize_t{name.size()})
        return base::Error{base::ErrorKind::kUnavailable, to + " was not reached"};
    return ready(std::move(stream));
}

}  // namespace kvd
