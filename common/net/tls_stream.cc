// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/tls_stream.h"

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <cstring>
#include <map>
#include <optional>

#include "common/base/free_with.h"
#include "common/net/acceptor.h"
#include "common/net/address.h"
#include "common/net/socket_stream.h"

namespace net {
namespace {

using SslPtr = std::unique_ptr<SSL, base::FreeWith<SSL_free>>;

constexpr size_t kHandshakes = 256;
constexpr size_t kHandshakesPerHost = 32;

class TlsLayer final : public Layer {
 public:
    // `shown`: what the other side must show; a server always shows all of it.
    TlsLayer(SSL* connection, bufferevent_ssl_state side, tls::ClientCertificate shown, CheckPeer check)
        : connection_(connection), side_(side), shown_(shown), check_(std::move(check)) {}

    BuffereventPtr wrap(event_base* base, base::Fd connected) override {
        if (!connection_) return nullptr;
        BuffereventPtr socket(bufferevent_openssl_socket_new(base, connected.get(), connection_.get(), side_,
                                                             kBuffereventOptions));
        if (socket) {  // it closes and frees both
            (void)connected.release();
            (void)connection_.release();
        }
        return socket;
    }

    base::Result<void> established(bufferevent* socket) override {
        const SSL* connection = bufferevent_openssl_get_ssl(socket);
        TlsPeer peer{{}, {}, tls::protocol(connection)};
        if (shown_ == tls::ClientCertificate::kRequired) {
            auto identity = tls::peer_identity(connection);
            if (!identity) return identity.error();
            peer.identity = std::move(*identity);
        }
        if (shown_ != tls::ClientCertificate::kNone) {
            const auto not_after = tls::peer_not_after(connection);
            if (!not_after) return not_after.error();
            peer.not_after = *not_after;
        }
        return check_(peer);
    }

    Failure explain(bufferevent* socket, int error_number) override {
        const unsigned long code = bufferevent_get_openssl_error(socket);
        const long verified = SSL_get_verify_result(bufferevent_openssl_get_ssl(socket));
        ERR_clear_error();
        if (verified != X509_V_OK) return {CloseReason::kHandshake, X509_verify_cert_error_string(verified)};
        const int reason = ERR_GET_REASON(code);
        if (code == 0 || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
            const bool told = code == 0 && error_number != 0;
            return {error_number == ETIMEDOUT ? CloseReason::kTimedOut : CloseReason::kReset,
                    told ? std::strerror(error_number) : "cut without a goodbye"};
        }
        const char* text = ERR_reason_error_string(code);
        // With TLS 1.3 a client's certificate is judged after its side of the handshake is over.
        const bool alert = reason > SSL_AD_REASON_OFFSET;
        return {alert ? CloseReason::kHandshake : CloseReason::kError, text != nullptr ? text : "TLS"};
    }

    void say_goodbye(bufferevent* socket) override {
        SSL_shutdown(bufferevent_openssl_get_ssl(socket));
        ERR_clear_error();
    }

 private:
    SslPtr connection_;  // until the bufferevent has it
    bufferevent_ssl_state side_;
    tls::ClientCertificate shown_;
    CheckPeer check_;
};

class Listener final : public TlsListener {
 public:
    Listener(loop::Loop& loop, std::shared_ptr<tls::ServerContext> context, const TcpLimits& limits,
             OnAccept on_accept, OnRefused on_refused)
        : loop_(loop),
          context_(std::move(context)),
          limits_(limits),
          on_accept_(std::move(on_accept)),
          on_refused_(std::move(on_refused)) {}

    base::Result<void> open(const Endpoint& where) {
        auto made = Acceptor::listen(loop_, where, [this](base::Fd connected, const Endpoint& peer) {
            begin(std::move(connected), peer);
        });
        if (!made) return made.error();
        acceptor_ = std::move(*made);
        return {};
    }
    const Endpoint& bound() const override { return acceptor_->bound(); }

 private:
    struct Handshake {
        StreamPtr stream;
        std::string host;
        std::optional<TlsPeer> peer;
    };

    bool full(const std::string& host) const {
        size_t same = 0;
        for (const auto& [id, handshake] : handshakes_) same += handshake.host == host ? 1 : 0;
        return handshakes_.size() >= kHandshakes || same >= kHandshakesPerHost;
    }

    void begin(base::Fd connected, const Endpoint& peer) {
        if (full(peer.host)) return on_refused_(peer.text(), "too many handshakes at once");
        const uint64_t id = ++last_;
        auto layer =
            std::make_unique<TlsLayer>(context_->new_connection(), BUFFEREVENT_SSL_ACCEPTING,
                                       context_->client_certificate(), [this, id](const TlsPeer& who) {
                                           handshakes_.at(id).peer = who;
                                           return base::Result<void>{};
                                       });
        auto stream = std::make_unique<SocketStream>(loop_, peer.text(), limits_, std::move(layer));
        stream->take(std::move(connected));
        Handshake& one = handshakes_[id] = {std::move(stream), peer.host, std::nullopt};
        one.stream->start({.on_open = [this, id] { accepted(id); },
                           .on_octets = nullptr,
                           .on_closed = [this, id](CloseReason reason) { failed(id, reason); }});
    }

    Handshake take(uint64_t id) {
        Handshake one = std::move(handshakes_.at(id));
        handshakes_.erase(id);
        return one;
    }

    void accepted(uint64_t id) {
        Handshake one = take(id);
        on_accept_({std::move(one.stream), std::move(*one.peer)});
    }

    void failed(uint64_t id, CloseReason reason) {
        const Handshake one = take(id);
        on_refused_(one.stream->remote(), describe(reason, one.stream->detail()));
    }

    loop::Loop& loop_;  // outlives this
    std::shared_ptr<tls::ServerContext> context_;
    TcpLimits limits_;
    OnAccept on_accept_;
    OnRefused on_refused_;
    std::map<uint64_t, Handshake> handshakes_;
    uint64_t last_ = 0;
    std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace

base::Result<StreamPtr> connect_tls(loop::Loop& loop, const Endpoint& peer, const tls::ClientContext& context,
                                    const TcpLimits& limits, CheckPeer check) {
    const auto address = resolve(peer);
    if (!address) return address.error();
    auto layer = std::make_unique<TlsLayer>(context.new_connection(), BUFFEREVENT_SSL_CONNECTING,
                                            tls::ClientCertificate::kRequired, std::move(check));
    auto stream = std::make_unique<SocketStream>(loop, peer.text(), limits, std::move(layer));
    stream->connect_to(*address);
    return StreamPtr{std::move(stream)};
}

base::Result<std::unique_ptr<TlsListener>> TlsListener::listen(loop::Loop& loop, const Endpoint& where,
                                                               std::shared_ptr<tls::ServerContext> context,
                                                               const TcpLimits& limits, OnAccept on_accept,
                                                               OnRefused on_refused) {
    auto listener = std::make_unique<Listener>(loop, std::move(context), limits, std::move(on_accept),
                                               std::move(on_refused));
    if (const auto opened = listener->open(where); !opened) return opened.error();
    return std::unique_ptr<TlsListener>{std::move(listener)};
}

}  // namespace net
