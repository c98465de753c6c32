// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/tls_connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>

namespace test {

TlsConnection::TlsConnection(SSL_CTX* context, const std::string& host, uint16_t port)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return;
    const int on = 1;
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    ssl_.reset(SSL_new(context));
    SSL_set_fd(ssl_.get(), fd_.get());
    connected_ = SSL_connect(ssl_.get()) == 1;
}

TlsConnection::TlsConnection(const std::string& path)
    : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return;
    path.copy(address.sun_path, path.size());
    connected_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

int TlsConnection::exchange(std::string_view request) {
    if (!connected_) return 0;
    std::array<char, 16384> answer{};
    ssize_t got = 0;
    if (ssl_) {
        got = SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size()));
        if (got > 0) got = SSL_read(ssl_.get(), answer.data(), static_cast<int>(answer.size()) - 1);
    } else {
        got = ::send(fd_.get(), request.data(), request.size(), MSG_NOSIGNAL);
        if (got > 0) got = ::recv(fd_.get(), answer.data(), answer.size() - 1, 0);
    }
    constexpr std::string_view kBegin = "HTTP/1.1 ";
    const std::string_view text(answer.data(), got > 0 ? static_cast<size_t>(got) : 0);
    if (!text.starts_with(kBegin)) {
        connected_ = false;
        return 0;
    }
    return static_cast<int>(std::strtol(answer.data() + kBegin.size(), nullptr, 10));
}

std::string request_text(std::string_view method, std::string_view target, std::string_view body) {
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    text.append("Content-Type: application/json\r\nContent-Length: ");
    text.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    return text;
}

}  // namespace test
