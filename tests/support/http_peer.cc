// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/http_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <future>

#include "common/base/free_with.h"
#include "tests/support/test.h"

namespace test {
namespace {

using SslPtr = std::unique_ptr<SSL, base::FreeWith<SSL_free>>;
using SslCtxPtr = std::unique_ptr<SSL_CTX, base::FreeWith<SSL_CTX_free>>;

base::Fd connect_tcp(uint16_t port) {
    base::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail_at(__FILE__, __LINE__, std::string("connect: ") + std::strerror(errno));
    return fd;
}

base::Fd connect_unix(const std::string& path) {
    base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail_at(__FILE__, __LINE__, std::string("connect ") + path + ": " + std::strerror(errno));
    return fd;
}

void set_read_timeout(int fd) {
    const timeval timeout{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
}

}  // namespace

HttpPeer::HttpPeer(http::Limits limits, std::shared_ptr<tls::ServerContext> tls) {
    auto loop = loop::Loop::create();
    CHECK_OK(loop);
    loop_ = std::move(*loop);
    server_ = std::make_unique<http::Server>(*loop_, router_, limits, logs::Log::discard());
    const auto bound = server_->listen({"127.0.0.1", 0}, std::move(tls));
    CHECK_OK(bound);
    port_ = bound->port;
}

void HttpPeer::start() {
    thread_ = std::thread([this] { loop_->run(); });
}

HttpPeer::~HttpPeer() {
    if (thread_.joinable()) {
        loop_->post([this] {
            server_.reset();
            loop_->stop();
        });
        thread_.join();
    }
    server_.reset();
}

void HttpPeer::on_loop(const std::function<void()>& job) {
    std::promise<void> done;
    loop_->post([&] {
        try {
            job();
            done.set_value();
        } catch (...) {  // a failed CHECK belongs to the test's thread
            done.set_exception(std::current_exception());
        }
    });
    done.get_future().get();
}

std::string Answer::field(std::string_view name) const {
    const size_t at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return {};
    const size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

struct RawConnection::State {
    base::Fd fd;
    SslCtxPtr context;
    SslPtr ssl;
    std::string ahead;  // read, not yet asked for
};

RawConnection::RawConnection(uint16_t port) : state_(std::make_unique<State>()) {
    state_->fd = connect_tcp(port);
    set_read_timeout(state_->fd.get());
}

RawConnection::RawConnection(const std::string& unix_socket) : state_(std::make_unique<State>()) {
    state_->fd = connect_unix(unix_socket);
    set_read_timeout(state_->fd.get());
}

RawConnection::RawConnection(uint16_t port, const tls::Files& files) : RawConnection(port) {
    state_->context.reset(SSL_CTX_new(TLS_client_method()));
    CHECK_OK(tls::prepare_client(state_->context.get(), files, ""));
    state_->ssl.reset(SSL_new(state_->context.get()));
    SSL_set_fd(state_->ssl.get(), state_->fd.get());
    if (SSL_connect(state_->ssl.get()) != 1) state_->fd.reset();
}

RawConnection::~RawConnection() = default;
RawConnection::RawConnection(RawConnection&&) noexcept = default;
RawConnection& RawConnection::operator=(RawConnection&&) noexcept = default;

int RawConnection::fd() const { return state_->fd.get(); }

bool RawConnection::send(std::string_view octets) {
    if (state_->ssl) return SSL_write(state_->ssl.get(), octets.data(), static_cast<int>(octets.size())) > 0;
    while (!octets.empty()) {
        const ssize_t put = ::send(fd(), octets.data(), octets.size(), MSG_NOSIGNAL);
        if (put <= 0) return false;
        octets.remove_prefix(static_cast<size_t>(put));
    }
    return true;
}

std::string RawConnection::read_some() {
    if (!state_->ahead.empty()) return std::exchange(state_->ahead, {});
    std::array<char, 65536> chunk{};
    ssize_t got = 0;
    if (state_->ssl)
        got = SSL_read(state_->ssl.get(), chunk.data(), static_cast<int>(chunk.size()));
    else
        got = ::recv(fd(), chunk.data(), chunk.size(), 0);
    if (got < 0 && !state_->ssl && errno == EAGAIN)
        fail_at(__FILE__, __LINE__, "nothing came for ten seconds");
    return {chunk.data(), static_cast<size_t>(got > 0 ? got : 0)};
}

std::string RawConnection::read_until(std::string_view mark) {
    std::string out;
    while (true) {
        const size_t at = out.find(mark);
        if (at != std::string::npos) {
            state_->ahead = out.substr(at + mark.size());
            out.resize(at + mark.size());
            return out;
        }
        const std::string more = read_some();
        if (more.empty()) return out;
        out += more;
    }
}

Answer RawConnection::answer(std::string_view method) {
    Answer out;
    out.head = read_until("\r\n\r\n");
    if (out.head.size() < 12) return out;
    out.status = std::stoi(out.head.substr(9, 3));
    const std::string length = out.field("content-length");
    if (method == "HEAD" || length.empty()) return out;
    const size_t count = std::stoul(length);
    while (out.body.size() < count) {
        const std::string more = read_some();
        if (more.empty()) return out;
        out.body += more;
    }
    state_->ahead = out.body.substr(count);
    out.body.resize(count);
    return out;
}

bool RawConnection::closed() {
    while (!read_some().empty()) {
    }
    return true;
}

void RawConnection::finish_sending() { ::shutdown(fd(), SHUT_WR); }

std::string get(std::string_view path, std::string_view more_fields) {
    return std::string("GET ").append(path).append(" HTTP/1.1\r\nHost: test\r\n").append(more_fields) +
           "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view more_fields) {
    return std::string("POST ")
        .append(path)
        .append(" HTTP/1.1\r\nHost: test\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n")
        .append(more_fields)
        .append("\r\n")
        .append(body);
}

}  // namespace test
