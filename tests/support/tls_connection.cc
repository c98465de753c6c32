// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/tls_connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

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
    if (SSL_connect(ssl_.get()) != 1) ssl_.reset();
}

int TlsConnection::exchange(std::string_view request) {
    if (!ssl_) return 0;
    std::array<char, 16384> answer{};
    int got = SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size()));
    if (got > 0) got = SSL_read(ssl_.get(), answer.data(), static_cast<int>(answer.size()) - 1);
    constexpr std::string_view kBegin = "HTTP/1.1 ";
    const std::string_view text(answer.data(), got > 0 ? static_cast<size_t>(got) : 0);
    if (!text.starts_with(kBegin)) {
        ssl_.reset();
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
